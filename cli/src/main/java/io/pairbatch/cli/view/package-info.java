/// What a user sees: the console, tables, and a job's progress as bars in a terminal or as lines in a log.
@NullMarked
package io.pairbatch.cli.view;

import org.jspecify.annotations.NullMarked;
