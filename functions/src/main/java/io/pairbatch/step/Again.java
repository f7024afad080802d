package io.pairbatch.step;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.RetryableException;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The wish that a collected segment's answers be fetched once more, `registry/segment_NNNNNN_again.json`: a lost
/// registry gets it from there. From the moment at which it says that the files are fetched nothing can go back: they
/// take the place of the others, whatever dies meanwhile.
///
/// @param fetchedAt when the new files were all there; null before
/// @param ending what the provider says of the batch then; null before
/// @param done whether nothing is left to do
public record Again(
        int segment,
        Instant askedAt,
        @Nullable Instant fetchedAt,
        @Nullable Ending ending,
        boolean done) {

    private static final Pattern NAME = Pattern.compile("registry/segment_(\\d{6,9})_again\\.json");

    /// A new wish.
    public static Again asked(int segment, Instant at) {
        return new Again(segment, at, null, null, false);
    }

    /// The same, once the new files are all there.
    public Again fetched(Instant at, Ending found) {
        return new Again(segment, askedAt, at, found, false);
    }

    /// The same, with nothing left to do.
    public Again settled() {
        return new Again(segment, askedAt, fetchedAt, ending, true);
    }

    /// Passes on the numbers of the segments for which there ever was such a wish.
    public static void each(JobStore store, Consumer<Integer> segment) throws IOException {
        store.list(JobFiles.REGISTRY_FOLDER + "segment_", file -> of(file).ifPresent(segment));
    }

    /// The segment whose wish a file is.
    static Optional<Integer> of(String file) {
        Matcher name = NAME.matcher(file);
        return name.matches() ? Optional.of(Integer.valueOf(name.group(1))) : Optional.empty();
    }

    /// Whether a wish of the job is not settled, or is, and the job was not merged since.
    ///
    /// @param merged when the job was merged last; null if that is not known
    public static boolean anyOpen(JobStore store, @Nullable Instant merged) throws IOException {
        List<Integer> all = new ArrayList<>();
        each(store, all::add);
        for (int segment : all) {
            if (read(store, segment).filter(wish -> wish.isOpen(merged)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private boolean isOpen(@Nullable Instant merged) {
        return !done || (merged != null && fetchedAt != null && fetchedAt.isAfter(merged));
    }

    /// The last wish for a segment; empty if there never was one.
    public static Optional<Again> read(JobStore store, int segment) throws IOException {
        Optional<InputStream> file = store.open(JobFiles.collectAgain(segment));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = file.get()) {
            JsonNode json = Json.MAPPER.readTree(in);
            return Optional.of(new Again(
                    segment,
                    Instant.parse(json.required("asked_at").stringValue()),
                    json.path("fetched_at").isString()
                            ? Instant.parse(json.required("fetched_at").stringValue())
                            : null,
                    json.path("batch").isObject() ? ending(json.required("batch")) : null,
                    json.path("done").asBoolean(false)));
        }
    }

    private static Ending ending(JsonNode batch) {
        return new Ending(
                SegmentState.valueOf(batch.required("state").stringValue()),
                batch.required("provider_status").stringValue(),
                batch.path("requests_total").asLong(0),
                batch.path("requests_completed").asLong(0),
                batch.path("requests_failed").asLong(0),
                batch.path("output_file_id").asString(null),
                batch.path("error_file_id").asString(null),
                batch.path("error_code").asString(null),
                batch.path("error_message").asString(null));
    }

    /// Writes it down.
    ///
    /// @throws RetryableException if it could not be written
    public void write(JobStore store) {
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("segment_index", segment)
                .put("asked_at", askedAt.toString())
                .put("fetched_at", fetchedAt == null ? null : fetchedAt.toString())
                .put("done", done);
        if (ending != null) {
            json.putObject("batch")
                    .put("state", ending.outcome().name())
                    .put("provider_status", ending.status())
                    .put("requests_total", ending.total())
                    .put("requests_completed", ending.completed())
                    .put("requests_failed", ending.failed())
                    .put("output_file_id", ending.outputFileId())
                    .put("error_file_id", ending.errorFileId())
                    .put("error_code", ending.errorCode())
                    .put("error_message", ending.errorMessage());
        }
        try (Draft draft = store.create(JobFiles.collectAgain(segment))) {
            draft.write(Json.MAPPER.writeValueAsBytes(json));
            draft.write('\n');
            draft.commit();
        } catch (IOException e) {
            throw new RetryableException("the wish to collect segment " + segment + " again could not be written", e);
        }
    }
}
