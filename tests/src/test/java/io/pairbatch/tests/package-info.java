/// Whole jobs on a deployed stack: the real state machine, functions, table and bucket, and a simulated provider whose
/// journal is the ground truth about what was paid.
@NullMarked
package io.pairbatch.tests;

import org.jspecify.annotations.NullMarked;
