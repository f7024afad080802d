package io.pairbatch.claim;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.JobId;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.step.JobOpener;
import io.pairbatch.store.NewObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import tools.jackson.databind.json.JsonMapper;

/// Which job a drop is: the one that was made of the same table and judges the same, else a new one.
///
/// That is in one object for each, `claims/<SHA-256>.json`, which goes with the job. A job whose place another one has
/// taken names it in its folder (`replaced.json`). Both are in the bucket, so that a lost registry does not make the
/// same job twice.
public final class Identities {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String JOBS = "jobs/";

    private final S3Client s3;
    private final String bucket;
    private final JobRegistry registry;
    private final JobOpener jobs;
    private final RandomGenerator random;

    public Identities(S3Client s3, String bucket, JobRegistry registry, JobOpener jobs, RandomGenerator random) {
        this.s3 = s3;
        this.bucket = bucket;
        this.registry = registry;
        this.jobs = jobs;
        this.random = random;
    }

    /// The object's key.
    public static String key(String judged) {
        return "claims/" + judged + ".json";
    }

    /// The id of the job that a drop is.
    ///
    /// @param folder the name of the folder, or of the file
    String of(String folder, ResolvedJob.Source source, JobSpec spec) throws IOException {
        Judgement judgement = judgement(spec);
        String judged = judgement.drop(source);
        Optional<String> known = known(judgement, source);
        String first = known.isPresent() ? known.get() : first(folder, source, spec, judged);
        String id = first;
        for (Optional<String> next = successor(id); next.isPresent(); next = successor(id)) {
            id = next.get();
        }
        if (!id.equals(first)) {
            // Whoever wrote the marker may have died before this; the first job may be deleted some day.
            put(key(judged), id);
        }
        return id;
    }

    /// Whether a drop is a job that was there before.
    boolean knows(String folder, ResolvedJob.Source source, JobSpec spec) throws IOException {
        Judgement judgement = judgement(spec);
        return known(judgement, source).isPresent()
                || older(folder, source, spec, judgement.drop(source)).isPresent();
    }

    private Judgement judgement(JobSpec spec) {
        return Judgement.of(spec, jobs.simulated());
    }

    private Optional<String> known(Judgement judgement, ResolvedJob.Source source) {
        return holder(s3, bucket, judgement.drop(source)).or(() -> holder(s3, bucket, judgement.formerDrop(source)));
    }

    private String first(String folder, ResolvedJob.Source source, JobSpec spec, String judged) throws IOException {
        Optional<String> older = older(folder, source, spec, judged);
        String id = older.isPresent() ? older.get() : drawn(folder);
        String claimed = putOnce(key(judged), id);
        older.filter(claimed::equals).ifPresent(job -> registry.claims().recordJudged(job, judged));
        return claimed;
    }

    private String drawn(String folder) throws IOException {
        String id = JobId.drawn(folder, random);
        while (registry.find(id).isPresent() || jobs.frozen(id).isPresent()) {
            id = JobId.drawn(folder, random);
        }
        return id;
    }

    /// Lets another job take the place of one that will never do anything. Whoever says it first decides which.
    ///
    /// @return the other job
    String replace(String folder, ResolvedJob.Source source, JobSpec spec, String stopped) throws IOException {
        String next = putOnce(marker(stopped), drawn(folder));
        put(key(judgement(spec).drop(source)), next);
        return next;
    }

    /// The job that has taken another's place.
    Optional<String> successor(String jobId) {
        return read(s3, bucket, marker(jobId));
    }

    private static String marker(String jobId) {
        return JOBS + jobId + "/" + JobFiles.REPLACED;
    }

    /// The job that drops of this kind are, unless another has taken its place.
    ///
    /// @param judged what they are known by
    public static Optional<String> holder(S3Client s3, String bucket, String judged) {
        return read(s3, bucket, key(judged));
    }

    private static Optional<String> read(S3Client s3, String bucket, String key) {
        return new Inbox(s3, bucket)
                .small(key)
                .map(bytes -> JSON.readTree(new ByteArrayInputStream(bytes))
                        .required("job_id")
                        .stringValue());
    }

    /// Writes an id if there is none yet.
    ///
    /// @return the one that is there
    private String putOnce(String key, String id) {
        if (NewObject.put(s3, bucket, key, body(id))) {
            return id;
        }
        return read(s3, bucket, key).orElseThrow(() -> new RetryableException(key + " is not there yet", null));
    }

    private void put(String key, String id) {
        s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromBytes(body(id)));
    }

    private static byte[] body(String id) {
        return JSON.writeValueAsBytes(JSON.createObjectNode().put("job_id", id));
    }

    /// A job of the same folder that has no such object: one of a version whose ids were made of every field, or one
    /// whose object is lost. It is found by its folder under `jobs/`, whatever the registry knows. Of several, one that
    /// was not rejected, and the latest.
    private Optional<String> older(String folder, ResolvedJob.Source source, JobSpec spec, String judged)
            throws IOException {
        String id = JobId.of(folder, source, spec);
        if (registry.find(id).isPresent() || jobs.frozen(id).isPresent()) {
            return Optional.of(id);
        }
        List<ResolvedJob> candidates = new ArrayList<>();
        for (String job : jobsOf(folder)) {
            jobs.frozen(job)
                    .filter(frozen -> Judgement.of(frozen.spec(), frozen.isSimulated())
                            .drop(frozen.source())
                            .equals(judged))
                    .ifPresent(candidates::add);
        }
        return candidates.stream()
                .max(Comparator.comparing((ResolvedJob job) -> !isRejected(job.jobId()))
                        .thenComparing(ResolvedJob::createdAt))
                .map(ResolvedJob::jobId);
    }

    private boolean isRejected(String jobId) {
        return registry.find(jobId)
                .filter(job -> job.state() == JobState.REJECTED || job.state() == JobState.CANCELLED)
                .isPresent();
    }

    private List<String> jobsOf(String folder) {
        String prefix = JOBS + JobId.slug(folder) + "-";
        int length = prefix.length() + JobId.TOKEN + 1;
        return s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix).delimiter("/")).commonPrefixes().stream()
                .map(CommonPrefix::prefix)
                .filter(found -> found.length() == length)
                .map(found -> found.substring(JOBS.length(), length - 1))
                .toList();
    }
}
