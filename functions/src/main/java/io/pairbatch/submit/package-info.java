/// Submits segments so that no batch is ever paid twice, and resolves submissions whose response was lost. Uses `step`,
/// `registry`, `provider`, `store`.
@NullMarked
package io.pairbatch.submit;

import org.jspecify.annotations.NullMarked;
