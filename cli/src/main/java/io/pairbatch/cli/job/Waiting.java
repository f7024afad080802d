package io.pairbatch.cli.job;

import io.pairbatch.registry.SegmentRecord;
import io.pairbatch.registry.SegmentState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds out what the segments of a job wait for, one after another.
final class Waiting {

    private static final int SENTENCES = 5;
    private static final int BATCHES = 5;

    private final Duration window;
    private final List<Waits.Wait> waits = new ArrayList<>();
    private final List<OpenBatch> first = new ArrayList<>();
    private @Nullable OpenBatch oldest;
    private int inQueue;
    private @Nullable Instant roomFrom;

    /// @param window how long a batch may take
    Waiting(Duration window) {
        this.window = window;
    }

    void add(SegmentRecord segment) {
        SegmentState state = segment.state();
        if (state == null) {
            return;
        }
        switch (state) {
            case SUBMITTING -> add(segment, submitting(segment.lookFrom(), segment.leaseUntil()));
            case IN_DOUBT ->
                add(
                        segment,
                        new Waits.Wait("is in doubt: whether its batch exists is not known"
                                + (segment.lookFrom() == null
                                        ? ""
                                        : "; it is looked for again at " + OpenBatch.time(segment.lookFrom()))));
            case PENDING -> pending(segment);
            case SUBMITTED -> submitted(segment);
            default -> {
                if (segment.collectAgain() != null) {
                    add(
                            segment,
                            new Waits.Wait("has its answers fetched once more since "
                                    + OpenBatch.time(segment.collectAgain())));
                }
            }
        }
    }

    private void add(SegmentRecord segment, Waits.Wait wait) {
        if (waits.size() < SENTENCES) {
            waits.add(new Waits.Wait("segment " + segment.index() + " " + wait.sentence(), wait.notableFrom()));
        }
    }

    /// A create that was answered is over before its own time is.
    private static Waits.Wait submitting(@Nullable Instant lookFrom, @Nullable Instant leaseUntil) {
        if (lookFrom == null || leaseUntil == null) {
            return new Waits.Wait("is being submitted");
        }
        return new Waits.Wait(
                "is being submitted: its create is in flight, or the answer was lost; its batch is looked for at "
                        + OpenBatch.time(lookFrom) + ", and before its lease ends at " + OpenBatch.time(leaseUntil)
                        + " it is not sent again",
                lookFrom);
    }

    /// When one has come back for lack of room, the others do not try either.
    private void pending(SegmentRecord segment) {
        if (segment.setAsideUntil() != null) {
            add(segment, new Waits.Wait("is set aside until " + OpenBatch.time(segment.setAsideUntil())));
            return;
        }
        inQueue++;
        Instant from = segment.notBefore();
        if (from != null && (roomFrom == null || from.isAfter(roomFrom))) {
            roomFrom = from;
        }
    }

    private void submitted(SegmentRecord segment) {
        String batchId = segment.batchId();
        Instant at = segment.submittedAt();
        if (batchId == null || at == null) {
            return;
        }
        OpenBatch batch =
                new OpenBatch(segment.index(), batchId, segment.providerStatus(), at, segment.newsAt(), window);
        if (oldest == null || at.isBefore(oldest.submittedAt())) {
            oldest = batch;
        }
        first.add(batch);
        first.sort(Comparator.comparing(OpenBatch::overdueFrom));
        if (first.size() > BATCHES) {
            first.removeLast();
        }
    }

    /// What was found.
    ///
    /// @param nextLook when the open batches are next looked at
    /// @param whole what the whole job waits for, or its next batch in the job's limit, if it does
    Waits waits(@Nullable Instant nextLook, Optional<String> whole) {
        List<Waits.Wait> all = new ArrayList<>(waits);
        whole.map(Waits.Wait::new).ifPresent(all::addFirst);
        if (roomFrom != null) {
            all.add(new Waits.Wait(inQueue + (inQueue == 1 ? " segment waits" : " segments wait")
                    + " for room at the provider; one is sent again at the first look after "
                    + OpenBatch.time(roomFrom)));
        }
        // Where nothing is open, and nothing waits, nobody looks.
        return new Waits(all, oldest, first, oldest == null && all.isEmpty() ? null : nextLook);
    }
}
