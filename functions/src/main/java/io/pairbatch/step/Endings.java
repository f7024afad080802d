package io.pairbatch.step;

import io.pairbatch.provider.BatchStatus;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentState;
import org.jspecify.annotations.Nullable;

/// What the end of a batch means for its segment.
public final class Endings {

    private static final int LONGEST_TEXT = 2000;

    private Endings() {}

    /// The counts of a batch that ran never decrease: requests that were once counted as done were paid for.
    public static Ending of(SegmentItem segment, BatchStatus batch) {
        SegmentState outcome = switch (batch.state()) {
            case FAILED, NO_ROOM, NO_CREDIT, NO_FILE, GONE -> SegmentState.FAILED;
            case CANCELLED -> SegmentState.CANCELLED;
            case COMPLETED, EXPIRED, RUNNING -> SegmentState.COLLECTED;
        };
        boolean ran = outcome != SegmentState.FAILED;
        return new Ending(
                outcome,
                batch.status(),
                batch.total(),
                ran ? Math.max(batch.completed(), segment.requestsCompleted()) : batch.completed(),
                ran ? Math.max(batch.failed(), segment.requestsFailed()) : batch.failed(),
                batch.outputFileId(),
                batch.errorFileId(),
                batch.errorCode(),
                cut(batch.errorMessage()));
    }

    /// As much of a provider's message as is kept.
    public static @Nullable String cut(@Nullable String words) {
        return words == null ? null : words.substring(0, Math.min(words.length(), LONGEST_TEXT));
    }
}
