/// The Lambda functions' entry points and their wiring. Nothing else may use them.
@NullMarked
package io.pairbatch.lambda;

import org.jspecify.annotations.NullMarked;
