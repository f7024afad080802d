package io.pairbatch.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The batches, each in `batches/<id>.json`.
final class BatchStore {
    private static final List<String> TIMES = List.of(
            "in_progress_at",
            "finalizing_at",
            "completed_at",
            "failed_at",
            "expired_at",
            "cancelling_at",
            "cancelled_at");

    private final Path folder;
    private final SimulatedClock clock;
    private final Map<String, Batch> batches = new ConcurrentHashMap<>();
    private final AtomicLong arrivals = new AtomicLong();

    BatchStore(Path data, SimulatedClock clock) throws IOException {
        this.clock = clock;
        folder = Files.createDirectories(data.resolve("batches"));
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path :
                    all.filter(path -> path.toString().endsWith(".json")).toList()) {
                Batch batch = Batch.load(Json.read(path));
                batches.put(batch.id(), batch);
                arrivals.accumulateAndGet(order(batch), Math::max);
            }
        }
    }

    /// Writes a new batch in `validating`.
    Batch create(String inputFile, String endpoint, @Nullable ObjectNode metadata, ObjectNode notes)
            throws IOException {
        long now = clock.millis();
        ObjectNode object = Json.object();
        object.put("id", "batch_" + UUID.randomUUID().toString().replace("-", ""))
                .put("object", "batch")
                .put("endpoint", endpoint)
                .putNull("model")
                .putNull("errors")
                .put("input_file_id", inputFile)
                .put("completion_window", "24h")
                .put("status", "validating")
                .putNull("output_file_id")
                .putNull("error_file_id")
                .put("created_at", now / 1000)
                .put("expires_at", now / 1000 + 24 * 3600);
        TIMES.forEach(object::putNull);
        object.set("request_counts", counts(0, 0, 0));
        object.putNull("usage");
        object.set("metadata", metadata);
        notes.put("created_ms", now).put("order", arrivals.incrementAndGet());
        Batch batch = new Batch(object, notes);
        save(batch);
        batches.put(batch.id(), batch);
        return batch;
    }

    static ObjectNode counts(long total, long completed, long failed) {
        return Json.object().put("total", total).put("completed", completed).put("failed", failed);
    }

    void save(Batch batch) throws IOException {
        synchronized (batch) {
            Json.write(folder.resolve(batch.id() + ".json"), batch.saved());
        }
    }

    Batch get(String id) {
        Batch batch = batches.get(id);
        if (batch == null) {
            throw gone(id);
        }
        return batch;
    }

    static RefusedException gone(String id) {
        return ApiError.notFound("No batch found with id '" + id + "'.", null).refused();
    }

    /// All batches, newest first.
    List<Batch> list() {
        return batches.values().stream()
                .sorted(Comparator.comparingLong(BatchStore::order).reversed())
                .toList();
    }

    /// `{object:"list", data[{code,message,param,line}]}`
    static ObjectNode errors(ArrayNode data) {
        ObjectNode errors = Json.object().put("object", "list");
        errors.set("data", data);
        return errors;
    }

    private static long order(Batch batch) {
        return batch.note("order").longValue(0);
    }
}
