package io.pairbatch.claim;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.JobTags;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.spec.Part;
import io.pairbatch.spec.SpecChange;
import io.pairbatch.step.Budget;
import io.pairbatch.step.ErrorFile;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.TagRules;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a drop changes on the job that it is, where that was begun with other values.
///
/// How the work is done may change until the job is done, and so may what is read out of answers while they are kept.
/// What the table was split by may not once a batch may have been let in; before that, a job that has stopped gives way
/// to a new one. Whatever is not applied is said in the JOB item.
final class Redrop {

    private static final String REPLACED =
            "the same files were dropped again with other values, and the provider had let nothing in";

    private final JobRegistry registry;
    private final SegmentRegistry segments;
    private final Intents intents;
    private final JobOpener jobs;
    private final Clock clock;

    Redrop(JobRegistry registry, SegmentRegistry segments, JobOpener jobs, Clock clock) {
        this.registry = registry;
        this.segments = segments;
        this.intents = new Intents(segments, jobs);
        this.jobs = jobs;
        this.clock = clock;
    }

    /// What the drop would have otherwise than the job has it.
    static List<SpecChange> changes(JobItem item, ResolvedJob frozen, ResolvedJob dropped) {
        int now = frozen.spec().batching().sample().limits(item.limits()).getLast();
        boolean sameLimit = now == dropped.spec().batching().sample().rows();
        List<SpecChange> changes = new ArrayList<>(SpecChange.between(frozen.spec(), dropped.spec()));
        changes.removeIf(change -> change.part() == Part.LIMIT && sameLimit);
        changes.addAll(SpecChange.ofOptions(
                frozen.spec(),
                dropped.spec(),
                Providers.options(frozen.spec().backend()).ofResults()));
        return changes;
    }

    /// Whether the job, which is ours, is at rest, has no batch that was let in, and would have to be split anew.
    boolean givesWay(JobItem item, List<SpecChange> changes) throws IOException {
        if (!rests(item.state()) || changes.stream().allMatch(change -> change.part() == Part.POLICY)) {
            return false;
        }
        for (String judge : item.judgeJobs()) {
            Optional<JobItem> job = registry.find(judge);
            boolean may = job.isEmpty()
                    || job.get().state() == JobState.CANCELLED
                    || (rests(job.get().state()) && intents.nothingLetIn(judge));
            if (!may) {
                return false;
            }
        }
        return intents.nothingLetIn(item.jobId());
    }

    private static boolean rests(JobState state) {
        return switch (state) {
            case REJECTED, FAILED, WAITING_FOR_KEY, WAITING_FOR_DECISION, DUPLICATE -> true;
            default -> false;
        };
    }

    /// Applies to the jobs of several judges what a drop of theirs has otherwise than they have it.
    ///
    /// @param grows whether the drop makes these jobs, which are done, go on
    void applyToJudges(ResolvedJob dropped, boolean grows) throws IOException {
        for (ResolvedJob judge : dropped.judges(Providers::options)) {
            Optional<JobItem> item = registry.find(judge.jobId());
            Optional<ResolvedJob> frozen = jobs.frozen(judge.jobId());
            if (item.isEmpty() || frozen.isEmpty() || item.get().state() == JobState.DELETING) {
                continue;
            }
            apply(item.get(), frozen.get(), judge, changes(item.get(), frozen.get(), judge), grows);
        }
    }

    /// Stops the job for good: another one takes its place.
    void stop(Fence fence) throws IOException {
        ErrorFile error =
                new ErrorFile(JobState.CANCELLED, ErrorCode.REPLACED.code(), REPLACED, List.of(), false, false);
        error.write(jobs.store(fence.jobId()), fence, clock.instant());
        try {
            registry.stop(fence, JobState.CANCELLED, ErrorCode.REPLACED.name(), REPLACED);
        } catch (FencedException e) {
            throw new RetryableException("another execution took the job that gives way", e);
        }
    }

    /// Stops for good the jobs of the judges of one that has given way. One that works again is left: the other job's
    /// takes over what it judges.
    ///
    /// @param owner the execution that acts for the job that has the judges
    void stopJudges(JobItem panel, String owner) throws IOException {
        for (String judge : panel.judgeJobs()) {
            Optional<JobItem> item = registry.find(judge).filter(job -> rests(job.state()));
            if (item.isPresent()
                    && registry.claims().take(judge, owner, item.get().epoch() + 1) instanceof Claim.Mine mine) {
                stop(new Fence(judge, owner, mine.job().epoch()));
            }
        }
    }

    /// Applies what may still change, and notes what may not.
    ///
    /// @param grows whether the drop makes a finished job go on
    void apply(JobItem item, ResolvedJob frozen, ResolvedJob dropped, List<SpecChange> changes, boolean grows)
            throws IOException {
        if (!changes.isEmpty()) {
            change(item, frozen, dropped, changes, grows);
        }
        // Also after a call that died before it came to this.
        Long limit = Budget.limit(dropped.spec());
        if (!Objects.equals(limit, item.costs().limit())) {
            registry.claims().limitCost(item.jobId(), limit);
        }
    }

    private void change(JobItem item, ResolvedJob frozen, ResolvedJob dropped, List<SpecChange> changes, boolean grows)
            throws IOException {
        boolean done = item.state() == JobState.DONE && !grows;
        // What a job may cost is asked of a finished one too: pairs may wait for a higher limit.
        List<SpecChange> money = changes.stream().filter(SpecChange::isOfMoney).toList();
        Map<Part, List<SpecChange>> by = changes.stream().collect(Collectors.groupingBy(SpecChange::part));
        List<SpecChange> work = new ArrayList<>(by.getOrDefault(Part.POLICY, List.of()));
        List<SpecChange> reading = by.getOrDefault(Part.READING, List.of());
        JobStore store = jobs.store(item.jobId());
        String rules = dropped.spec().prompt().rules().code();
        Optional<String> deleted = reading.isEmpty()
                ? Optional.empty()
                : TagRules.deleted(
                        store,
                        segments.all(item.jobId()).stream()
                                .filter(segment -> !rules.equals(segment.tagRules()))
                                .toList());
        boolean reads = !done && !reading.isEmpty() && deleted.isEmpty();
        boolean keeps = dropped.spec().output().keepJsonl();
        if (reads || (!done && !work.isEmpty())) {
            if (!registry.claims().entering(item.jobId())) {
                throw new RetryableException("the job is being deleted", null);
            }
            boolean first = store.size(JobFiles.POLICY) < 0;
            write(store, dropped, reads ? dropped : frozen);
            if (!grows && !registry.claims().changePolicy(item.jobId(), !keeps)) {
                // Its results are there, made and read as before.
                reads = false;
                done = true;
                if (first) {
                    store.delete(JobFiles.POLICY);
                } else {
                    write(store, frozen, frozen);
                }
            }
        }
        if (done && !money.isEmpty()) {
            if (!registry.claims().entering(item.jobId())) {
                throw new RetryableException("the job is being deleted", null);
            }
            registry.claims().limitCost(item.jobId(), Budget.limit(dropped.spec()));
            write(store, limited(frozen, dropped), frozen);
            work.removeAll(money);
        }
        if (!done && !work.isEmpty()) {
            registry.claims().tag(item.jobId(), JobTags.of(dropped.spec().output()));
        }
        List<SpecChange> applied = new ArrayList<>(done ? money : work);
        applied.addAll(reads ? reading : List.of());
        List<SpecChange> refused = new ArrayList<>(done ? work : List.of());
        refused.addAll(by.getOrDefault(Part.PLAN, List.of()));
        refused.addAll(grows ? List.of() : by.getOrDefault(Part.LIMIT, List.of()));
        List<String> words = new ArrayList<>();
        if (!applied.isEmpty()) {
            words.add(shown(applied) + ": applied from the next step on");
        }
        if (!reads && !reading.isEmpty()) {
            words.add(shown(reading) + ": not applied, because "
                    + deleted.map(file -> file + ", with answers, was deleted")
                            .orElse(
                                    keeps
                                            ? "the job is done; `reread` reads its answers in another way, and sends"
                                                    + " nothing"
                                            : "the job is done, and deletes its answers"));
        }
        if (!refused.isEmpty()) {
            words.add(shown(refused) + ": not applied, because "
                    + (done ? "the job is done" : "the job works, or has worked, with the old value")
                    + "; another `run` judges everything again, and pays for it again");
        }
        if (!words.isEmpty()) {
            registry.claims()
                    .notice(
                            item.jobId(),
                            clock.instant().truncatedTo(ChronoUnit.SECONDS) + ", dropped again: "
                                    + String.join("; ", words),
                            !refused.isEmpty() || (!reads && !reading.isEmpty()));
        }
    }

    private static ResolvedJob limited(ResolvedJob frozen, ResolvedJob dropped) {
        return frozen.with(frozen.spec().withMaxCost(dropped.spec().polling().maxCostUsd()));
    }

    private static void write(JobStore store, ResolvedJob work, ResolvedJob reading) throws IOException {
        try (Draft draft = store.create(JobFiles.POLICY)) {
            draft.write(work.policy(reading.spec()));
            draft.commit();
        }
    }

    private static String shown(List<SpecChange> changes) {
        return changes.stream().map(SpecChange::toString).collect(Collectors.joining(", "));
    }
}
