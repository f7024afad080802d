package io.pairbatch.cli.smoke;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFinder;
import io.pairbatch.cli.job.JobListener;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.JobWatcher;
import io.pairbatch.cli.job.Recount;
import io.pairbatch.cli.job.ResultFiles;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.registry.JobState;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A case's job: its files, then the job that the stack makes of them. The same files again are the same job, so a test
/// that is typed again goes on with it.
final class SmokeJob {

    private static final Duration BETWEEN_NEWS = Duration.ofMinutes(10);

    private final Bench bench;
    private final String label;
    private final Drop drop;
    private final Size size;
    private @Nullable Job job;
    /// As it was before its files were dropped once more.
    private @Nullable Job before;

    /// What is in the table.
    ///
    /// @param judged pairs that are sent
    /// @param batches that they are sent in
    record Size(long rows, long judged, int batches) {}

    private SmokeJob(Bench bench, String label, Drop drop, Size size) {
        this.bench = bench;
        this.label = label;
        this.drop = drop;
        this.size = size;
    }

    /// A job of a table.
    ///
    /// @param label what the lines that are printed begin with
    /// @param name follows `smoke-` in the job's
    /// @param spec the job file; null for none
    /// @param fields beside those that every job has
    static SmokeJob of(
            Bench bench,
            String label,
            String name,
            Path table,
            @Nullable Path spec,
            Map<String, String> fields,
            Size size)
            throws IOException {
        Map<String, String> all = new TreeMap<>(bench.judge().fields());
        all.putAll(fields);
        Drop drop = DropBuilder.buildFrom(
                table,
                Optional.ofNullable(spec),
                all,
                "smoke-" + name + "-" + bench.judge().number());
        return new SmokeJob(bench, label, drop, size);
    }

    Bench bench() {
        return bench;
    }

    /// The name that its folder and its id begin with.
    String name() {
        return drop.name();
    }

    /// The job file that is dropped.
    byte[] spec() {
        return ((Drop.FileToDrop.InMemory) drop.files().getFirst()).content();
    }

    /// The job, once it was dropped.
    Optional<Job> job() {
        return Optional.ofNullable(job);
    }

    /// What it costs at most.
    Cost cost() throws IOException {
        Deployment deployment = bench.session().deployment();
        Deployment.Providers providers = deployment.providers();
        if (providers == null || !deployment.costsMoney()) {
            return Cost.simulated(size.judged());
        }
        try {
            Estimator estimator = new Estimator(
                    providers, deployment.deployed(), bench.session().bucket());
            estimator.requireProvider(drop);
            return Cost.of(estimator.of(drop, Deadline.NONE).orElseThrow());
        } catch (JobRejectedException e) {
            throw CliException.usage(
                    "The stack would reject the job of " + label + ": " + e.getMessage() + ".",
                    "Choose another judge with --provider and --model.");
        }
    }

    /// The job that an earlier test has made of the same files; empty if there is none.
    Optional<Job> known() {
        return known(folder());
    }

    private Drop.Folder folder() {
        return drop.chooseFolder(bench.session().bucket(), false);
    }

    private Optional<Job> known(Drop.Folder folder) {
        return folder.known() ? finder().ofSource(drop.dataKey(folder.prefix()), null) : Optional.empty();
    }

    private JobFinder finder() {
        return new JobFinder(bench.session().jobs(), bench.clock(), bench.pause());
    }

    /// Drops the files, unless the job of these is under way or done.
    Job drop() throws IOException, InterruptedException {
        Drop.Folder folder = folder();
        Optional<Job> there = known(folder);
        if (there.isPresent()
                && (there.get().state() == JobState.DONE || !there.get().state().atRest())) {
            return take(there.get(), " is there from before: " + there.get().words());
        }
        Instant now = bench.clock().instant();
        drop.into(bench.session().bucket(), folder.prefix());
        before = there.orElse(null);
        return take(
                there.isPresent() ? there.get() : finder().await(drop.dataKey(folder.prefix()), now, bench.say()),
                " was dropped");
    }

    private Job take(Job found, String what) {
        say("job " + found.id() + what);
        job = found;
        return found;
    }

    void say(String text) {
        bench.say().accept(label + ": " + text);
    }

    /// Waits until the job is done.
    ///
    /// @throws CliException if it ends in another way, or takes longer than anybody waits
    Job await() throws InterruptedException {
        Job known = job().orElseThrow();
        return await(known, before, false);
    }

    /// Waits until the job is done once more.
    Job awaitAgain(Job done) throws InterruptedException {
        Job end = await(done, done, true);
        if (Objects.equals(end.finishedAt(), done.finishedAt())) {
            throw Bench.failed(
                    "Job " + end.id() + " was to go on, and is as it was before.", bench.command("doctor " + end.id()));
        }
        return end;
    }

    private Job await(Job known, @Nullable Job earlier, boolean started) throws InterruptedException {
        Job end = new JobWatcher(bench.session().jobs(), bench.session().pacing(), bench.clock(), bench.pause())
                .watch(known.id(), earlier, started, new Waiting())
                .job();
        job = end;
        if (end.state() != JobState.DONE) {
            throw Bench.failed(
                    "Job " + end.id() + " is " + end.state().words()
                            + (end.errorMessage() == null ? "." : ": " + end.errorMessage()),
                    bench.command("doctor " + end.id()));
        }
        return end;
    }

    /// Says now and then how far the job is, and ends the waiting when it is time.
    private final class Waiting implements JobListener {

        private Instant next = bench.clock().instant().plus(BETWEEN_NEWS);

        @Override
        public void show(JobSnapshot snapshot, Instant now) {
            Job at = snapshot.job();
            if (at.state().atRest()) {
                return;
            }
            SegmentTotals segments = snapshot.segments();
            String far = "job " + at.id() + " is " + at.words() + ", " + segments.answered() + " of " + segments.pairs()
                    + " answered";
            if (!now.isBefore(bench.until())) {
                throw new OpenException(
                        far + ".", "Type the same command later: it goes on with this job, and nothing is paid twice.");
            }
            if (!now.isBefore(next)) {
                next = now.plus(BETWEEN_NEWS);
                say(far);
            }
        }

        @Override
        public void note(@Nullable String message) {
            if (message != null) {
                say(message);
            }
        }
    }

    /// Checks, by the files, that every row is in one of them.
    ///
    /// @return the sum
    Recount conserved(Job done) throws IOException {
        Recount recount = Recount.of(bench.session().bucket(), done);
        String folder = "s3://" + bench.session().bucket().name() + "/" + ResultFiles.prefix(done.id());
        if (!recount.holds() || recount.files().rows() != size.rows()) {
            throw new CliException(
                    ExitStatus.RECOUNT,
                    "The files of job " + done.id() + " do not add up. " + size.rows() + " rows were dropped; counted: "
                            + recount.files().line() + "; summary.json says: "
                            + recount.summary().line() + ".",
                    "Look into " + folder + ", and report it.");
        }
        long sent = recount.files().observed() + recount.files().failed();
        if (sent != size.judged()) {
            throw new CliException(
                    ExitStatus.RECOUNT,
                    "Job " + done.id() + " judged " + sent + " pairs, not " + size.judged() + ".",
                    "Look into " + folder + ", and report it.");
        }
        if (recount.files().observed() == 0) {
            throw Bench.failed(
                    "Job " + done.id() + " has no winner for any pair.", bench.command("doctor " + done.id()));
        }
        return recount;
    }

    /// Checks, by the registry and what it knows of the provider's lists, that each segment has one batch.
    List<Workings.Batch> sentOnce(Job done) {
        List<Workings.Batch> batches = bench.workings().batches(done.id());
        Set<Integer> segments = new HashSet<>();
        Set<String> ids = new HashSet<>();
        batches.forEach(batch -> {
            segments.add(batch.segment());
            ids.add(batch.id());
        });
        int strays = bench.workings().strays(done.id());
        if (batches.size() != size.batches()
                || segments.size() != size.batches()
                || ids.size() != size.batches()
                || strays > 0) {
            throw Bench.failed(
                    "Job " + done.id() + " has " + size.batches() + " segments, and the registry " + batches.size()
                            + " batches for " + segments.size() + " of them"
                            + (strays == 0 ? "." : "; at the provider " + strays + " more belong to no segment."),
                    "Compare the registry with the list of batches on the provider's site, and report it.");
        }
        return batches;
    }
}
