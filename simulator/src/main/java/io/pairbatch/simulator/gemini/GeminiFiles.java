package io.pairbatch.simulator.gemini;

import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.batch.BatchSettings;
import io.pairbatch.simulator.batch.BatchStore;
import io.pairbatch.simulator.fault.Fault;
import io.pairbatch.simulator.fault.Operation;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.Handling;
import io.pairbatch.simulator.http.RefusedException;
import io.pairbatch.simulator.http.Shared;
import io.pairbatch.simulator.store.FileStore;
import io.pairbatch.simulator.store.Journal;
import io.pairbatch.simulator.store.Json;
import io.pairbatch.simulator.store.LineReader;
import io.pairbatch.simulator.store.SimulatedClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `files`: resumable uploads, metadata and downloads. An unfinished upload is lost when the process ends.
final class GeminiFiles {

    private static final int MOST_JSON = 1 << 20;
    private static final long MOST_BYTES = 2L << 30;
    private static final long LIFETIME_SECONDS = 48 * 3600;
    private static final int LONGEST_ID = 40;
    private static final int LONGEST_NAME = 512;
    private static final List<String> TYPES = List.of(
            "application/jsonl",
            "application/json",
            "application/jsonlines",
            "application/x-jsonlines",
            "application/x-ndjson",
            "application/octet-stream",
            "jsonl",
            "text/jsonl",
            "text/plain");

    private final BatchSettings settings;
    private final GeminiRules rules;
    private final FileStore files;
    private final GeminiBatchApi api;
    private final BatchStore batches;
    private final Journal journal;
    private final SimulatedClock clock;
    private final Handling handling;
    private final Map<String, GeminiUpload> uploads = new ConcurrentHashMap<>();

    GeminiFiles(GeminiBatchApi api, Shared shared) {
        this.settings = shared.settings();
        this.rules = api.rules();
        this.files = shared.files();
        this.api = api;
        this.batches = shared.batches();
        this.journal = shared.journal();
        this.clock = shared.clock();
        this.handling = shared.handling();
    }

    /// A command of the resumable protocol: the start goes to `files`, all others to the URL that the start returned.
    void upload(Exchange exchange) throws IOException {
        String command = exchange.header("X-Goog-Upload-Command").replace(" ", "");
        String id = exchange.query().getOrDefault("upload_id", "");
        if (id.isEmpty()) {
            JsonNode body = exchange.json(MOST_JSON);
            String displayName =
                    ProtoTable.get(ProtoTable.get(body, "file"), "display_name").asString("");
            handling.run(exchange, call(displayName), laid -> start(exchange, command, body));
            return;
        }
        GeminiUpload upload = uploads.get(id);
        if (upload == null) {
            throw GeminiError.outage(404).refused();
        }
        switch (command) {
            case "query" -> {
                exchange.header("X-Goog-Upload-Size-Received", Long.toString(upload.received()));
                status(exchange, upload);
                exchange.replyEmpty(200);
            }
            case "upload", "upload,finalize", "finalize" ->
                handling.run(exchange, call(upload.displayName()), laid -> append(exchange, upload, command));
            case "cancel" -> {
                uploads.remove(id);
                Files.deleteIfExists(upload.draft());
                exchange.header("X-Goog-Upload-Status", "cancelled");
                exchange.replyEmpty(200);
            }
            default ->
                throw GeminiError.invalid("Invalid upload command: " + command).refused();
        }
    }

    /// A request of an upload, as fault rules see it.
    private Fault.Call call(String displayName) {
        return new Fault.Call(api.name(), Operation.UPLOAD, Map.of("display_name", displayName), "", "");
    }

    private static void status(Exchange exchange, GeminiUpload upload) {
        exchange.header("X-Goog-Upload-Status", upload.status());
        exchange.header("X-Goog-Upload-Chunk-Granularity", Long.toString(GeminiUpload.GRANULARITY));
    }

    private Handling.Reply start(Exchange exchange, String command, JsonNode body) throws IOException {
        if (!exchange.header("X-Goog-Upload-Protocol").equals("resumable") || !command.equals("start")) {
            throw GeminiError.invalid(
                            "Only resumable uploads are served: X-Goog-Upload-Protocol: resumable, X-Goog-Upload-Command: start.")
                    .refused();
        }
        List<ProtoTable.Misfit> misfits = rules.messages().check("CreateFileRequest", body, "");
        if (!misfits.isEmpty()) {
            throw GeminiError.misfits(misfits).refused();
        }
        String type = exchange.header("X-Goog-Upload-Header-Content-Type");
        if (!TYPES.contains(type)) {
            throw GeminiError.invalid("Unsupported MIME type: " + type).refused();
        }
        String length = exchange.header("X-Goog-Upload-Header-Content-Length");
        if (!length.matches("\\d{1,15}")) {
            throw GeminiError.invalid("X-Goog-Upload-Header-Content-Length is missing or no number.")
                    .refused();
        }
        if (Long.parseLong(length) > settings.mostBytes(MOST_BYTES)) {
            throw GeminiError.invalid("File size " + length + " is above the limit of " + settings.mostBytes(MOST_BYTES)
                            + " bytes.")
                    .refused();
        }
        GeminiUpload upload =
                new GeminiUpload(files.draft(), ProtoTable.get(body, "file"), type, Long.parseLong(length));
        checkNames(upload);
        String id = UUID.randomUUID().toString().replace("-", "");
        uploads.put(id, upload);
        return cut -> {
            exchange.header(
                    "X-Goog-Upload-URL",
                    exchange.origin() + "/upload/v1beta/files?upload_id=" + id + "&upload_protocol=resumable");
            status(exchange, upload);
            exchange.replyEmpty(200);
        };
    }

    private void checkNames(GeminiUpload upload) {
        if (upload.displayName().length() > LONGEST_NAME) {
            throw GeminiError.invalid("* CreateFileRequest.file.display_name: cannot be more than " + LONGEST_NAME
                            + " characters.\n")
                    .refused();
        }
        if (upload.name().isEmpty()) {
            return;
        }
        String id = upload.name().startsWith("files/") ? upload.name().substring("files/".length()) : "";
        checkLength("CreateFileRequest.file.name", id);
        if (!id.matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?")) {
            throw GeminiError.invalid(
                            "* CreateFileRequest.file.name: File ID may only contain lowercase alphanumeric characters or dashes, and cannot begin or end with a dash.\n")
                    .refused();
        }
        if (files.find(api.name(), id) != null) {
            throw new GeminiError(409, "Requested entity already exists", "ALREADY_EXISTS", null).refused();
        }
    }

    private static void checkLength(String field, String id) {
        if (id.length() > LONGEST_ID) {
            throw GeminiError.invalid("* " + field + ": File ID (name excluding 'files/') cannot be more than "
                            + LONGEST_ID + " characters.\n")
                    .refused();
        }
    }

    private Handling.Reply append(Exchange exchange, GeminiUpload upload, String command) throws IOException {
        String length = exchange.header("Content-Length");
        status(exchange, upload);
        boolean last = command.endsWith("finalize");
        upload.append(
                exchange.body(),
                exchange.header("X-Goog-Upload-Offset"),
                length.isEmpty() ? -1 : Long.parseLong(length),
                last);
        if (!last) {
            return cut -> exchange.replyEmpty(200);
        }
        ObjectNode answer = Json.object();
        answer.set("file", view(exchange, keep(upload)));
        return cut -> {
            status(exchange, upload);
            exchange.reply(200, answer);
        };
    }

    private FileStore.Stored keep(GeminiUpload upload) throws IOException {
        String id =
                upload.name().isEmpty() ? GeminiApi.newId(12) : upload.name().substring("files/".length());
        MessageDigest sha256 = sha256();
        long lines = 0;
        try (InputStream in = new DigestInputStream(Files.newInputStream(upload.draft()), sha256)) {
            LineReader reader = new LineReader(in);
            while (reader.next()) {
                lines += reader.blank() ? 0 : 1;
            }
        }
        // The service encodes the digest's hexadecimal text, not its bytes.
        String hash = Base64.getEncoder()
                .encodeToString(HexFormat.of().formatHex(sha256.digest()).getBytes(StandardCharsets.US_ASCII));
        ObjectNode object = Json.object()
                .put("id", id)
                .put("purpose", "upload")
                .put("display_name", upload.displayName())
                .put("mime_type", upload.mimeType())
                .put("bytes", upload.received())
                .put("sha256", hash)
                .put("created_at", clock.seconds())
                .put("created_ms", clock.millis())
                .put("expires_at", clock.seconds() + LIFETIME_SECONDS);
        FileStore.Stored stored = files.add(api.name(), object, upload.draft(), lines);
        journal.append(Journal.entry("upload", id)
                .put("api", api.name())
                .put("name", "files/" + id)
                .put("display_name", upload.displayName())
                .put("bytes", upload.received())
                .put("lines", lines));
        return stored;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode view(Exchange exchange, FileStore.Stored stored) {
        ObjectNode object = stored.object();
        String name = "files/" + stored.id();
        String created =
                Instant.ofEpochMilli(object.path("created_ms").longValue(0)).toString();
        ObjectNode view = Json.object().put("name", name);
        if (!Json.text(object, "display_name", "").isEmpty()) {
            view.put("displayName", Json.text(object, "display_name", ""));
        }
        return view.put("mimeType", Json.text(object, "mime_type", ""))
                .put("sizeBytes", object.path("bytes").asString())
                .put("createTime", created)
                .put("updateTime", created)
                .put(
                        "expirationTime",
                        Instant.ofEpochMilli(object.path("created_ms").longValue(0) + LIFETIME_SECONDS * 1000)
                                .toString())
                .put("sha256Hash", Json.text(object, "sha256", ""))
                .put("uri", exchange.origin() + "/v1beta/" + name)
                .put("state", "ACTIVE")
                .put("source", "UPLOADED");
    }

    /// `files`, `files/{id}` and `files/{id}:download`.
    void handle(Exchange exchange, String name) throws IOException {
        boolean download = name.endsWith(":download");
        String id = download ? name.substring(0, name.length() - ":download".length()) : name;
        switch (exchange.method() + (id.isEmpty() ? "" : " one") + (download ? " download" : "")) {
            case "GET" -> run(exchange, Operation.LIST_FILES, "", laid -> list(exchange));
            case "GET one" ->
                run(exchange, Operation.RETRIEVE_FILE, id, laid -> {
                    ObjectNode view = view(exchange, uploaded("GetFileRequest.name", id));
                    return cut -> exchange.reply(200, view);
                });
            case "DELETE one" ->
                run(exchange, Operation.DELETE_FILE, id, laid -> {
                    uploaded("DeleteFileRequest.name", id);
                    files.delete(id);
                    journal.append(Journal.entry("delete", id).put("api", api.name()));
                    return cut -> exchange.reply(200, Json.object());
                });
            case "GET one download" -> run(exchange, Operation.DOWNLOAD, id, laid -> download(exchange, id));
            default -> throw GeminiApi.unknownUrl();
        }
    }

    private Handling.Reply list(Exchange exchange) {
        List<FileStore.Stored> all = files.list(api.name()).stream()
                .filter(stored -> stored.purpose().equals("upload"))
                .toList();
        GeminiApi.Page<FileStore.Stored> page = GeminiApi.page(exchange.query(), all, FileStore.Stored::id, 10, 100);
        ObjectNode answer = Json.object();
        if (!page.items().isEmpty()) {
            answer.putArray("files")
                    .addAll(page.items().stream()
                            .map(stored -> view(exchange, stored))
                            .toList());
        }
        return GeminiApi.paged(exchange, answer, page);
    }

    private FileStore.Stored uploaded(String field, String id) {
        checkLength(field, id);
        FileStore.Stored stored = files.find(api.name(), id);
        if (stored == null || !stored.purpose().equals("upload")) {
            throw hidden(id);
        }
        return stored;
    }

    /// Google does not distinguish a deleted file from another user's file.
    private static RefusedException hidden(String id) {
        return new GeminiError(
                        403,
                        "You do not have permission to access the File " + id + " or it may not exist.",
                        "PERMISSION_DENIED",
                        null)
                .refused();
    }

    private Handling.Reply download(Exchange exchange, String id) {
        FileStore.Stored stored = files.find(api.name(), id);
        if (stored == null) {
            throw hidden(id);
        }
        if (!stored.purpose().equals("responses")
                || !exchange.query().getOrDefault("alt", "").equals("media")) {
            throw GeminiError.invalid("The file " + id + " is not downloadable: only generated files, with alt=media.")
                    .refused();
        }
        Path content = files.content(id);
        return cut -> exchange.reply(content, "application/octet-stream", cut);
    }

    private void run(Exchange exchange, Operation operation, String id, Handling.Work work) throws IOException {
        handling.run(exchange, call(operation, id), work);
    }

    /// A request about a file, with the batch that the file belongs to.
    private Fault.Call call(Operation operation, String id) {
        for (Batch batch : id.isEmpty() ? List.<Batch>of() : batches.list(api)) {
            for (String kind : List.of("input", "output")) {
                if (batch.text(kind + "_file_id").equals(id)) {
                    return Fault.Call.of(batch, operation, kind);
                }
            }
        }
        return new Fault.Call(api.name(), operation, Map.of(), "", "");
    }
}
