package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What stands in the way of reading a segment's batch, or of collecting it.
///
/// @param missing since when the provider denies that there is such a batch
/// @param pollFailures reads in a row that failed in another way
/// @param pollFailingSince when the first of them did
/// @param pollNotBefore when the batch is read again by itself
/// @param collectAttempts how often the segment was handed to the collector
/// @param collectFailingSince when that first came to nothing; null after a look that went well
/// @param collectNotBefore when it is handed out again
/// @param shortSince when the files first held less than the provider counts
/// @param missingFiles the files that the last look did not get
/// @param filesMissing since when the provider denies that there are such files
/// @param giveUp whether a person has said that nothing more will come
public record Trouble(
        Denials missing,
        int pollFailures,
        @Nullable Instant pollFailingSince,
        @Nullable Instant pollNotBefore,
        int collectAttempts,
        @Nullable Instant collectFailingSince,
        @Nullable Instant collectNotBefore,
        @Nullable Instant shortSince,
        List<String> missingFiles,
        Denials filesMissing,
        boolean giveUp) {

    /// A row of answers that there is no such thing. Any other answer ends it.
    ///
    /// @param since when the first came; null when there is none
    /// @param looks how many count: of those close together one does
    /// @param last when the last that counts came
    public record Denials(
            @Nullable Instant since, int looks, @Nullable Instant last) {

        static final Denials NONE = new Denials(null, 0, null);

        private static final int ENOUGH = 4;
        /// Of the time that is waited, this part lies between two that count at least.
        private static final int PARTS = 6;

        /// One more.
        ///
        /// @param patience how long they must go on to be believed
        Denials plus(Instant now, Duration patience) {
            if (since == null || last == null) {
                return new Denials(now, 1, now);
            }
            return now.isBefore(last.plus(patience.dividedBy(PARTS))) ? this : new Denials(since, looks + 1, now);
        }

        /// Whether they are enough, over enough time, to be believed.
        public boolean lastedFor(Duration patience, Instant now) {
            return since != null && looks >= ENOUGH && !now.isBefore(since.plus(patience));
        }
    }

    static Trouble of(Row row) {
        return new Trouble(
                new Denials(row.get(MISSING_SINCE), row.get(MISSING_LOOKS, 0), row.get(MISSING_LOOKED_AT)),
                row.get(POLL_FAILURES, 0),
                row.get(POLL_FAILING_SINCE),
                row.get(POLL_NOT_BEFORE),
                row.get(COLLECT_ATTEMPTS, 0),
                row.get(COLLECT_FAILING_SINCE),
                row.get(COLLECT_NOT_BEFORE),
                row.get(SHORT_SINCE),
                SegmentItem.ids(row.get(MISSING_FILES)),
                new Denials(
                        row.get(DOWNLOAD_MISSING_SINCE),
                        row.get(DOWNLOAD_MISSING_LOOKS, 0),
                        row.get(DOWNLOAD_MISSING_LOOKED_AT)),
                row.get(GIVE_UP, false));
    }

    /// Whether something is noted that ends with an answer about the batch.
    public boolean ofReading() {
        return missing.since() != null || pollFailures > 0 || pollFailingSince != null || pollNotBefore != null;
    }

    /// Whether the provider may be asked about the batch now.
    public boolean mayPoll(Instant now) {
        return pollNotBefore == null || !now.isBefore(pollNotBefore);
    }

    /// Whether the segment may be handed to the collector now.
    public boolean mayCollect(Instant now) {
        return collectNotBefore == null || !now.isBefore(collectNotBefore);
    }
}
