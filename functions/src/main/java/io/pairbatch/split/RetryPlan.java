package io.pairbatch.split;

import io.pairbatch.job.JobFiles;
import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.results.Attempts;
import io.pairbatch.results.FailedRows;
import io.pairbatch.results.PairFile;
import io.pairbatch.results.PairTexts;
import io.pairbatch.results.RetryList;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.JsonLine;
import io.pairbatch.store.Lanes;
import io.pairbatch.time.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Which rows are sent again, segment by segment: the pairs of some segments that have no winner for one of some
/// causes, and are on no list yet, in the order of segments and rows. A segment ends where the provider, or the job's
/// `batch_size`, takes no more, where the next attempt is another one, and where a row is not after the one before it.
/// The segments are looked at side by side, ahead of their turn. Of each that is, the numbers of the rows that it sends
/// again are held, and its pairs where they are few.
final class RetryPlan implements Closeable {

    private final JobStore store;
    private final PairTexts texts;
    private final Lanes.Ahead<SegmentItem, Found> sources;
    private final BiPredicate<SegmentItem, FailedRows.Failed> wanted;
    private final Attempts attempts;
    private final RequestWriter requests;
    private final BatchLimits limits;
    private final int mostRows;
    private final JsonLine request;

    private @Nullable SegmentItem source;
    private @Nullable PairFile pairs;
    private int[] rows = {};
    private @Nullable Pair waiting;
    private int waitingBytes;
    private int settled;
    private boolean moved;
    private boolean outOfTime;

    /// @param sources the segments whose failures are looked at
    /// @param wanted whether a segment's pair without a winner is to be sent again
    /// @param mostRows of a segment
    /// @param lanes how many segments are looked at side by side
    RetryPlan(
            JobStore store,
            List<SegmentItem> sources,
            BiPredicate<SegmentItem, FailedRows.Failed> wanted,
            Attempts attempts,
            RequestWriter requests,
            BatchLimits limits,
            int mostRows,
            Lanes lanes) {
        this.store = store;
        this.texts = new PairTexts(store);
        this.sources = lanes.ahead(sources, this::find);
        this.wanted = wanted;
        this.attempts = attempts;
        this.requests = requests;
        this.limits = limits;
        this.mostRows = Math.min(mostRows, limits.requests());
        this.request = new JsonLine(RetryRounds.maxBytes(limits));
    }

    /// Whether the last call ended because time was up.
    boolean outOfTime() {
        return outOfTime;
    }

    /// The last segment that was looked at to its end.
    int settled() {
        return settled;
    }

    /// What the next segment sends; null if nothing is left, or if time was up before anything was found.
    ///
    /// @param number of the segment
    /// @param deadline for looking
    @Nullable
    RetryList next(int number, Deadline deadline) throws IOException {
        SortedMap<Integer, List<Long>> taken = new TreeMap<>();
        int attempt = 0;
        int count = 0;
        long bytes = 0;
        long last = 0;
        for (Pair pair = peek(deadline, false); pair != null; pair = peek(deadline, count > 0)) {
            SegmentItem from = Objects.requireNonNull(source);
            boolean over = count > 0
                    && (count >= mostRows
                            || bytes + waitingBytes > limits.bytes()
                            || from.attempt() + 1 != attempt
                            || pair.row() <= last);
            if (over) {
                break;
            }
            attempt = from.attempt() + 1;
            taken.computeIfAbsent(from.index(), f -> new ArrayList<>()).add(pair.row());
            count++;
            bytes += waitingBytes;
            last = pair.row();
            waiting = null;
        }
        moved |= count > 0;
        return count == 0 ? null : new RetryList(number, attempt, taken);
    }

    /// The next pair that is sent again.
    private @Nullable Pair peek(Deadline deadline, boolean some) throws IOException {
        while (waiting == null) {
            // Each call gets somewhere, however little time it has.
            outOfTime = !deadline.allows(Duration.ofNanos(1)) && (some || moved);
            if (outOfTime) {
                return null;
            }
            PairFile open = pairs;
            if (open == null) {
                if (!sources.hasNext()) {
                    return null;
                }
                open(sources.next());
                continue;
            }
            Pair pair = open.next();
            if (pair == null) {
                settle(Objects.requireNonNull(source));
                closePairs();
            } else if (Arrays.binarySearch(rows, (int) pair.row()) >= 0) {
                requests.write(request, pair, Objects.requireNonNull(source).attempt() + 1);
                // The longer ID may be what is too much. Then the pair keeps the outcome that it has.
                if (!request.tooLong()) {
                    waiting = pair;
                    waitingBytes = request.size();
                }
            }
        }
        return waiting;
    }

    /// What a segment sends again.
    ///
    /// @param rows ascending
    /// @param pairs null if there are no rows
    @SuppressWarnings("ArrayRecordComponent")
    private record Found(SegmentItem segment, int[] rows, PairFile.@Nullable Fetched pairs) {}

    /// On any thread: it changes nothing of the plan.
    private Found find(SegmentItem segment) throws IOException {
        IntStream.Builder found = IntStream.builder();
        FailedRows.each(store, segment.index(), pair -> {
            boolean listed = attempts.isListed(pair.row(), segment.attempt() + 1);
            if (!listed && wanted.test(segment, pair) && !attempts.wonBefore(pair.row(), segment.attempt())) {
                found.add((int) pair.row());
            }
        });
        int[] numbers = found.build().sorted().toArray();
        return new Found(
                segment, numbers, numbers.length == 0 ? null : PairFile.fetch(store, JobFiles.pairs(segment.index())));
    }

    private void open(Found found) throws IOException {
        if (found.pairs() == null) {
            settle(found.segment());
            return;
        }
        source = found.segment();
        rows = found.rows();
        pairs = PairFile.open(store, found.pairs(), texts);
    }

    private void settle(SegmentItem segment) {
        settled = segment.index();
        moved = true;
    }

    @Override
    public void close() throws IOException {
        try (texts;
                sources) {
            closePairs();
        }
    }

    private void closePairs() {
        if (pairs != null) {
            pairs.close();
            pairs = null;
        }
    }
}
