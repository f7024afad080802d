package io.pairbatch.revive;

import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.JobState;
import io.pairbatch.text.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/// What lies in the inbox although no execution has ever looked at it, since the event of its arrival was lost: S3
/// needs minutes to send events once they are switched on
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-event-notifications-eventbridge.html).
///
/// Each object is considered once, in the round that follows its arrival, so that nothing is started every hour.
/// Objects that are older than the deployment that brought this round are told and never started: nobody expects them
/// to be.
public final class LostDrops {

    /// Until when the last round has looked; JSON with a time.
    static final String MARK = "rounds/inbox.json";

    private static final String PREFIX = "inbox/";
    /// Belongs to no job.
    private static final String DEFAULTS = PREFIX + "defaults.json";

    private static final String SINCE = "since";
    /// An event usually takes seconds; until then it is none that was lost.
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int MOST_TOLD = 20;

    private final S3Client s3;
    private final String bucket;
    private final Supplier<Iterator<JobRecord>> jobs;
    private final Consumer<String> start;
    private final Clock clock;

    /// @param jobs all jobs of the registry
    /// @param start starts an execution as the creation of the object with this key would have done
    public LostDrops(
            S3Client s3, String bucket, Supplier<Iterator<JobRecord>> jobs, Consumer<String> start, Clock clock) {
        this.s3 = s3;
        this.bucket = bucket;
        this.jobs = jobs;
        this.start = start;
        this.clock = clock;
    }

    /// What a round has found.
    ///
    /// @param started the folders, or files directly in the inbox, for which an execution was started
    /// @param older those that no job was made of and that are older than the deployment; 20 at most, and only in the
    /// first round
    public record Found(List<String> started, List<String> older) {

        public Found {
            started = List.copyOf(started);
            older = List.copyOf(older);
        }
    }

    /// A folder, or a file directly in the inbox.
    ///
    /// @param newest the key of its newest object
    private record Drop(String newest, Instant at) {

        static Drop later(Drop one, Drop other) {
            return other.at().isAfter(one.at()) ? other : one;
        }
    }

    /// Looks once.
    ///
    /// @param deployed when the deployment began that brought this round
    public Found look(Instant deployed) {
        Instant until = clock.instant().minus(PATIENCE).truncatedTo(ChronoUnit.SECONDS);
        @Nullable Instant marked = mark();
        Instant since = marked == null ? deployed : marked;
        Map<String, Drop> drops = new TreeMap<>();
        for (S3Object object :
                s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(PREFIX)).contents()) {
            Instant at = object.lastModified();
            boolean looked = at.isAfter(until) || (marked != null && !at.isAfter(since));
            if (!looked && !object.key().equals(DEFAULTS)) {
                drops.merge(folder(object.key()), new Drop(object.key(), at), Drop::later);
            }
        }
        List<String> started = new ArrayList<>();
        List<String> older = new ArrayList<>();
        Map<String, List<JobRecord>> known = drops.isEmpty() ? Map.of() : known();
        drops.forEach((folder, drop) -> {
            if (hasJob(known.getOrDefault(folder, List.of()))) {
                return;
            }
            if (drop.at().isAfter(deployed)) {
                start.accept(drop.newest());
                started.add(folder);
            } else if (older.size() < MOST_TOLD) {
                older.add(folder);
            }
        });
        if (until.isAfter(since)) {
            mark(until);
        }
        return new Found(started, older);
    }

    /// `inbox/NAME/` for what lies in a folder, however deep, else the key.
    private static String folder(String key) {
        int slash = key.indexOf('/', PREFIX.length());
        return slash < 0 ? key : key.substring(0, slash + 1);
    }

    private Map<String, List<JobRecord>> known() {
        Map<String, List<JobRecord>> known = new HashMap<>();
        jobs.get().forEachRemaining(job -> {
            String key = job.sourceKey();
            // A folder that waits for its other files is shown as a job without being one.
            if (key.startsWith(PREFIX) && job.state() != JobState.WAITING_FOR_SPEC) {
                known.computeIfAbsent(folder(key), folder -> new ArrayList<>()).add(job);
            }
        });
        return known;
    }

    /// Whether a job was made of the version of its table that is there now.
    private boolean hasJob(List<JobRecord> ofTheFolder) {
        return ofTheFolder.stream()
                .anyMatch(job -> version(job.sourceKey()).equals(Objects.requireNonNullElse(job.sourceVersion(), "")));
    }

    private String version(String key) {
        try {
            return Objects.requireNonNullElse(
                    s3.headObject(r -> r.bucket(bucket).key(key)).versionId(), "");
        } catch (NoSuchKeyException e) {
            return "gone";
        }
    }

    private @Nullable Instant mark() {
        try {
            byte[] json = s3.getObjectAsBytes(r -> r.bucket(bucket).key(MARK)).asByteArray();
            return Instant.parse(Json.MAPPER.readTree(json).required(SINCE).stringValue());
        } catch (NoSuchKeyException e) {
            return null;
        }
    }

    private void mark(Instant until) {
        String json =
                Json.MAPPER.createObjectNode().put(SINCE, until.toString()).toString();
        s3.putObject(r -> r.bucket(bucket).key(MARK), RequestBody.fromString(json));
    }
}
