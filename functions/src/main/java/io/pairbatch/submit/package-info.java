/// Submitting segments so that no batch is ever paid twice, and settling the submissions whose answer was lost. Uses
/// `step`, `registry`, `provider`, `store`.
@NullMarked
package io.pairbatch.submit;

import org.jspecify.annotations.NullMarked;
