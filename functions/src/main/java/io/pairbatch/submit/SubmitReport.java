package io.pairbatch.submit;

import io.pairbatch.step.Stop;
import org.jspecify.annotations.Nullable;

/// What one call of the submit step did.
///
/// @param submitted batches created or adopted
/// @param outOfTime segments are left that could be submitted at once
/// @param blocked why the provider takes nothing of this job any more
public record SubmitReport(
        int submitted, boolean outOfTime, @Nullable Stop blocked) {}
