package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What prevents reading a segment's batch, or collecting it.
///
/// @param missing since when the provider denies that the batch exists
/// @param pollFailures consecutive reads that failed in another way
/// @param pollFailingSince when the first of them did
/// @param pollNotBefore when the batch is read again
/// @param collectAttempts how often the segment was handed to the collector
/// @param collectFailingSince when that first failed; null after a success
/// @param collectNotBefore when it is handed out again
/// @param shortSince when the files first held less than the provider counts
/// @param missingFiles the files that the last attempt did not get
/// @param filesMissing since when the provider denies that the files exist
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

    /// A series of responses that something does not exist. Any other response ends it.
    ///
    /// @param since when the first one came; null if there is none
    /// @param looks how many count: of several close together only one does
    /// @param last when the last one that counts came
    public record Denials(
            @Nullable Instant since, int looks, @Nullable Instant last) {

        static final Denials NONE = new Denials(null, 0, null);

        private static final int MIN_DENIALS = 4;
        /// The minimum interval between two that count is the waiting time divided by this.
        private static final int PARTS = 6;

        /// Adds one.
        ///
        /// @param patience how long they must continue before they count
        Denials plus(Instant now, Duration patience) {
            if (since == null || last == null) {
                return new Denials(now, 1, now);
            }
            return now.isBefore(last.plus(patience.dividedBy(PARTS))) ? this : new Denials(since, looks + 1, now);
        }

        /// Whether there are enough of them, over enough time, to be believed.
        public boolean lastedFor(Duration patience, Instant now) {
            return since != null && looks >= MIN_DENIALS && !now.isBefore(since.plus(patience));
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

    /// Whether anything is recorded that ends with a response about the batch.
    public boolean ofReading() {
        return missing.since() != null || pollFailures > 0 || pollFailingSince != null || pollNotBefore != null;
    }

    /// Whether anything is recorded that prevents collecting the batch.
    public boolean ofCollecting() {
        return collectAttempts > 0 || shortSince != null || !missingFiles.isEmpty();
    }

    /// Whether the batch may be polled now.
    public boolean mayPoll(Instant now) {
        return pollNotBefore == null || !now.isBefore(pollNotBefore);
    }

    /// Whether the segment may be handed to the collector now.
    public boolean mayCollect(Instant now) {
        return collectNotBefore == null || !now.isBefore(collectNotBefore);
    }
}
