package io.pairbatch.claim;

import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.OpenJob;
import io.pairbatch.store.NewObject;
import io.pairbatch.store.S3Body;
import io.pairbatch.text.Hex;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Which job judges a content: one for each list of pairs and each way to judge them, in whatever files the pairs came.
///
/// That is in one object for each, `claims/content/<SHA-256>.json`, with the holder's epoch. Before a job may send
/// anything, it is the holder, at its own epoch. Whoever takes the claim from a job that has sent nothing takes it as
/// it was before that job was looked at, so that only one of the two goes on.
public final class Contents {

    private static final JsonMapper JSON = new JsonMapper();

    private final S3Client s3;
    private final String bucket;
    private final JobRegistry registry;
    private final JobOpener jobs;
    private final Intents intents;

    public Contents(S3Client s3, String bucket, JobRegistry registry, SegmentRegistry segments, JobOpener jobs) {
        this.s3 = s3;
        this.bucket = bucket;
        this.registry = registry;
        this.jobs = jobs;
        this.intents = new Intents(segments, jobs);
    }

    /// The claim as it was read.
    private record Held(String jobId, long epoch, String etag) {}

    /// What a content is claimed by, with the way it is judged.
    ///
    /// @param pairs SHA-256 of the accepted rows
    /// @param simulated whether the simulator answers
    /// @return 64 hex digits
    public static String digest(String pairs, JobSpec spec, boolean simulated) {
        return Hex.sha256(pairs + Judgement.ofPairs(spec, simulated).text());
    }

    /// The keys of the objects that may name the holder: that of this version, and that of older ones.
    public static List<String> keys(String pairs, JobSpec spec, boolean simulated) {
        Judgement judgement = Judgement.ofPairs(spec, simulated);
        return List.of(key(Hex.sha256(pairs + judgement.text())), key(Hex.sha256(pairs + judgement.formerly())));
    }

    /// The object's key.
    public static String key(String digest) {
        return "claims/content/" + digest + ".json";
    }

    /// The job that judged the same is being deleted. Once that is over the content is free.
    public static final class DeletingException extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final String jobId;

        private DeletingException(String jobId) {
            super("job " + jobId
                    + ", which judged the same pairs in the same way, is being deleted (./pairbatch delete " + jobId
                    + " ends that)");
            this.jobId = jobId;
        }

        /// The job that is being deleted.
        public String jobId() {
            return jobId;
        }
    }

    /// Claims a content for a job.
    ///
    /// @param pairs SHA-256 of the accepted rows
    /// @throws DeletingException if it has to wait
    /// @return the job that judges it, or has judged it, already; empty if that is this job
    public Optional<String> claim(OpenJob job, String pairs) throws IOException {
        List<String> keys = keys(pairs, job.resolved().spec(), job.resolved().isSimulated());
        Optional<Held> before =
                read(keys.getLast()).filter(held -> !held.jobId().equals(job.id()));
        if (before.isPresent() && !givesWay(before.get().jobId())) {
            return Optional.of(before.get().jobId());
        }
        String key = keys.getFirst();
        byte[] ours = JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("job_id", job.id())
                .put("epoch", job.fence().epoch()));
        while (true) {
            Optional<Held> held = read(key);
            boolean written;
            if (held.isEmpty()) {
                written = NewObject.put(s3, bucket, key, ours);
            } else if (!held.get().jobId().equals(job.id())) {
                if (!givesWay(held.get().jobId())) {
                    return Optional.of(held.get().jobId());
                }
                written = NewObject.replace(s3, bucket, key, held.get().etag(), ours);
            } else {
                written = held.get().epoch() >= job.fence().epoch()
                        || NewObject.replace(s3, bucket, key, held.get().etag(), ours);
            }
            if (written) {
                return Optional.empty();
            }
        }
    }

    /// The job that judges a content.
    public static Optional<String> holder(S3Client s3, String bucket, String digest) throws IOException {
        return read(s3, bucket, key(digest)).map(Held::jobId);
    }

    private Optional<Held> read(String key) throws IOException {
        return read(s3, bucket, key);
    }

    private static Optional<Held> read(S3Client s3, String bucket, String key) throws IOException {
        String[] etag = new String[1];
        GetObjectRequest request =
                GetObjectRequest.builder().bucket(bucket).key(key).build();
        try (InputStream in = S3Body.open(s3, request, 0, answer -> etag[0] = answer.eTag())) {
            JsonNode json = JSON.readTree(in);
            return Optional.of(new Held(
                    json.required("job_id").stringValue(),
                    json.required("epoch").longValue(),
                    etag[0]));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /// Whether nothing of a job was let in, and it does nothing until it asks for the claim again: an execution that is
    /// about to go on with it is fenced.
    private boolean givesWay(String jobId) throws IOException {
        Optional<JobItem> item = registry.find(jobId);
        if (item.isEmpty()) {
            return jobs.frozen(jobId).isEmpty();
        }
        return switch (item.get().state()) {
            case DELETING -> throw new DeletingException(jobId);
            // Such a job, or one that another has replaced, never sends anything again.
            case DUPLICATE, CANCELLED -> true;
            // Whoever has just claimed anew for it must not go on, so it is fenced before its intents are looked at.
            case REJECTED, FAILED, WAITING_FOR_KEY, WAITING_FOR_DECISION ->
                intents.nothingLetIn(jobId) && registry.claims().fence(item.get()) && intents.nothingLetIn(jobId);
            case WAITING_FOR_SPEC, SPLITTING, RUNNING, MERGING, DONE, CANCELLING, UNKNOWN -> false;
        };
    }

    /// Whether nothing of a job was ever let in at the provider.
    public boolean nothingLetIn(String jobId) throws IOException {
        return intents.nothingLetIn(jobId);
    }

    /// The next value of `run` that nothing of the same content has.
    ///
    /// @param simulated whether the simulator answers
    public int nextRun(String pairs, JobSpec spec, boolean simulated) throws IOException {
        int run = spec.run() + 1;
        while (isHeld(keys(pairs, spec.withRun(run), simulated))) {
            run++;
        }
        return run;
    }

    private boolean isHeld(List<String> keys) throws IOException {
        for (String key : keys) {
            if (read(key).isPresent()) {
                return true;
            }
        }
        return false;
    }
}
