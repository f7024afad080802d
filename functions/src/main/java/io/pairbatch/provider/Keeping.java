package io.pairbatch.provider;

import java.time.Duration;
import java.time.Instant;
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

    /// Until when the answers of a batch are kept, at the latest; null where nothing is known.
    ///
    /// @param created when the batch was
    /// @param ended when the batch had
    public @Nullable Instant answersUntil(@Nullable Instant created, @Nullable Instant ended) {
        if (batchHoldsTexts) {
            return created == null || batch == null ? null : created.plus(batch);
        }
        return ended == null || output == null ? null : ended.plus(output);
    }

    /// Nothing is known.
    public static final Keeping UNKNOWN = new Keeping(null, null, null, false);
}
