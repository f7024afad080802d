package io.pairbatch.step;

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
import java.util.stream.Collectors;

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
    private record Known(Map<Integer, Integer> submissions, Set<Integer> collected) {}

    /// Restores the job's segments, all of which are registered.
    ///
    /// @return for how many of them the registry had lost something
    /// @throws JobRejectedException `REGISTRY_CONFLICT` if a segment was submitted with other rows than it has now
    public int restore(OpenJob job) throws IOException {
        Known known = look(job);
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
        for (SegmentItem segment : all) {
            boolean behind = !segment.state().isFinal()
                    && (known.collected().contains(segment.index())
                            || known.submissions().getOrDefault(segment.index(), 0) >= behindFrom(segment));
            if (behind && restore(job, known, segment)) {
                restored++;
            }
        }
        return restored;
    }

    private static Known look(OpenJob job) throws IOException {
        Known known = new Known(new HashMap<>(), new HashSet<>());
        job.store()
                .list(
                        Mirror.FOLDER,
                        file -> Mirror.Name.of(file).ifPresent(name -> {
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

    private boolean restore(OpenJob job, Known known, SegmentItem segment) throws IOException {
        boolean restored = false;
        boolean standing = false;
        int last = known.submissions().getOrDefault(segment.index(), 0);
        for (int number = behindFrom(segment); number <= last; number++) {
            Optional<Mirror.Intended> intended = Mirror.submission(job.store(), segment.index(), number);
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
