package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.OutageException;
import io.pairbatch.registry.JobState;
import io.pairbatch.text.Spelling;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds a job in the registry, by its file or by the beginning of its id.
public final class JobFinder {

    /// How long the stack may take from the drop to the job's first appearance; an event may be delivered late.
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    /// An event and the claim of a job take seconds.
    private static final Duration USUAL_WAIT = Duration.ofSeconds(30);

    /// How far the stack's clock may be behind ours.
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(15);

    private final JobSource source;
    private final InstantSource clock;
    /// An id in full: the other ids of the same name are other jobs.
    private static final Pattern WHOLE_ID = Pattern.compile(".+-[0-9a-f]{8}");

    private final Pause pause;
    private final Deleted deleted;

    public JobFinder(JobSource source, InstantSource clock, Pause pause) {
        this(source, clock, pause, prefix -> Optional.empty());
    }

    /// @param deleted what is known of jobs that were deleted
    public JobFinder(JobSource source, InstantSource clock, Pause pause, Deleted deleted) {
        this.source = source;
        this.clock = clock;
        this.pause = pause;
        this.deleted = deleted;
    }

    /// Knows jobs that were deleted.
    @FunctionalInterface
    public interface Deleted {

        /// A sentence about the job whose id begins so, if it was deleted.
        Optional<String> told(String prefix);
    }

    /// The job was deleted.
    public static final class DeletedException extends CliException {

        private static final long serialVersionUID = 1L;

        private DeletedException(String told) {
            super(ExitStatus.USAGE, told, "Nothing of it is left in the stack; ./pairbatch jobs lists the other jobs.");
        }
    }

    /// The newest job made from the file at `sourceKey` that is not being deleted: what is dropped while that lasts is
    /// another job, and the jobs of its judges are not what was dropped. Looks back to `notBefore` (null: as far as
    /// there are jobs).
    public Optional<Job> ofSource(String sourceKey, @Nullable Instant notBefore) {
        List<Job> found = new ArrayList<>(1);
        source.visitNewestFirst(job -> {
            if (sourceKey.equals(job.sourceKey()) && job.state() != JobState.DELETING && job.panel() == null) {
                found.add(job);
            }
            boolean tooOld = notBefore != null
                    && job.createdAt() != null
                    && job.createdAt().isBefore(notBefore);
            return found.isEmpty() && !tooOld;
        });
        return found.stream().findFirst();
    }

    /// Waits until the stack has made a job from the file dropped at `droppedAt`.
    ///
    /// @param slow gets what is waited for, once, if it takes longer than usual
    public Job await(String sourceKey, Instant droppedAt, Consumer<String> slow) throws InterruptedException {
        boolean told = false;
        while (true) {
            Duration waited = Duration.between(droppedAt, clock.instant());
            boolean late = waited.compareTo(LONGEST_WAIT) >= 0;
            if (!told && waited.compareTo(USUAL_WAIT) >= 0) {
                told = true;
                slow.accept("Waiting for S3 to tell the stack of the files, until " + LONGEST_WAIT.toMinutes()
                        + " minutes after the drop");
            }
            try {
                Optional<Job> job = ofSource(sourceKey, droppedAt.minus(CLOCK_SKEW));
                if (job.isPresent()) {
                    return job.get();
                }
            } catch (OutageException e) {
                if (late) {
                    throw e; // until then, wait: the file is in the bucket
                }
            }
            if (late) {
                throw new CliException(
                        ExitStatus.UNREACHABLE,
                        "The file is in the bucket, but after " + LONGEST_WAIT.toMinutes()
                                + " minutes the stack has made no job from it.",
                        "Its event may be lost: S3 needs about five minutes after a bucket's first deployment to send any."
                                + " The stack looks for such files every hour and starts them (./pairbatch jobs shows it);"
                                + " the same command again drops them at once. If nothing helps, check the stack's"
                                + " executions and the dead-letter queue of its event rule.");
            }
            pause.of(Duration.ofSeconds(1));
        }
    }

    /// The one job whose id begins with `prefix`; a full id means only that job. Those of its judges begin
    /// like a job of the same name: they are meant only where nothing else is.
    public Job byPrefix(String prefix) {
        Optional<JobSnapshot> exact = source.read(prefix);
        if (exact.isPresent()) {
            return exact.get().job();
        }
        List<Job> found = new ArrayList<>();
        List<Job> ofJudges = new ArrayList<>();
        boolean whole = WHOLE_ID.matcher(prefix).matches();
        Spelling.Nearest nearest = new Spelling.Nearest(prefix);
        source.visitNewestFirst(job -> {
            if (job.id().startsWith(prefix)) {
                (job.panel() == null ? found : ofJudges).add(job);
            }
            nearest.offer(job.id(), job.id());
            if (!whole) {
                // The beginning of an id may be misspelt as well.
                nearest.offer(
                        job.id(),
                        job.id().substring(0, Math.min(prefix.length(), job.id().length())));
                nearest.offer(job.id(), DropBuilder.nameOf(job.id()));
            }
            return found.size() < 6;
        });
        if (found.isEmpty()) {
            found.addAll(ofJudges.subList(0, Math.min(ofJudges.size(), 6)));
        }
        return switch (found.size()) {
            case 0 ->
                throw deleted.told(prefix)
                        .<CliException>map(DeletedException::new)
                        .orElseGet(() -> CliException.usage(
                                "There is no job whose id begins with " + prefix + "."
                                        + nearest.found()
                                                .map(id -> " Perhaps " + id + "?")
                                                .orElse(""),
                                "./pairbatch jobs lists the jobs."
                                        + (whole
                                                ? " If it was deleted, its record is deleted-" + prefix
                                                        + ".json, in the folder where that was typed."
                                                : "")));
            case 1 -> found.getFirst();
            default ->
                throw CliException.usage(
                        "Several jobs begin with " + prefix + ": " + ids(found) + ".", "Give more of the id.");
        };
    }

    private static String ids(List<Job> jobs) {
        String ids = String.join(", ", jobs.stream().limit(5).map(Job::id).toList());
        return jobs.size() > 5 ? ids + ", …" : ids;
    }
}
