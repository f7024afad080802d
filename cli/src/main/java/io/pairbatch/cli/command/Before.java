package io.pairbatch.cli.command;

import io.pairbatch.claim.Contents;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.Bucket;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.step.Budget;
import io.pairbatch.text.Json;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is looked at before files are dropped: whether the stack would reject them, and whether another job judges the
/// same pairs.
///
/// @param estimate what the job will send; null if the stack does not say how it reads jobs, or if the table is so
/// large that reading it takes long and costs nothing to get wrong
/// @param design what a design compares of the samples, on one line; null for a table of pairs, or where the stack does
/// not say how it reads jobs
/// @param notCompared why it is not known whether other jobs have judged some of the pairs; null if it is known
/// @param leftOut why they cannot become a job, if the stack has not their provider. One that is done needs none
record Before(
        Session session,
        @Nullable Estimate estimate,
        @Nullable String design,
        @Nullable NotCompared notCompared,
        @Nullable CliException leftOut) {

    /// Why a table is not compared with other jobs.
    enum NotCompared {
        /// The stack is of a version that does not say how it reads jobs.
        OLD_STACK("this stack does not say how it reads jobs", "bring the stack up to this version"),
        SLOW("reading it takes more than five seconds", "give it more time"),
        TOO_LONG("it has more than a million pairs", "cut it into parts");

        private final String why;
        private final String remedy;

        NotCompared(String why, String remedy) {
            this.why = why;
            this.remedy = remedy;
        }

        static @Nullable NotCompared of(@Nullable Estimate estimate) {
            if (estimate == null) {
                return SLOW;
            }
            return !estimate.spec().isPanel() && estimate.prints().isEmpty() && estimate.judged() > 0 ? TOO_LONG : null;
        }

        /// For people.
        String sentence() {
            return "The table was not compared with other jobs: " + why + ".";
        }

        /// What to do about it.
        String remedy() {
            return "Leave out --only-new to judge all of its pairs, or " + remedy + ".";
        }
    }

    /// How long a table is read that costs nothing.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// How many runs beyond the first free one are looked at.
    private static final int GAP = 5;

    /// Looks at files.
    ///
    /// @param whole whether the table is read to its end, however long that takes
    /// @throws JobRejectedException when the stack would reject them
    /// @throws CliException when it would, and has not their provider either
    static Before of(Drop drop, Session session, boolean whole) throws IOException {
        Deployment.Providers providers = session.deployment().providers();
        if (providers == null) {
            return new Before(session, null, null, NotCompared.OLD_STACK, null);
        }
        Estimator estimator = new Estimator(providers, session.deployment().deployed(), session.bucket());
        CliException leftOut = estimator.leftOut(drop).orElse(null);
        // Without the provider only a job that is known can be done, and the table is what it is known by.
        Deadline until = whole || leftOut != null || session.deployment().costsMoney()
                ? Deadline.NONE
                : new Deadline(Instant.now().plus(PATIENCE), Clock.systemUTC());
        try {
            Estimator.Look look = estimator.look(drop, until);
            Estimate estimate = look.estimate().orElse(null);
            return new Before(session, estimate, look.design().orElse(null), NotCompared.of(estimate), leftOut);
        } catch (JobRejectedException e) {
            throw leftOut == null ? e : leftOut;
        }
    }

    /// @throws CliException when the stack has not the provider
    void requireProvider() {
        if (leftOut != null) {
            throw leftOut;
        }
    }

    /// A job that judges what one of several judges would judge.
    ///
    /// @param judge the judge's name
    /// @param done whether it has judged all of it, so that nothing is sent for this judge
    record Twin(String judge, Job job, boolean done) {}

    /// The job that judges the same, if it is known. Of several judges each has its own ([#twins]).
    Optional<Job> sameJob() throws IOException {
        return isPanel() ? Optional.empty() : sameJob(estimate, 0);
    }

    /// Whether the job has several judges, as far as it is known.
    boolean isPanel() {
        return estimate != null && estimate.spec().isPanel();
    }

    /// The jobs that judge what judges of the job would judge, in the judges' order.
    List<Twin> twins() throws IOException {
        return twins(0);
    }

    /// Whether nothing would be sent for any of the judges.
    boolean allJudged(List<Twin> twins) {
        return isPanel()
                && twins.size() == Objects.requireNonNull(estimate).judges().size()
                && twins.stream().allMatch(Twin::done);
    }

    /// Whether a judge's pairs are judged in a run, and not by a job of several judges whose others are still at work.
    private static boolean isTaken(List<Twin> twins) {
        return twins.stream()
                .filter(Twin::done)
                .map(twin -> twin.job().panel())
                .anyMatch(panel -> panel == null
                        || twins.stream()
                                .allMatch(other -> other.done()
                                        || !panel.equals(other.job().panel())));
    }

    private List<Twin> twins(int later) throws IOException {
        List<Twin> twins = new ArrayList<>();
        for (Estimate.OfJudge one : estimate == null ? List.<Estimate.OfJudge>of() : estimate.judges()) {
            sameJob(one.estimate(), later)
                    .ifPresent(job -> twins.add(new Twin(one.judge(), job, isDone(one.estimate(), job))));
        }
        return twins;
    }

    /// @param later how many runs after the one that is looked at
    private Optional<Job> sameJob(@Nullable Estimate wanted, int later) throws IOException {
        if (wanted == null) {
            return Optional.empty();
        }
        JobSpec spec = wanted.spec();
        Optional<String> holder = holder(wanted.content(), spec.withRun(spec.run() + later));
        return holder.isEmpty()
                ? Optional.empty()
                : session.jobs().read(holder.get()).map(JobSnapshot::job);
    }

    private Optional<String> holder(String content, JobSpec spec) throws IOException {
        Bucket bucket = session.bucket();
        for (String key : Contents.keys(content, spec, simulated())) {
            Optional<InputStream> claim = bucket.open(key, null);
            if (claim.isPresent()) {
                try (InputStream in = claim.get()) {
                    return Optional.of(
                            Json.MAPPER.readTree(in).required("job_id").stringValue());
                }
            }
        }
        return Optional.empty();
    }

    private boolean simulated() {
        return session.deployment().simulated().isPresent();
    }

    /// Which of the pairs other jobs judge, where that is known.
    @Nullable
    Overlap overlap() throws IOException {
        return estimate == null || isPanel() ? null : Overlap.of(session, estimate);
    }

    /// Which of the pairs of a judge other jobs judge.
    Overlap overlap(Estimate.OfJudge judge) throws IOException {
        return Overlap.of(session, judge.estimate());
    }

    /// Whether a job has judged all that would be judged.
    boolean isDone(Job job) {
        return estimate != null && isDone(estimate, job);
    }

    private static boolean isDone(Estimate wanted, Job job) {
        return job.state() == JobState.DONE
                && job.sent() >= wanted.judged()
                && !isWithinAnotherLimit(wanted.spec(), job.costs());
    }

    /// Whether another limit may have pairs submitted for which there was no room.
    private static boolean isWithinAnotherLimit(JobSpec spec, Costs costs) {
        return costs.needed() != null && !Objects.equals(Budget.limit(spec), costs.merged());
    }

    /// The first value of `run`, from this one on, whose job goes on with these pairs and is not done; where there is
    /// none, the first that no job has. One whose job is being deleted is neither: what it had is no longer there, and
    /// what is dropped for it now waits for that. Deletions leave gaps, so it is looked beyond the first free one: else
    /// the same command, typed again after a deletion, would pay for another run beside the one that it began.
    int nextRun(int from) throws IOException {
        int given = Objects.requireNonNull(estimate).spec().run();
        Integer free = null;
        int run = from;
        while (free == null || run <= free + GAP) {
            List<Twin> twins = twins(run - given);
            List<Job> jobs = isPanel()
                    ? twins.stream().map(Twin::job).toList()
                    : sameJob(estimate, run - given).stream().toList();
            boolean done = isPanel() ? isTaken(twins) : jobs.stream().anyMatch(this::isDone);
            if (jobs.isEmpty()) {
                free = free == null ? Integer.valueOf(run) : free;
            } else if (!done && jobs.stream().noneMatch(job -> job.state() == JobState.DELETING)) {
                return run;
            }
            run++;
        }
        return free;
    }
}
