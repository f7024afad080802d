package io.pairbatch.submit;

import io.pairbatch.step.Stop;
import org.jspecify.annotations.Nullable;

/// The result of one call of the submit step.
///
/// @param submitted batches created or adopted
/// @param outOfTime whether segments are left that could be submitted at once
/// @param blocked why the provider accepts nothing more from this job
public record SubmitReport(
        int submitted, boolean outOfTime, @Nullable Stop blocked) {}
