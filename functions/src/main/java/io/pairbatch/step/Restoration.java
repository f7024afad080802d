package io.pairbatch.step;

import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.registry.CollectedSegment;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Updates a registry from its mirror in S3, after its table was lost or restored to an older state (an emulator that
/// was killed, a table restored from a backup). Nothing may be submitted before that, or it would be paid twice. If the
/// registry is the newer of the two, as it normally is, this costs only one listing.
public final class Restoration {

    /// Used if the mirror has no lease: no function runs longer than 15 minutes.
    private static final Duration LONGEST_LEASE = Duration.ofMinutes(30);

    private final SegmentRegistry segments;

    public Restoration(SegmentRegistry segments) {
        this.segments = segments;
    }

    /// What the mirror has.
    ///
    /// @param submissions the number of each segment's last intended create
    /// @param collected segments whose rows are all in a result file
    /// @param again segments whose answers were ever to be fetched once more
    private record Known(Map<Integer, Integer> submissions, Set<Integer> collected, Set<Integer> again) {}

    /// Restores the job's segments, all of which are registered.
    ///
    /// @return for how many of them the registry had lost something
    /// @throws JobRejectedException `REGISTRY_CONFLICT` if a segment was submitted with other rows than it has now
    public int restore(OpenJob job) throws IOException {
        Known known = look(job);
        Map<Integer, Map<Integer, Submission>> items = items(job, known);
        forgetUnsent(job, known);
        if (known.submissions().isEmpty() && known.collected().isEmpty()) {
            return 0;
        }
        int restored = 0;
        List<SegmentItem> all = segments.all(job.id());
        Set<Integer> indexes = all.stream().map(SegmentItem::index).collect(Collectors.toSet());
        known.submissions().keySet().stream()
                .filter(index -> !indexes.contains(index))
                .findFirst()
                .ifPresent(index -> {
                    throw unknown(index, all.size());
                });
        restoreSubmissions(job, known, items, all);
        for (SegmentItem segment : all) {
            boolean behind = !segment.state().isFinal()
                    && (known.collected().contains(segment.index())
                            || known.submissions().getOrDefault(segment.index(), 0) >= behindFrom(segment));
            if (behind && restore(job, known, items.getOrDefault(segment.index(), Map.of()), segment)) {
                restored++;
            }
        }
        for (int index : known.again()) {
            restoreAgain(job, index);
        }
        return restored;
    }

    /// Restores the wishes that answers be fetched once more. Whoever recorded one may have died between its copy and
    /// the
    /// registry.
    public void restoreWishes(OpenJob job) throws IOException {
        for (int index : look(job).again()) {
            restoreAgain(job, index);
        }
    }

    /// A segment may say that a create was intended of which nothing else is known.
    private void forgetUnsent(OpenJob job, Known known) {
        for (SegmentItem segment : segments.all(job.id())) {
            int last = known.submissions().getOrDefault(segment.index(), 0);
            boolean open = segment.state() == SegmentState.SUBMITTING || segment.state() == SegmentState.IN_DOUBT;
            if (open && segment.submissions() > last && !segments.restoration().unsent(job.id(), segment, last)) {
                throw new RetryableException(
                        "segment " + segment.index() + " may still be being submitted, until " + segment.leaseUntil(),
                        null);
            }
        }
    }

    /// Single items may be lost, and those of others not: what a segment says of its creates needs their items.
    private void restoreSubmissions(
            OpenJob job, Known known, Map<Integer, Map<Integer, Submission>> items, List<SegmentItem> all)
            throws IOException {
        for (SegmentItem segment : all) {
            int last = Math.min(segment.submissions(), known.submissions().getOrDefault(segment.index(), 0));
            Set<Integer> numbers = items.getOrDefault(segment.index(), Map.of()).keySet();
            for (int number = 1; number <= last; number++) {
                if (!numbers.contains(number)) {
                    Mirror.submission(job.store(), segment.index(), number)
                            .ifPresent(lost -> segments.restoration().restore(job.id(), lost.submission()));
                }
            }
        }
    }

    /// The items of submissions by segment and number. One may have outlived its segment's item, and say more than the
    /// copy.
    private Map<Integer, Map<Integer, Submission>> items(OpenJob job, Known known) {
        Map<Integer, Map<Integer, Submission>> items = new HashMap<>();
        for (Submission submission : segments.submissions(job.id())) {
            items.computeIfAbsent(submission.segment(), segment -> new HashMap<>())
                    .put(submission.number(), submission);
            known.submissions().merge(submission.segment(), submission.number(), Math::max);
        }
        return items;
    }

    /// The wish that a segment's answers be fetched once more, and what has come of it.
    private void restoreAgain(OpenJob job, int index) throws IOException {
        Optional<Again> wish = Again.read(job.store(), index);
        Optional<SegmentItem> segment =
                segments.find(job.id(), index).filter(s -> s.state().isFinal() && s.collectAgain() == null);
        if (wish.isEmpty() || segment.isEmpty()) {
            return;
        }
        Instant fetched = wish.get().fetchedAt();
        if (!wish.get().done()) {
            segments.batches().askAgain(job.id(), segment.get(), wish.get().askedAt());
        } else if (fetched != null && !fetched.equals(segment.get().receivedAt())) {
            Mirror.collected(job.store(), index)
                    .ifPresent(collected -> segments.restoration().restore(job.id(), index, collected));
        }
    }

    private static Known look(OpenJob job) throws IOException {
        Known known = new Known(new HashMap<>(), new HashSet<>(), new TreeSet<>());
        job.store()
                .list(
                        Mirror.FOLDER,
                        file -> Mirror.Name.of(file).ifPresent(name -> {
                            Again.of(file).ifPresent(known.again()::add);
                            if (name.isIntent()) {
                                known.submissions().merge(name.segment(), name.number(), Math::max);
                            } else if (name.isCollected()) {
                                known.collected().add(name.segment());
                            }
                        }));
        return known;
    }

    /// For a submission in progress, the mirror may know how it ended.
    private static int behindFrom(SegmentItem segment) {
        return segment.state() == SegmentState.SUBMITTING && segment.submissions() > 0
                ? segment.submissions()
                : segment.submissions() + 1;
    }

    private boolean restore(OpenJob job, Known known, Map<Integer, Submission> items, SegmentItem segment)
            throws IOException {
        boolean restored = false;
        boolean standing = false;
        int last = known.submissions().getOrDefault(segment.index(), 0);
        for (int number = behindFrom(segment); number <= last; number++) {
            Optional<Mirror.Intended> intended =
                    known(Mirror.submission(job.store(), segment.index(), number), items.get(number));
            if (intended.isEmpty()) {
                continue;
            }
            if (!intended.get().fits(segment)) {
                throw conflict(segment, intended.get());
            }
            restored |= restore(job, segment, intended.get(), standing);
            // A submission that there was no room for comes back with the next poll.
            standing |= intended.get().submission().batchId() != null;
        }
        Optional<CollectedSegment> collected = known.collected().contains(segment.index())
                ? Mirror.collected(job.store(), segment.index())
                : Optional.empty();
        if (collected.isPresent()) {
            segments.restoration().restore(job.id(), segment.index(), collected.get());
            restored = true;
        }
        return restored;
    }

    /// What the copy has of a submission, or the item where that knows its outcome and the copy does not.
    private static Optional<Mirror.Intended> known(Optional<Mirror.Intended> mirrored, @Nullable Submission item) {
        if (item == null
                || mirrored.filter(m -> m.submission().outcome() != null).isPresent()) {
            return mirrored;
        }
        return Optional.of(
                mirrored.map(m -> new Mirror.Intended(item, m.leaseUntil(), m.firstRow(), m.lastRow(), m.rows()))
                        .orElseGet(() -> new Mirror.Intended(item, null, 0, 0, 0)));
    }

    private boolean restore(OpenJob job, SegmentItem segment, Mirror.Intended intended, boolean standing) {
        Submission submission = intended.submission();
        if (submission.number() > segment.submissions()) {
            Instant lease = Objects.requireNonNullElseGet(
                    intended.leaseUntil(), () -> submission.createdAt().plus(LONGEST_LEASE));
            segments.restoration().restore(job.fence(), submission, lease, standing);
            return true;
        }
        String batch = submission.batchId();
        if (batch == null || submission.outcome() == null) {
            return false;
        }
        segments.creations().recordCreated(job.id(), submission, batch, submission.outcome());
        return true;
    }

    private static JobRejectedException unknown(int segment, int count) {
        return new JobRejectedException(new Problem(
                ErrorCode.REGISTRY_CONFLICT,
                "the registry's copy in S3, segment " + segment,
                "a batch of a segment that does not exist",
                "the " + count + " segments of the table, as split now"));
    }

    private static JobRejectedException conflict(SegmentItem segment, Mirror.Intended intended) {
        return new JobRejectedException(new Problem(
                ErrorCode.REGISTRY_CONFLICT,
                "the registry's copy in S3, segment " + segment.index(),
                "a batch for rows " + intended.firstRow() + " to " + intended.lastRow() + " (" + intended.rows() + ")",
                "rows " + segment.firstRow() + " to " + segment.lastRow() + " (" + segment.rows() + "), as split now"));
    }
}
