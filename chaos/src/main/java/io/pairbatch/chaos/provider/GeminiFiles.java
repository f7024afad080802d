package io.pairbatch.chaos.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Gemini's files, and the resumable protocol for uploads.
final class GeminiFiles {

    /// The size of every chunk but the last is a multiple of it.
    static final int GRANULARITY = 1 << 18;

    private static final Duration LIFE = Duration.ofDays(2);
    private static final long MOST_BYTES = 2L << 30;
    private static final int LONGEST_ID = 40;
    private static final Set<String> TYPES = Set.of("application/jsonl", "jsonl", "text/jsonl", "text/plain");

    private final String baseUrl;
    private final long most;
    private final Map<String, Stored> files = new HashMap<>();
    private final Map<String, Upload> uploads = new HashMap<>();

    /// @param most bytes of one file
    GeminiFiles(String baseUrl, long most) {
        this.baseUrl = baseUrl;
        this.most = Math.min(most, MOST_BYTES);
    }

    /// An uploaded file.
    ///
    /// @param id without `files/`
    /// @param readyAt when it can be used
    /// @param failsLate whether a batch can be created from it before that
    @SuppressWarnings("ArrayRecordComponent")
    record Stored(
            String id,
            String project,
            String name,
            byte[] content,
            Instant createdAt,
            Instant readyAt,
            boolean failsLate) {}

    private static final class Upload {

        private final String project;
        private final String displayName;
        private final long announced;
        private byte[] bytes = {};
        private @Nullable Stored file;

        Upload(String project, String displayName, long announced) {
            this.project = project;
            this.displayName = displayName;
            this.announced = announced;
        }

        String status() {
            return file == null ? "active" : "final";
        }
    }

    @Nullable
    Stored find(String id, String project, Instant at) {
        Stored file = files.get(id);
        boolean there = file != null && file.project.equals(project) && at.isBefore(file.createdAt.plus(LIFE));
        return there ? file : null;
    }

    void remove(String id) {
        files.remove(id);
    }

    /// Starts an upload.
    ///
    /// @param id of the upload
    Answer start(Inbound request, String id, String project) {
        if (!request.header("X-Goog-Upload-Protocol").equals("resumable")
                || !request.header("X-Goog-Upload-Command").equals("start")) {
            throw GeminiErrors.invalid("Only resumable uploads are served.");
        }
        JsonNode body = request.object();
        if (!request.isOfType("application/json") || body == null) {
            throw GeminiErrors.invalid("Invalid JSON payload received. Unexpected token.");
        }
        String type = request.header("X-Goog-Upload-Header-Content-Type");
        if (!TYPES.contains(type)) {
            throw GeminiErrors.invalid("Unsupported MIME type: " + type);
        }
        long length = number(request.header("X-Goog-Upload-Header-Content-Length"));
        if (length < 0 || length > most) {
            throw GeminiErrors.invalid("File size " + length + " is none, or above the limit.");
        }
        JsonNode file = body.path("file");
        String name = Json.text(file, file.has("display_name") ? "display_name" : "displayName");
        if (name.length() > 512) {
            throw GeminiErrors.invalid("* CreateFileRequest.file.display_name: cannot be more than 512 characters.");
        }
        Upload upload = new Upload(project, name, length);
        uploads.put(id, upload);
        Map<String, String> headers = headers(upload);
        headers.put(
                "x-goog-upload-url", baseUrl + "/upload/v1beta/files?upload_id=" + id + "&upload_protocol=resumable");
        return new Answer(200, headers, new byte[0]);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static Map<String, String> headers(Upload upload) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-goog-upload-status", upload.status());
        headers.put("x-goog-upload-chunk-granularity", Integer.toString(GRANULARITY));
        return headers;
    }

    private Upload upload(Inbound request) {
        Upload upload = uploads.get(request.query().getOrDefault("upload_id", ""));
        if (upload == null) {
            throw new Refusal(GeminiErrors.notFound());
        }
        return upload;
    }

    /// Continues an upload.
    ///
    /// @param dice random source of the file
    Answer goOn(Inbound request, Dice dice) {
        Upload upload = upload(request);
        return switch (request.header("X-Goog-Upload-Command").replace(" ", "")) {
            case "query" -> query(upload, dice);
            case "upload" -> append(request, upload, false, dice);
            case "upload,finalize" -> append(request, upload, true, dice);
            default -> throw GeminiErrors.invalid("Invalid upload command.");
        };
    }

    /// The number of bytes received. Whether the response for a finished upload names the file again is random, because
    /// it is not documented.
    private Answer query(Upload upload, Dice dice) {
        Map<String, String> headers = headers(upload);
        headers.put("x-goog-upload-size-received", Integer.toString(upload.bytes.length));
        Stored file = upload.file;
        byte[] body = file != null && dice.with("again").below(2) == 0 ? created(file) : new byte[0];
        return new Answer(200, headers, body);
    }

    private Answer append(Inbound request, Upload upload, boolean last, Dice dice) {
        if (upload.file != null) {
            throw GeminiErrors.invalid("Upload has already been finalized.");
        }
        if (number(request.header("X-Goog-Upload-Offset")) != upload.bytes.length) {
            throw GeminiErrors.invalid("Invalid upload offset; " + upload.bytes.length + " bytes were received.");
        }
        byte[] chunk = request.body();
        long size = (long) upload.bytes.length + chunk.length;
        if (size > upload.announced || (last && size < upload.announced)) {
            throw GeminiErrors.invalid("Upload of " + size + " of " + upload.announced + " bytes.");
        }
        if (!last && chunk.length % GRANULARITY != 0) {
            throw GeminiErrors.invalid("The size of a chunk must be a multiple of " + GRANULARITY + " bytes.");
        }
        add(upload, chunk, chunk.length);
        if (!last) {
            return new Answer(200, headers(upload), new byte[0]);
        }
        Fault.Unready unready = request.fault() instanceof Fault.Unready fault ? fault : null;
        Stored file = new Stored(
                dice.with("file").letters(12),
                upload.project,
                upload.displayName,
                upload.bytes,
                request.at(),
                unready == null ? request.at() : request.at().plus(unready.delay()),
                unready != null && unready.atValidation());
        files.put(file.id, file);
        upload.file = file;
        return new Answer(200, headers(upload), created(file));
    }

    /// Keeps the complete steps of a chunk that broke off.
    void half(Inbound request) {
        Upload upload = uploads.get(request.query().getOrDefault("upload_id", ""));
        if (upload == null || upload.file != null) {
            return;
        }
        if (number(request.header("X-Goog-Upload-Offset")) == upload.bytes.length) {
            add(upload, request.body(), request.body().length / GRANULARITY * GRANULARITY);
        }
    }

    private static void add(Upload upload, byte[] chunk, int count) {
        int before = upload.bytes.length;
        upload.bytes = Arrays.copyOf(upload.bytes, before + count);
        System.arraycopy(chunk, 0, upload.bytes, before, count);
    }

    /// The file created by this request's upload; null while it is in progress.
    @Nullable
    Stored made(Inbound request) {
        Upload upload = uploads.get(request.query().getOrDefault("upload_id", ""));
        return upload == null ? null : upload.file;
    }

    private byte[] created(Stored file) {
        return Json.object().raw("file", json(file, file.createdAt)).endBytes();
    }

    /// Refuses an ID that is too long for the calls that read file metadata.
    static void checkId(String id) {
        if (id.length() > LONGEST_ID) {
            throw GeminiErrors.invalid(
                    "* GetFileRequest.name: File ID (name excluding 'files/') cannot be more than 40 characters.\n");
        }
    }

    /// The file as it is shown.
    String json(Stored file, Instant at) {
        boolean ready = !at.isBefore(file.readyAt) || file.failsLate;
        return Json.object()
                .put("name", "files/" + file.id)
                .put("displayName", file.name)
                .put("mimeType", "application/jsonl")
                .put("sizeBytes", Integer.toString(file.content.length))
                .put("createTime", file.createdAt.toString())
                .put("updateTime", file.createdAt.toString())
                .put("expirationTime", file.createdAt.plus(LIFE).toString())
                .put("uri", baseUrl + "/v1beta/files/" + file.id)
                .put("state", ready ? "ACTIVE" : "PROCESSING")
                .put("source", "UPLOADED")
                .end();
    }
}
