package io.pairbatch.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long a service keeps what it got and made, if nobody deletes it: from the upload, from the end of the batch, and
/// from its create. Null where nothing is known, or the service keeps it for good.
///
/// @param batchHoldsTexts whether requests and answers are a part of the batch; otherwise it holds ids, counts, times
/// and our metadata
public record Keeping(
        @Nullable Duration input,
        @Nullable Duration output,
        @Nullable Duration batch,
        boolean batchHoldsTexts) {

    /// Nothing is known.
    public static final Keeping UNKNOWN = new Keeping(null, null, null, false);
}
