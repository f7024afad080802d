/// What can be wrong, with a code for each error, and the exceptions that report it.
@NullMarked
package io.pairbatch.problem;

import org.jspecify.annotations.NullMarked;
