package io.pairbatch.split;

import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.results.Attempts;
import io.pairbatch.results.FailedRows;
import io.pairbatch.results.RetryList;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.Splitting;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.TagRules;
import io.pairbatch.store.Lanes;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Opens the next round when all segments have ended: what has no winner for a cause that may pass, or that a person
/// wants sent again, becomes new segments with the next numbers.
public final class RetryStep {

    /// Reserve between the last segment's end and the function's: time to respond.
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private final JobOpener jobs;
    private final JobRegistry registry;
    private final SegmentRegistry segments;
    private final RetryRounds rounds;
    private final Lanes lanes;

    /// @param lanes how many segments are read side by side
    public RetryStep(JobOpener jobs, JobRegistry registry, SegmentRegistry segments, RetryRounds rounds, Lanes lanes) {
        this.jobs = jobs;
        this.registry = registry;
        this.segments = segments;
        this.rounds = rounds;
        this.lanes = lanes;
    }

    /// What comes next.
    public enum Next {
        /// The segments of a round wait to be sent.
        SUBMIT,
        /// Time was up; there may be more.
        RETRY,
        /// Something has not ended.
        POLL,
        /// Nothing is sent again.
        MERGE
    }

    /// Registers what is to be sent again.
    public Next run(OpenJob job, Deadline deadline) throws IOException, FencedException {
        rounds.restore(job);
        List<SegmentItem> all = segments.all(job.id());
        boolean ended = haveEnded(all);
        if (job.item().cancelled()) {
            return ended ? Next.MERGE : Next.SUBMIT;
        }
        if (job.item().retryAsked() == null && !ended) {
            // An earlier call has opened the round, and its answer was lost.
            return Next.SUBMIT;
        }
        Wish wish = Wish.of(job.item(), job.resolved().spec(), all);
        TagRules rules = TagRules.of(job);
        boolean read = all.stream().allMatch(s -> s.settled() && !rules.outdated(s));
        if (!wish.sources.isEmpty() && !read) {
            return Next.POLL;
        }
        if (!wish.sources.isEmpty() && !open(job, wish, all, deadline)) {
            return Next.RETRY;
        }
        registry.recordRetried(job.fence(), wish.upTo);
        if (!haveEnded(segments.all(job.id()))) {
            return Next.SUBMIT;
        }
        // Where a person's wish opened nothing, the job's own rule has not been looked at yet.
        return job.item().retryAsked() == null ? Next.MERGE : Next.RETRY;
    }

    private static boolean haveEnded(List<SegmentItem> segments) {
        return segments.stream().allMatch(segment -> segment.state().isFinal());
    }

    /// What is to be sent again.
    ///
    /// @param sources the segments whose failures are looked at
    /// @param upTo the last segment that this settles
    /// @param most how often a pair is sent; 0 where a person decides
    private record Wish(List<SegmentItem> sources, Set<String> codes, int upTo, int most) {

        /// A person's wish comes first, and holds once, however often a pair was sent. What it settles was said when it
        /// was asked.
        static Wish of(JobItem job, JobSpec spec, List<SegmentItem> all) {
            String asked = job.retryAsked();
            if (asked != null) {
                List<SegmentItem> sources =
                        all.stream().filter(s -> s.index() <= job.retryUpTo()).toList();
                return new Wish(withFailures(sources), Set.of(asked.split(" ", -1)), job.retriedTo(), 0);
            }
            int most = spec.attemptsUnasked();
            // Only where some attempt was never sent there are fewer than the number of the attempt says.
            boolean counts = all.stream().anyMatch(s -> s.state() == SegmentState.NOT_SUBMITTED);
            List<SegmentItem> sources = all.stream()
                    .filter(s -> s.index() > job.retriedTo() && (counts || s.attempt() < most))
                    .toList();
            return new Wish(
                    withFailures(sources),
                    Set.copyOf(spec.polling().retryCodes()),
                    all.isEmpty() ? 0 : all.getLast().index(),
                    most);
        }

        private static List<SegmentItem> withFailures(List<SegmentItem> sources) {
            return sources.stream().filter(s -> s.failed() > 0).toList();
        }

        boolean includes(FailedRows.Failed pair, int attempt, Attempts attempts) {
            return (codes.contains(pair.cause()) || codes.contains(pair.code()))
                    && (most == 0 || mayAgain(pair, attempt, attempts));
        }

        /// What was never sent does not count, and is not tried for ever. What had no room is sent when there is some:
        /// that is asked for.
        private boolean mayAgain(FailedRows.Failed pair, int attempt, Attempts attempts) {
            return pair.unsent()
                    ? attempt < most && !pair.code().equals(FailureCode.BUDGET_REACHED.code())
                    : attempts.sent(pair, attempt) < most;
        }
    }

    /// @return false if time was up
    private boolean open(OpenJob job, Wish wish, List<SegmentItem> all, Deadline deadline)
            throws IOException, FencedException {
        SortedMap<Integer, Integer> known = new TreeMap<>();
        all.forEach(segment -> known.put(segment.index(), segment.attempt()));
        Attempts attempts = Attempts.read(job.store(), known, lanes);
        ProviderFormat format = jobs.format(job);
        JobSpec spec = job.resolved().spec();
        int rows = spec.batching().splitting() instanceof Splitting.BatchSize size ? size.rows() : Integer.MAX_VALUE;
        int number = all.getLast().index();
        // The other half is for writing what was found, for which the same pairs are read again.
        Deadline looking = deadline.earlier(deadline.left().dividedBy(2));
        try (RetryPlan plan = new RetryPlan(
                job.store(),
                wish.sources,
                (segment, pair) -> wish.includes(pair, segment.attempt(), attempts),
                attempts,
                format.requests(spec, job.resolved().token()),
                format.limits(),
                rows,
                lanes)) {
            for (RetryList list = plan.next(++number, looking); list != null; list = plan.next(++number, looking)) {
                if (!list.write(job.store())) {
                    throw new RetryableException("another call has opened the round", null);
                }
                rounds.add(job, list);
                if (!deadline.allows(MARGIN)) {
                    return false;
                }
            }
            if (plan.outOfTime()) {
                // What was looked at need not be looked at again.
                if (job.item().retryAsked() == null
                        && plan.settled() > job.item().retriedTo()) {
                    registry.recordRetried(job.fence(), plan.settled());
                }
                return false;
            }
        }
        return true;
    }
}
