/// What can be wrong, with a code for each, and the exceptions that say it.
@NullMarked
package io.pairbatch.problem;

import org.jspecify.annotations.NullMarked;
