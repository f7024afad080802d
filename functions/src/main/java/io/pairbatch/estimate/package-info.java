/// What a job will send and cost, of its table and its specification: read as the split reads them, and nothing is
/// written.
@NullMarked
package io.pairbatch.estimate;

import org.jspecify.annotations.NullMarked;
