package io.pairbatch.chaos.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// OpenAI's files: those that were uploaded, and those that batches write.
final class OpenAiFiles {

    static final Duration USUAL_LIFE = Duration.ofDays(30);
    private static final Set<String> PURPOSES =
            Set.of("assistants", "batch", "fine-tune", "vision", "user_data", "evals");
    private static final int MOST_BYTES = 200_000_000;

    private final long most;
    private final Map<String, Stored> files = new HashMap<>();

    /// @param most bytes of one file
    OpenAiFiles(long most) {
        this.most = Math.min(most, MOST_BYTES);
    }

    /// A file.
    ///
    /// @param content of an uploaded file; empty for a batch's result file
    /// @param batch whose results these are; null for an uploaded file
    /// @param errors whether this is the error file
    /// @param readyAt when it can be used
    /// @param failsLate whether a batch can be created from it before that
    @SuppressWarnings("ArrayRecordComponent")
    record Stored(
            String id,
            String project,
            String name,
            byte[] content,
            @Nullable Batch batch,
            boolean errors,
            Instant createdAt,
            Instant expiresAt,
            Instant readyAt,
            boolean failsLate) {}

    void add(Stored file) {
        files.put(file.id, file);
    }

    /// A file of the project, whether it is ready or not.
    @Nullable
    Stored find(String id, String project, Instant at) {
        Stored file = files.get(id);
        return file != null && file.project.equals(project) && at.isBefore(file.expiresAt) ? file : null;
    }

    void remove(String id) {
        files.remove(id);
    }

    /// Reads the form of an upload.
    ///
    /// @param id of the new file
    Stored upload(Inbound request, String id, String project) {
        List<Multipart.Part> parts = Multipart.parts(request.body(), request.header("content-type"));
        Map<String, String> fields = new HashMap<>();
        Multipart.Part file = null;
        for (Multipart.Part part : parts) {
            switch (part.name()) {
                case "file" -> file = part;
                case "purpose", "expires_after[anchor]", "expires_after[seconds]" ->
                    fields.put(part.name(), part.text());
                default -> throw OpenAiErrors.unknownParameter(part.name());
            }
        }
        if (file == null) {
            throw OpenAiErrors.missing("file");
        }
        check(file, fields.getOrDefault("purpose", ""));
        Instant at = request.at();
        String anchor = fields.getOrDefault("expires_after[anchor]", "");
        String seconds = fields.getOrDefault("expires_after[seconds]", "");
        Duration life = anchor.isEmpty() && seconds.isEmpty() ? USUAL_LIFE : life("expires_after", anchor, seconds);
        Duration unready = request.fault() instanceof Fault.Unready fault ? fault.delay() : Duration.ZERO;
        boolean late = request.fault() instanceof Fault.Unready fault && fault.atValidation();
        return new Stored(
                id, project, file.filename(), file.bytes(), null, false, at, at.plus(life), at.plus(unready), late);
    }

    private void check(Multipart.Part file, String purpose) {
        if (!PURPOSES.contains(purpose)) {
            throw OpenAiErrors.invalid("'" + purpose + "' is not one of the purposes - 'purpose'", "purpose", null);
        }
        if (!file.filename().endsWith(".jsonl")) {
            throw OpenAiErrors.invalid("Invalid file format for Batch API. Must be .jsonl", "file", null);
        }
        if (file.to() - file.from() > most) {
            throw new Refusal(OpenAiErrors.words(Trouble.TOO_LARGE));
        }
    }

    /// The lifetime of a file.
    ///
    /// @param policy the name of the parameter
    static Duration life(String policy, String anchor, String seconds) {
        if (!anchor.equals("created_at")) {
            throw OpenAiErrors.invalidValue(policy + ".anchor", anchor);
        }
        long life = -1;
        try {
            life = Long.parseLong(seconds);
        } catch (NumberFormatException e) {
            // Refused below, like any other invalid number.
        }
        if (life < 3600 || life > USUAL_LIFE.toSeconds()) {
            throw OpenAiErrors.invalidValue(policy + ".seconds", seconds);
        }
        return Duration.ofSeconds(life);
    }

    /// The same, from the JSON of a create; the usual lifetime if it sets none.
    static Duration life(JsonNode policy) {
        return policy.isMissingNode() || policy.isNull()
                ? USUAL_LIFE
                : life(
                        "output_expires_after",
                        Json.text(policy, "anchor"),
                        policy.path("seconds").asString(""));
    }

    /// The file as it is shown.
    static Answer view(Stored file, long bytes) {
        return Answer.json(
                200,
                Json.object()
                        .put("id", file.id)
                        .put("object", "file")
                        .put("bytes", bytes)
                        .put("created_at", file.createdAt.getEpochSecond())
                        .put("expires_at", file.expiresAt.getEpochSecond())
                        .put("filename", file.name)
                        .put("purpose", file.batch == null ? "batch" : "batch_output")
                        .put("status", "processed")
                        .putNull("status_details")
                        .endBytes());
    }
}
