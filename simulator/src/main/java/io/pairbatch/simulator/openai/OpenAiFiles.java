package io.pairbatch.simulator.openai;

import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.batch.BatchSettings;
import io.pairbatch.simulator.batch.BatchStore;
import io.pairbatch.simulator.fault.Fault;
import io.pairbatch.simulator.fault.Operation;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.Handling;
import io.pairbatch.simulator.http.Shared;
import io.pairbatch.simulator.store.FileStore;
import io.pairbatch.simulator.store.Journal;
import io.pairbatch.simulator.store.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/files`.
final class OpenAiFiles {

    private static final List<String> PURPOSES =
            List.of("assistants", "batch", "fine-tune", "vision", "user_data", "evals");
    private static final long DAYS_30 = 30L * 24 * 3600;
    private static final long MOST_BYTES = 512L << 20;
    private static final int AZURE_FILES = 500;
    private static final int AZURE_FILES_THAT_EXPIRE = 10_000;

    private final Service service;
    private final BatchSettings settings;
    private final FileStore files;
    private final OpenAiBatchApi api;
    private final BatchStore batches;
    private final Journal journal;
    private final Handling handling;

    OpenAiFiles(Service service, OpenAiBatchApi api, Shared shared) {
        this.service = service;
        this.settings = shared.settings();
        this.files = shared.files();
        this.api = api;
        this.batches = shared.batches();
        this.journal = shared.journal();
        this.handling = shared.handling();
    }

    void handle(Exchange exchange, List<String> path) throws IOException {
        String id = path.isEmpty() ? "" : path.getFirst();
        switch (exchange.method() + " " + path.size() + (path.size() > 1 ? path.get(1) : "")) {
            case "POST 0" -> run(exchange, Operation.UPLOAD, "", laid -> upload(exchange));
            case "GET 0" -> run(exchange, Operation.LIST_FILES, "", laid -> list(exchange));
            case "GET 1" ->
                run(exchange, Operation.RETRIEVE_FILE, id, laid -> {
                    ObjectNode file = get(id).object();
                    return cut -> exchange.reply(200, file);
                });
            case "DELETE 1" -> run(exchange, Operation.DELETE_FILE, id, laid -> delete(exchange, id));
            case "GET 2content" ->
                run(exchange, Operation.DOWNLOAD, id, laid -> {
                    Path content = files.content(get(id).id());
                    return cut -> exchange.reply(content, "application/octet-stream", cut);
                });
            default -> throw OpenAiApi.unknownUrl(exchange);
        }
    }

    private void run(Exchange exchange, Operation operation, String id, Handling.Work work) throws IOException {
        handling.run(exchange, call(operation, id), work);
    }

    private FileStore.Stored get(String id) {
        FileStore.Stored stored = files.find(api.name(), id);
        if (stored == null) {
            throw OpenAiError.notFound("No such File object: " + id, "id").refused();
        }
        return stored;
    }

    /// The provider's file object.
    ///
    /// @param lifetime seconds, or null for the purpose's default
    static ObjectNode object(
            String id, Path content, String filename, String purpose, long now, @Nullable Long lifetime)
            throws IOException {
        ObjectNode object = Json.object()
                .put("id", id)
                .put("object", "file")
                .put("bytes", Files.size(content))
                .put("created_at", now);
        if (lifetime != null) {
            object.put("expires_at", now + lifetime);
        } else if (purpose.startsWith("batch")) {
            object.put("expires_at", now + DAYS_30);
        } else {
            object.putNull("expires_at");
        }
        return object.put("filename", filename)
                .put("purpose", purpose)
                .put("status", "processed")
                .putNull("status_details");
    }

    /// A request about a file, with the batch that the file belongs to.
    private Fault.Call call(Operation operation, String id) {
        if (!id.isEmpty()) {
            for (Batch batch : batches.list(api)) {
                for (String kind : List.of("input", "output", "error")) {
                    if (batch.text(kind + "_file_id").equals(id)) {
                        return Fault.Call.of(batch, operation, kind);
                    }
                }
            }
        }
        return new Fault.Call(api.name(), operation, Map.of(), "", "");
    }

    private Handling.Reply upload(Exchange exchange) throws IOException {
        Upload upload = new Upload(service, files.draft());
        try {
            upload.read(new Multipart(exchange.body(), exchange.header("Content-Type")));
            check(upload);
            ObjectNode file = api.file(upload.draft, upload.filename, upload.purpose, upload.lifetime());
            checkRoom(upload.lifetime() != null);
            FileStore.Stored stored = files.add(api.name(), file, upload.draft, upload.lines);
            journal.append(Journal.entry("upload", stored.id())
                    .put("filename", upload.filename)
                    .put("purpose", upload.purpose)
                    .put("bytes", stored.object().path("bytes").longValue())
                    .put("lines", upload.lines));
            return cut -> exchange.reply(200, stored.object());
        } finally {
            Files.deleteIfExists(upload.draft);
        }
    }

    private void check(Upload upload) {
        if (!upload.file) {
            throw OpenAiError.invalid("Missing required parameter: 'file'.", "file", "missing_required_parameter")
                    .refused();
        }
        if (!PURPOSES.contains(upload.purpose)) {
            throw OpenAiError.invalid(
                            "'" + upload.purpose + "' is not one of [" + OpenAiRules.quoted(PURPOSES) + "] - 'purpose'",
                            "purpose",
                            null)
                    .refused();
        }
        boolean batch = upload.purpose.equals("batch");
        if (batch && !upload.filename.toLowerCase(Locale.ROOT).endsWith(".jsonl")) {
            throw OpenAiError.invalid("Invalid file format for Batch API. Must be .jsonl", "file", null)
                    .refused();
        }
        if (upload.bytes > (batch ? settings.mostBytes(200_000_000) : MOST_BYTES)) {
            throw new OpenAiError(
                            413,
                            "File is too large. The maximum size for purpose '" + upload.purpose + "' is "
                                    + (batch ? settings.mostBytes(200_000_000) : MOST_BYTES) + " bytes.",
                            "invalid_request_error",
                            "file",
                            null)
                    .refused();
        }
    }

    /// Azure limits the files of a resource, those with and without an expiry separately.
    private void checkRoom(boolean expires) {
        if (!service.azure()) {
            return;
        }
        long there = files.list(api.name()).stream()
                .filter(stored -> stored.purpose().equals("batch"))
                .filter(stored -> stored.object().path("expires_at").isNumber() == expires)
                .count();
        int most = expires ? AZURE_FILES_THAT_EXPIRE : AZURE_FILES;
        if (there >= most) {
            throw OpenAiError.invalid(
                            "The maximum number of files (" + most + ") for this resource has been reached.",
                            "file",
                            "quota_exceeded")
                    .refused();
        }
    }

    private Handling.Reply list(Exchange exchange) {
        Map<String, String> query = exchange.query();
        int limit = OpenAiApi.limit(query, 10_000, 10_000);
        List<FileStore.Stored> all = new java.util.ArrayList<>(files.list(api.name()));
        if (query.getOrDefault("order", "desc").equals("asc")) {
            Collections.reverse(all);
        }
        String purpose = query.getOrDefault("purpose", "");
        String after = query.getOrDefault("after", "");
        List<ObjectNode> rest = all.stream()
                .filter(stored -> purpose.isEmpty() || stored.purpose().equals(purpose))
                .map(FileStore.Stored::object)
                .toList();
        ObjectNode page = OpenAiApi.page(rest, after, limit);
        return cut -> exchange.reply(200, page);
    }

    private Handling.Reply delete(Exchange exchange, String id) throws IOException {
        get(id);
        files.delete(id);
        journal.append(Journal.entry("delete", id));
        ObjectNode answer = Json.object().put("id", id).put("object", "file").put("deleted", true);
        return cut -> exchange.reply(200, answer);
    }

    /// The fields of one upload; the file is written to the draft as it arrives.
    private static final class Upload {

        private final Service service;
        private final Path draft;
        private String filename = "";
        private String purpose = "";
        private String anchor = "";
        private String seconds = "";
        private boolean file;
        private long bytes;
        private long lines;

        Upload(Service service, Path draft) {
            this.service = service;
            this.draft = draft;
        }

        void read(Multipart parts) throws IOException {
            String anchorName = service.azure() ? "expires_after.anchor" : "expires_after[anchor]";
            String secondsName = service.azure() ? "expires_after.seconds" : "expires_after[seconds]";
            while (parts.next()) {
                if (parts.name().equals(anchorName)) {
                    anchor = parts.text();
                    continue;
                }
                if (parts.name().equals(secondsName)) {
                    seconds = parts.text();
                    continue;
                }
                switch (parts.name()) {
                    case "file" -> {
                        file = true;
                        filename = parts.filename();
                        try (LineCounter out = new LineCounter(Files.newOutputStream(draft))) {
                            parts.copyTo(out);
                            bytes = out.bytes();
                            lines = out.lines();
                        }
                    }
                    case "purpose" -> purpose = parts.text();
                    default ->
                        throw OpenAiError.invalid(
                                        "Unknown parameter: '" + parts.name() + "'.", parts.name(), "unknown_parameter")
                                .refused();
                }
            }
        }

        @Nullable
        Long lifetime() {
            if (anchor.isEmpty() && seconds.isEmpty()) {
                return null;
            }
            return service.azure()
                    ? OpenAiApi.lifetime("expires_after", anchor, seconds, Service.SHORTEST_AZURE_LIFE)
                    : OpenAiApi.lifetime("expires_after", anchor, seconds);
        }
    }

    /// Counts the bytes and lines that pass through.
    private static final class LineCounter extends OutputStream {

        private final OutputStream out;
        private long bytes;
        private long lines;
        private boolean text;

        LineCounter(OutputStream out) {
            this.out = new BufferedOutputStream(out, 1 << 16);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] chunk, int from, int length) throws IOException {
            for (int i = from; i < from + length; i++) {
                if (chunk[i] == '\n') {
                    lines += text ? 1 : 0;
                    text = false;
                } else if (chunk[i] > ' ' || chunk[i] < 0) {
                    text = true;
                }
            }
            bytes += length;
            out.write(chunk, from, length);
        }

        long bytes() {
            return bytes;
        }

        /// Lines that are not blank.
        long lines() {
            return lines + (text ? 1 : 0);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
