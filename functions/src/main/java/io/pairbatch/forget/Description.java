package io.pairbatch.forget;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.registry.DeletionRegistry;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.step.JobOpener;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a job was, for those who have to answer for its deletion: names, counts and times, and the table's digest, by
/// which it is known elsewhere; never a text of a pair.
final class Description {

    private final DeletionRegistry deletion;
    private final JobOpener jobs;

    Description(DeletionRegistry deletion, JobOpener jobs) {
        this.deletion = deletion;
        this.jobs = jobs;
    }

    /// One JSON object. What is not known is null: a job that was never put together has no digest.
    String of(String jobId) throws IOException {
        JobRecord record = deletion.record(jobId).orElseThrow();
        Optional<ResolvedJob> frozen = frozen(jobId);
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("backend", record.backend())
                .put("model", record.model())
                .put("simulated", record.simulated())
                .put(
                        "trait_name",
                        frozen.map(job -> job.spec().prompt().trait().name()).orElse(null))
                .put("study", record.tags().filing().study());
        ObjectNode labels = json.putObject("labels");
        record.tags().filing().labels().forEach(labels::put);
        String key = record.sourceKey();
        ObjectNode table = json.putObject("table")
                .put("name", key.substring(key.lastIndexOf('/') + 1))
                .put("sha256", sha256(jobId))
                .put("bytes", frozen.map(job -> job.source().size()).orElse(null))
                .put("etag", frozen.map(job -> job.source().etag()).orElse(null));
        if (frozen.filter(job -> job.spec().batching().pairing().isPresent()).isPresent()) {
            // What a job of samples reads as rows are the comparisons of its design.
            table.put("samples", samples(jobId)).put("comparisons", record.rowsRead() * record.perRow());
        } else {
            table.put("rows", record.rowsRead());
        }
        table.put("rejected", record.rowsRejected());
        ArrayNode same = json.putArray("same_pairs_in");
        deletion.duplicates(jobId).forEach(same::add);
        return json.put("judged", record.observed())
                .put("failed", record.failed())
                .put("created_at", text(record.createdAt()))
                .put("finished_at", text(record.finishedAt()))
                .toString();
    }

    /// A file that cannot be read must not keep the job from being deleted.
    private Optional<ResolvedJob> frozen(String jobId) throws IOException {
        try {
            return jobs.frozen(jobId);
        } catch (JobRejectedException | JacksonException e) {
            return Optional.empty();
        }
    }

    private @Nullable Long samples(String jobId) throws IOException {
        try (InputStream in = jobs.store(jobId).open(JobFiles.DESIGN).orElse(null)) {
            JsonNode samples = in == null ? null : Json.MAPPER.readTree(in).path("samples");
            return samples != null && samples.isNumber() ? Long.valueOf(samples.longValue()) : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private @Nullable String sha256(String jobId) throws IOException {
        try (InputStream in = jobs.store(jobId).open(JobFiles.TABLE_DIGEST).orElse(null)) {
            return in == null ? null : Json.MAPPER.readTree(in).path("sha256").asString(null);
        } catch (JacksonException e) {
            return null;
        }
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
