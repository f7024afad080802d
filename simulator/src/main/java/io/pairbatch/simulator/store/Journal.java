package io.pairbatch.simulator.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What was done, one JSON object per line, on disk before the caller gets its response: the ground truth for tests
/// that count paid batches.
public final class Journal implements AutoCloseable {

    /// Operations that create a batch.
    private static final Set<String> OPENINGS = Set.of("create", "foreign");

    private final Path file;
    private final SimulatedClock clock;
    private final FileChannel channel;

    public Journal(Path data, SimulatedClock clock) throws IOException {
        this.file = data.resolve("journal.jsonl");
        this.clock = clock;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    public Path file() {
        return file;
    }

    /// The IDs of all batches in the journal. Removes a last line that a killed process left incomplete.
    public Set<String> batches() throws IOException {
        Set<String> ids = new HashSet<>();
        try (InputStream in = Files.newInputStream(file)) {
            LineReader lines = new LineReader(in);
            while (lines.next()) {
                if (!lines.ended()) {
                    channel.truncate(channel.size() - lines.length());
                    break;
                }
                JsonNode line = Json.MAPPER.readTree(lines.bytes(), 0, lines.length());
                if (OPENINGS.contains(Json.text(line, "op", ""))) {
                    ids.add(Json.text(line, "id", ""));
                }
            }
        }
        return ids;
    }

    public static ObjectNode entry(String operation, String id) {
        return Json.object().put("op", operation).put("id", id);
    }

    public synchronized void append(ObjectNode entry) throws IOException {
        ObjectNode line = Json.object().put("at", clock.millis());
        line.setAll(entry);
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
