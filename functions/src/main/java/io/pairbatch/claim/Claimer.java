package io.pairbatch.claim;

import io.pairbatch.claim.Inbox.Found;
import io.pairbatch.job.JobId;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.job.Version;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.JobTags;
import io.pairbatch.registry.NewJob;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecReader;
import io.pairbatch.spec.Judge;
import io.pairbatch.spec.SpecChange;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.spec.SpecRules;
import io.pairbatch.step.Budget;
import io.pairbatch.step.JobOpener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.S3Client;

/// Turns an inbox event into a claimed job. A folder starts when its data file, its job.json and every file that
/// job.json names are present, in whatever order they arrive; until then it is recorded as WAITING_FOR_SPEC.
public final class Claimer {

    private static final String DONE = "the job is already done";
    private static final Pattern DATA = Pattern.compile("(?i).+\\.(csv|jsonl|ndjson)(\\.gz)?");
    private static final String UNKNOWN = "unknown";
    private static final String TAKEN = "another execution runs the job";

    private final S3Client s3;
    private final JobRegistry jobs;
    private final Identities identities;
    private final Redrop redrop;
    private final JobOpener opener;
    private final SpecRules rules;
    private final SpecLayer stackDefaults;
    private final Predicate<String> alive;
    private final Clock clock;

    /// Creates a claimer.
    ///
    /// @param rules the built-ins; the bucket's library takes precedence
    /// @param alive whether the execution with this ARN is running
    public Claimer(
            S3Client s3,
            JobRegistry jobs,
            SegmentRegistry segments,
            JobOpener opener,
            Identities identities,
            SpecRules rules,
            SpecLayer stackDefaults,
            Predicate<String> alive,
            Clock clock) {
        this.s3 = s3;
        this.jobs = jobs;
        this.identities = identities;
        this.redrop = new Redrop(jobs, segments, opener, clock);
        this.opener = opener;
        this.rules = rules;
        this.stackDefaults = stackDefaults;
        this.alive = alive;
        this.clock = clock;
    }

    /// The result of handling an event.
    public sealed interface Outcome {

        /// The job is ours.
        ///
        /// @param resolved the specification to freeze, if it is not frozen yet
        record Mine(Fence fence, JobItem item, ResolvedJob resolved, boolean frozen) implements Outcome {}

        /// The job is ours, but it is rejected.
        record Rejected(Fence fence, JobRejectedException why) implements Outcome {}

        /// The job is done, up to its limit.
        record Done(JobItem item, ResolvedJob resolved) implements Outcome {}

        /// Nothing to do here: another execution runs the job, it is done, or something is still missing.
        record Quiet(String why) implements Outcome {}
    }

    /// The files in the inbox for one job.
    ///
    /// @param folder prefix of the files beside the data file, ending in `/`
    private record Dropped(String name, String folder, Found data, List<SpecLayer> layers) {}

    /// Claims the job to which the object `key` belongs for execution `owner`.
    public Outcome claim(String bucket, String key, String owner) throws IOException {
        Inbox inbox = new Inbox(s3, bucket);
        if (!key.startsWith(Inbox.PREFIX) || key.equals(Inbox.DEFAULTS)) {
            return new Outcome.Quiet("not a job's file");
        }
        String rest = key.substring(Inbox.PREFIX.length());
        int slash = rest.indexOf('/');
        if (slash < 0) {
            return lone(inbox, bucket, key, owner);
        }
        return rest.indexOf('/', slash + 1) < 0
                ? folder(inbox, bucket, rest.substring(0, slash), owner, false)
                : tooDeep(bucket, rest);
    }

    /// A folder in a job's folder is none. It is shown as one that waits, or nobody would know why nothing happens.
    private Outcome tooDeep(String bucket, String path) {
        int slash = path.lastIndexOf('/');
        String file = path.substring(slash + 1);
        String folder = path.substring(0, slash);
        if (file.equals(Inbox.JOB_FILE) || DATA.matcher(file).matches()) {
            note(
                    bucket,
                    folder,
                    "its folder is too deep: job.json and the file of pairs belong into " + Inbox.PREFIX + "NAME/");
        }
        return new Outcome.Quiet("not directly in a job's folder");
    }

    private Outcome lone(Inbox inbox, String bucket, String key, String owner) throws IOException {
        Optional<Found> data = inbox.head(key);
        if (data.isEmpty()) {
            return new Outcome.Quiet("gone");
        }
        String name = folderName(key);
        try {
            List<SpecLayer> layers = new ArrayList<>();
            layers.add(SpecLayer.ofMetadata(
                    "metadata of " + key.substring(Inbox.PREFIX.length()),
                    data.get().metadata(),
                    rules));
            Optional<byte[]> defaults = inbox.small(Inbox.DEFAULTS);
            if (defaults.isPresent()) {
                layers.add(SpecLayer.parse(Inbox.DEFAULTS, new ByteArrayInputStream(defaults.get())));
            }
            layers.add(stackDefaults);
            return claim(inbox, bucket, new Dropped(name, Inbox.PREFIX, data.get(), layers), owner);
        } catch (JobRejectedException e) {
            return reject(bucket, name, data.get(), new byte[0], owner, e);
        }
    }

    /// Does what is possible for a folder now.
    ///
    /// @param noted whether this call has already recorded the folder as waiting
    private Outcome folder(Inbox inbox, String bucket, String name, String owner, boolean noted) throws IOException {
        String folder = Inbox.PREFIX + name + "/";
        Optional<byte[]> spec;
        try {
            spec = inbox.small(folder + Inbox.JOB_FILE);
        } catch (JobRejectedException e) {
            return rejectSpec(inbox, bucket, name, new byte[0], owner, e);
        }
        if (spec.isEmpty()) {
            return waiting(inbox, bucket, name, owner, noted, "job.json is not there yet");
        }
        List<SpecLayer> layers;
        Set<String> named;
        Set<String> needed;
        try {
            JobSpecReader reader = reader(inbox);
            layers = List.of(SpecLayer.parse(Inbox.JOB_FILE, new ByteArrayInputStream(spec.get())), stackDefaults);
            named = reader.filesNamed(layers);
            needed = reader.filesNeeded(layers);
        } catch (JobRejectedException e) {
            return rejectSpec(inbox, bucket, name, spec.get(), owner, e);
        }
        for (String file : needed) {
            if (inbox.head(folder + file).isEmpty()) {
                String why = file + ", which job.json names, is not there yet";
                return waiting(inbox, bucket, name, owner, noted, why);
            }
        }
        List<String> candidates = inbox.dataFiles(folder, named);
        Optional<Found> data = candidates.stream().findFirst().flatMap(inbox::head);
        if (data.isEmpty()) {
            return waiting(inbox, bucket, name, owner, noted, "the file of pairs is not there yet");
        }
        if (candidates.size() > 1) {
            return reject(bucket, name, data.get(), spec.get(), owner, ambiguous(folder, candidates));
        }
        return claim(inbox, bucket, new Dropped(name, folder, data.get(), layers), owner);
    }

    private JobSpecReader reader(Inbox inbox) {
        return new JobSpecReader(new StackRules(inbox::small, rules));
    }

    /// Errors in job.json are reported only once there is a table that it could be for.
    private Outcome rejectSpec(
            Inbox inbox, String bucket, String name, byte[] spec, String owner, JobRejectedException why) {
        Optional<Found> any = inbox.dataFiles(Inbox.PREFIX + name + "/", Set.of()).stream()
                .findFirst()
                .flatMap(inbox::head);
        if (any.isPresent()) {
            return reject(bucket, name, any.get(), spec, owner, why);
        }
        note(bucket, name, "the file of pairs is not there yet");
        return new Outcome.Quiet("the file of pairs is not there yet");
    }

    private static JobRejectedException ambiguous(String folder, List<String> candidates) {
        return new JobRejectedException(new Problem(
                ErrorCode.INPUT_AMBIGUOUS,
                folder,
                "more than one file beside job.json, "
                        + candidates.stream()
                                .map(key -> "`" + key.substring(folder.length()) + "`")
                                .collect(Collectors.joining(" and ")),
                "one file of pairs (and the template that job.json names)"));
    }

    private Outcome claim(Inbox inbox, String bucket, Dropped dropped, String owner) throws IOException {
        Found data = dropped.data();
        ResolvedJob.Source source =
                new ResolvedJob.Source(bucket, data.key(), data.version(), data.etag(), data.size());
        JobSpec spec;
        try {
            spec = reader(inbox)
                    .read(
                            dropped.layers(),
                            file -> inbox.small(dropped.folder() + file).map(ByteArrayInputStream::new));
            // What has begun goes on, and waits where it needs the provider.
            if (!opener.providers().hasAll(spec.backends()) && !identities.knows(dropped.name(), source, spec)) {
                spec.backends().forEach(opener.providers()::require);
            }
        } catch (JobRejectedException e) {
            byte[] raw = dropped.layers().getFirst().fields().toString().getBytes(StandardCharsets.UTF_8);
            return reject(bucket, dropped.name(), data, raw, owner, e);
        }
        jobs.claims().forgetWaiting(waitingId(bucket, dropped.name()));
        return claim(dropped.name(), source, spec, owner);
    }

    private Outcome claim(String name, ResolvedJob.Source source, JobSpec spec, String owner) throws IOException {
        String id = identities.of(name, source, spec);
        ResolvedJob resolved = new ResolvedJob(id, clock.instant(), Version.CURRENT, source, spec, opener.simulated());
        Claim claim = claim(resolved, owner);
        JobItem item = claim.job();
        // Read after the claim: what is frozen until then does not change any more.
        Optional<ResolvedJob> frozen = opener.frozen(id);
        if (claim instanceof Claim.Taken && frozen.isEmpty() && item.state() != JobState.DELETING) {
            throw new RetryableException("another execution has claimed the job and not frozen it yet", null);
        }
        List<SpecChange> changes = frozen.isPresent() ? Redrop.changes(item, frozen.get(), resolved) : List.of();
        boolean gives = claim instanceof Claim.Mine && redrop.givesWay(item, changes);
        if (gives) {
            redrop.stop(fence(item));
        }
        if (gives || item.state() == JobState.CANCELLED) {
            if (!jobs.claims().entering(id)) {
                throw new RetryableException("the job is being deleted", null);
            }
            redrop.stopJudges(item, owner);
            jobs.claims().recordSuccessor(id, identities.replace(name, source, spec, id));
            return claim(name, source, spec, owner);
        }
        if (frozen.isPresent() && item.state() != JobState.DELETING) {
            if (changes.isEmpty() && item.refused()) {
                jobs.claims().forgetRefusal(id);
            }
            boolean grows = isGrown(claim, frozen.get(), spec);
            redrop.apply(item, frozen.get(), resolved, changes, grows);
            redrop.applyToJudges(resolved, grows);
        }
        return switch (claim) {
            case Claim.Mine mine -> new Outcome.Mine(fence(mine.job()), mine.job(), resolved, frozen.isPresent());
            case Claim.Finished finished -> new Outcome.Done(finished.job(), resolved);
            case Claim.Taken taken -> new Outcome.Quiet(TAKEN);
        };
    }

    private static boolean isGrown(Claim claim, ResolvedJob frozen, JobSpec spec) {
        int limit = spec.batching().sample().rows();
        return claim instanceof Claim.Finished finished
                && frozen.spec()
                        .batching()
                        .sample()
                        .isRaisedBy(limit, finished.job().limits());
    }

    /// Stops a job that is ours if another one has taken its place, or that of the job whose judge it is: a registry
    /// that was lost, or set back, may have forgotten that.
    ///
    /// @return whether it was stopped
    public boolean stopIfReplaced(Fence fence) throws IOException {
        Optional<String> panel = jobs.find(fence.jobId()).map(JobItem::panel);
        boolean replaced = identities.successor(fence.jobId()).isPresent()
                || panel.flatMap(identities::successor).isPresent();
        if (replaced) {
            redrop.stop(fence);
        }
        return replaced;
    }

    /// Claims a job as it was frozen.
    public Claim claim(ResolvedJob resolved, String owner) {
        ResolvedJob.Source source = resolved.source();
        ResolvedJob.Seat seat = resolved.seat();
        JobSpec spec = resolved.spec();
        // A job of several judges has no provider of its own.
        NewJob job = new NewJob(
                resolved.jobId(),
                folderName(source.key()),
                spec.isPanel() ? UNKNOWN : spec.backend().code(),
                spec.isPanel() ? UNKNOWN : spec.model(),
                source.bucket(),
                source.key(),
                Objects.requireNonNullElse(source.version(), ""),
                source.size(),
                resolved.createdAt(),
                seat == null ? Judgement.of(spec, resolved.isSimulated()).drop(source) : null,
                JobTags.of(spec.output()),
                spec.isPanel() ? null : Budget.limit(spec),
                resolved.isSimulated(),
                spec.judges().stream().map(Judge::name).toList(),
                seat == null ? null : seat.panel(),
                seat == null ? null : seat.judge());
        return jobs.claims().claim(job, owner, alive);
    }

    /// The folder that was dropped, or the data file's name if it is not in a folder.
    private static String folderName(String key) {
        String rest = key.substring(Inbox.PREFIX.length());
        int slash = rest.indexOf('/');
        return slash < 0 ? rest.replaceFirst("(?i)\\.(csv|jsonl|ndjson)(\\.gz)?$", "") : rest.substring(0, slash);
    }

    /// A rejected job is claimed too, so that users see it with its reason.
    private Outcome reject(
            String bucket, String name, Found data, byte[] rawSpec, String owner, JobRejectedException why) {
        jobs.claims().forgetWaiting(waitingId(bucket, name));
        String table = bucket + "/" + data.key() + "\n" + data.etag() + "\n" + data.size();
        String id = JobId.ofFiles(name, table.getBytes(StandardCharsets.UTF_8), rawSpec);
        NewJob job = new NewJob(
                id, name, UNKNOWN, UNKNOWN, bucket, data.key(), data.version(), data.size(), clock.instant());
        return switch (jobs.claims().claim(job, owner, alive)) {
            case Claim.Mine mine -> new Outcome.Rejected(fence(mine.job()), why);
            case Claim.Finished finished -> new Outcome.Quiet(DONE);
            case Claim.Taken taken -> new Outcome.Quiet(TAKEN);
        };
    }

    /// Records that the folder is waiting, then checks once more: the missing file may have arrived in between, and its
    /// execution may have started the job before there was a record to remove.
    private Outcome waiting(Inbox inbox, String bucket, String name, String owner, boolean noted, String why)
            throws IOException {
        if (noted) {
            return new Outcome.Quiet(why);
        }
        note(bucket, name, why);
        return folder(inbox, bucket, name, owner, true);
    }

    private void note(String bucket, String name, String why) {
        jobs.claims().noteWaiting(waitingId(bucket, name), name, bucket, Inbox.PREFIX + name + "/", why);
    }

    private static String waitingId(String bucket, String name) {
        return JobId.ofFiles(name, (bucket + "/" + name).getBytes(StandardCharsets.UTF_8), new byte[0]);
    }

    private static Fence fence(JobItem item) {
        return new Fence(item.jobId(), item.owner(), item.epoch());
    }
}
