/// How a job's progress looks: live bars in a terminal, one line a change everywhere else.
@NullMarked
package io.pairbatch.cli.view;

import org.jspecify.annotations.NullMarked;
