/// The Lambda functions' entry points and what they are wired from. Nothing else may use them.
@NullMarked
package io.pairbatch.lambda;

import org.jspecify.annotations.NullMarked;
