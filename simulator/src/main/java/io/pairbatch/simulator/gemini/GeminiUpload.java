package io.pairbatch.simulator.gemini;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tools.jackson.databind.JsonNode;

/// One resumable upload, from the start to the last byte. Bytes are written to a draft as they arrive.
final class GeminiUpload {

    /// The size of every chunk but the last is a multiple of it.
    static final long GRANULARITY = 1 << 18;

    private final Path draft;
    private final JsonNode file;
    private final String mimeType;
    private final long announced;
    private long received;
    private boolean open = true;

    /// @param file from the start: name and display name, both optional
    /// @param announced size in bytes
    GeminiUpload(Path draft, JsonNode file, String mimeType, long announced) {
        this.draft = draft;
        this.file = file;
        this.mimeType = mimeType;
        this.announced = announced;
    }

    Path draft() {
        return draft;
    }

    String name() {
        return ProtoTable.get(file, "name").asString("");
    }

    String displayName() {
        return ProtoTable.get(file, "display_name").asString("");
    }

    String mimeType() {
        return mimeType;
    }

    synchronized long received() {
        return received;
    }

    /// `active` until the last byte, then `final`.
    synchronized String status() {
        return open ? "active" : "final";
    }

    /// Appends a chunk. If the connection breaks, the bytes so far are kept, in multiples of the granularity.
    ///
    /// @param length the request's content length, -1 if unknown
    /// @throws RefusedException for a wrong offset, a chunk that is not a multiple of the granularity, or too many or
    /// too few bytes in total
    synchronized void append(InputStream chunk, String offset, long length, boolean last) throws IOException {
        if (!open) {
            throw GeminiError.invalid("Upload has already been finalized.").refused();
        }
        if (!offset.equals(Long.toString(received))) {
            throw GeminiError.invalid("Invalid upload offset " + offset + "; " + received + " bytes were received.")
                    .refused();
        }
        long from = received;
        boolean whole = false;
        try (OutputStream out = Files.newOutputStream(draft, StandardOpenOption.APPEND)) {
            received += chunk.transferTo(out);
            whole = length < 0 || received - from == length;
        } finally {
            if (!whole) {
                cut((Files.size(draft) - from) / GRANULARITY * GRANULARITY + from);
            }
        }
        if (!whole) {
            throw new IOException("the connection broke within a chunk");
        }
        check(from, last);
        open = !last;
    }

    private void check(long from, boolean last) throws IOException {
        String wrong = "";
        if (received > announced) {
            wrong = "More bytes than the announced " + announced + ".";
        } else if (last && received < announced) {
            wrong = "Upload finalized with " + received + " of " + announced + " bytes.";
        } else if (!last && (received - from) % GRANULARITY != 0) {
            wrong = "The size of a chunk must be a multiple of " + GRANULARITY + " bytes.";
        }
        if (!wrong.isEmpty()) {
            cut(from);
            throw GeminiError.invalid(wrong).refused();
        }
    }

    private void cut(long size) throws IOException {
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
        received = size;
    }
}
