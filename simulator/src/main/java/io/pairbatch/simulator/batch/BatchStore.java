package io.pairbatch.simulator.batch;

import io.pairbatch.simulator.store.Journal;
import io.pairbatch.simulator.store.Json;
import io.pairbatch.simulator.store.SimulatedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The batches, each in `batches/<id>.json`.
public final class BatchStore {

    private final Path folder;
    private final SimulatedClock clock;
    private final Journal journal;
    private final Map<String, Batch> batches = new ConcurrentHashMap<>();
    private final AtomicLong arrivals = new AtomicLong();

    public BatchStore(Path data, SimulatedClock clock, Journal journal, List<BatchApi> apis) throws IOException {
        this.clock = clock;
        this.journal = journal;
        folder = Files.createDirectories(data.resolve("batches"));
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path :
                    all.filter(path -> path.toString().endsWith(".json")).toList()) {
                ObjectNode saved = Json.read(path);
                Batch batch = Batch.load(api(apis, Json.text(saved, "api", "openai")), saved);
                batches.put(batch.id(), batch);
                arrivals.accumulateAndGet(order(batch), Math::max);
            }
        }
    }

    private static BatchApi api(List<BatchApi> apis, String name) {
        return apis.stream()
                .filter(api -> api.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("batch of an unknown API '" + name + "'"));
    }

    /// Saves a new batch and its journal line; the caller starts it.
    ///
    /// @param object the API's object with the batch's ID; status and time are added here
    /// @param notes with the batch's faults in `faults`
    /// @param line the journal's fields besides operation, API and ID
    public Batch open(BatchApi api, String operation, ObjectNode object, ObjectNode notes, ObjectNode line)
            throws IOException {
        long now = clock.millis();
        object.put("status", "validating").put("created_at", now / 1000);
        notes.put("created_ms", now).put("order", arrivals.incrementAndGet());
        ObjectNode entry = Journal.entry(operation, Json.text(object, "id", "")).put("api", api.name());
        notes.set("journal", entry.setAll(line));
        Batch batch = new Batch(api, object, notes);
        save(batch);
        batches.put(batch.id(), batch);
        record(batch);
        return batch;
    }

    private void record(Batch batch) throws IOException {
        if (batch.note("journal") instanceof ObjectNode entry) {
            journal.append(entry);
        }
    }

    /// Adds the journal lines that are missing because a process was killed between saving a batch and its line.
    public void completeJournal() throws IOException {
        Set<String> known = journal.batches();
        for (Batch batch : list().reversed()) {
            if (!known.contains(batch.id())) {
                record(batch);
            }
        }
    }

    public void save(Batch batch) throws IOException {
        synchronized (batch) {
            Json.write(folder.resolve(batch.id() + ".json"), batch.saved());
        }
    }

    /// The batch, if it belongs to this API.
    @Nullable
    public Batch find(BatchApi api, String id) {
        Batch batch = batches.get(id);
        return batch == null || !batch.api().equals(api) ? null : batch;
    }

    public void remove(Batch batch) throws IOException {
        batches.remove(batch.id());
        Files.deleteIfExists(folder.resolve(batch.id() + ".json"));
    }

    /// The batches of one API, newest first.
    public List<Batch> list(BatchApi api) {
        return list().stream().filter(batch -> batch.api().equals(api)).toList();
    }

    /// All batches, newest first.
    public List<Batch> list() {
        return batches.values().stream()
                .sorted(Comparator.comparingLong(BatchStore::order).reversed())
                .toList();
    }

    private static long order(Batch batch) {
        return batch.note("order").longValue(0);
    }
}
