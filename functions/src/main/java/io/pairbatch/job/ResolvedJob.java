package io.pairbatch.job;

import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.spec.Judge;
import io.pairbatch.spec.OptionsReaders;
import io.pairbatch.text.Hex;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A frozen job: `jobs/<job_id>/job.json`, written once; every later step reads only this file.
///
/// @param version the version of Pairbatch that froze it
/// @param simulated whether the simulator answers in place of the provider; null where nobody has said so
/// @param seat of which judge of which job it is; null for a job of its own
public record ResolvedJob(
        String jobId,
        Instant createdAt,
        String version,
        Source source,
        JobSpec spec,
        @Nullable Boolean simulated,
        @Nullable Seat seat) {

    /// A job of its own.
    public ResolvedJob(
            String jobId, Instant createdAt, String version, Source source, JobSpec spec, @Nullable Boolean simulated) {
        this(jobId, createdAt, version, source, spec, simulated, null);
    }

    /// A job of which it is not known who answers.
    public ResolvedJob(String jobId, Instant createdAt, String version, Source source, JobSpec spec) {
        this(jobId, createdAt, version, source, spec, null, null);
    }

    /// The same job, its work done in another way.
    public ResolvedJob with(JobSpec other) {
        return new ResolvedJob(jobId, createdAt, version, source, other, simulated, seat);
    }

    /// Whether it is known that the simulator answers.
    public boolean isSimulated() {
        return Boolean.TRUE.equals(simulated);
    }

    /// Of which judge a job is.
    ///
    /// @param panel the id of the job that has several judges
    /// @param judge the judge's name
    public record Seat(String panel, String judge) {}

    /// The jobs of its judges, in their order.
    public List<ResolvedJob> judges(OptionsReaders readers) {
        List<ResolvedJob> judges = new ArrayList<>();
        for (Judge judge : spec.judges()) {
            judges.add(new ResolvedJob(
                    JobId.ofJudge(jobId, judge.name(), judges.size() + 1),
                    createdAt,
                    version,
                    source,
                    JobSpecJson.judge(spec, judge, readers),
                    simulated,
                    new Seat(jobId, judge.name())));
        }
        return judges;
    }

    /// The table of pairs.
    ///
    /// @param bucket its bucket; empty for a file on disk
    /// @param key its key, or the file's name
    /// @param version the object's version; null if the bucket is not versioned
    /// @param etag the object's ETag, or a digest of the file
    /// @param size in bytes
    public record Source(
            String bucket, String key, @Nullable String version, String etag, long size) {

        /// The last part of the key, used in messages.
        public String name() {
            return key.substring(key.lastIndexOf('/') + 1);
        }
    }

    /// The job's token on the wire.
    public String token() {
        return JobId.token(jobId);
    }

    /// Writes the job as one JSON object; the same job always gives the same bytes. The stream stays open.
    public void write(OutputStream out) throws IOException {
        try (JsonGenerator json = Json.MAPPER
                .writerWithDefaultPrettyPrinter()
                .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .createGenerator(out)) {
            json.writeStartObject();
            json.writeStringProperty("job_id", jobId);
            json.writeStringProperty("created_at", createdAt.toString());
            json.writeStringProperty("pairbatch_version", version);
            if (simulated != null) {
                json.writeBooleanProperty("simulated", simulated);
            }
            if (seat != null) {
                json.writeObjectPropertyStart("panel");
                json.writeStringProperty("job_id", seat.panel());
                json.writeStringProperty("judge", seat.judge());
                json.writeEndObject();
            }
            json.writeObjectPropertyStart("source");
            json.writeStringProperty("bucket", source.bucket());
            json.writeStringProperty("key", source.key());
            json.writeStringProperty("version", source.version());
            json.writeStringProperty("etag", source.etag());
            json.writeNumberProperty("size", source.size());
            json.writeEndObject();
            json.writeStringProperty(
                    "prompt_template_sha256", Hex.sha256(spec.prompt().template()));
            json.writeName("spec");
            JobSpecJson.write(json, spec);
            json.writeEndObject();
        }
        out.write('\n');
    }

    /// Reads what [#write] wrote; buffers the whole file, a few kilobytes and a template of at most 1 MiB.
    ///
    /// @param readers for the providers' options
    public static ResolvedJob read(InputStream in, OptionsReaders readers) {
        return read(in, null, readers);
    }

    /// Reads what [#write] wrote.
    ///
    /// @param policy what [#policy] gave later; null where there was nothing
    public static ResolvedJob read(InputStream in, @Nullable InputStream policy, OptionsReaders readers) {
        JsonNode json = Json.MAPPER.readTree(in);
        ObjectNode frozen = (ObjectNode) json.required("spec");
        ObjectNode spec = policy == null
                ? frozen
                : JobSpecJson.with(
                        frozen, (ObjectNode) Json.MAPPER.readTree(policy).required("spec"));
        JsonNode source = json.required("source");
        return new ResolvedJob(
                json.required("job_id").stringValue(),
                Instant.parse(json.required("created_at").stringValue()),
                json.required("pairbatch_version").stringValue(),
                new Source(
                        source.required("bucket").stringValue(),
                        source.required("key").stringValue(),
                        source.required("version").isNull()
                                ? null
                                : source.required("version").stringValue(),
                        source.required("etag").stringValue(),
                        source.required("size").longValue()),
                JobSpecJson.read(spec, readers),
                json.path("simulated").isBoolean() ? json.path("simulated").booleanValue() : null,
                seat(json.path("panel")));
    }

    private static @Nullable Seat seat(JsonNode panel) {
        return panel.isObject()
                ? new Seat(
                        panel.required("job_id").stringValue(),
                        panel.required("judge").stringValue())
                : null;
    }

    /// How this job's work is to be done, as `policy.json` holds it.
    ///
    /// @param reading the specification that says how answers are read
    public byte[] policy(JobSpec reading) {
        ObjectNode file = Json.MAPPER.createObjectNode().put("job_id", jobId);
        file.set("spec", JobSpecJson.policy(spec, reading));
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(file);
    }
}
