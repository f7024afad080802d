package io.pairbatch.simulator.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The providers' files: the content in `files/<id>.bin`, the metadata in `files/<id>.json`.
public final class FileStore {

    /// A stored file.
    ///
    /// @param api the API that the file belongs to
    /// @param object the provider's file object, with `id` and, for files that expire, `expires_at` in seconds
    /// @param lines number of lines that are not blank
    /// @param order of arrival
    public record Stored(String api, ObjectNode object, long lines, long order) {

        public String id() {
            return Json.text(object, "id", "");
        }

        public String purpose() {
            return Json.text(object, "purpose", "");
        }
    }

    private final Path folder;
    private final SimulatedClock clock;
    private final Map<String, Stored> files = new ConcurrentHashMap<>();
    private final AtomicLong arrivals = new AtomicLong();

    public FileStore(Path data, SimulatedClock clock) throws IOException {
        this.clock = clock;
        folder = Files.createDirectories(data.resolve("files"));
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : all.toList()) {
                String name = path.getFileName().toString();
                if (name.endsWith(".json")) {
                    load(Json.read(path));
                } else if (name.endsWith(".part") || name.endsWith(".draft")) {
                    Files.delete(path);
                }
            }
        }
    }

    private void load(ObjectNode saved) {
        long order = saved.path("order").longValue(0);
        Stored stored = new Stored(
                Json.text(saved, "api", "openai"),
                (ObjectNode) saved.get("file"),
                saved.path("lines").longValue(0),
                order);
        files.put(stored.id(), stored);
        arrivals.accumulateAndGet(order, Math::max);
    }

    /// A new temporary file for content that is not stored yet.
    public Path draft() throws IOException {
        return Files.createTempFile(folder, "new-", ".part");
    }

    /// Stores a finished draft as a file.
    public Stored add(String api, ObjectNode object, Path draft, long lines) throws IOException {
        Stored stored = new Stored(api, object, lines, arrivals.incrementAndGet());
        String id = stored.id();
        Files.move(draft, content(id), StandardCopyOption.ATOMIC_MOVE);
        ObjectNode saved = Json.object().put("api", api).put("lines", lines).put("order", stored.order());
        saved.set("file", object);
        Json.write(about(id), saved);
        files.put(id, stored);
        return stored;
    }

    /// The file, if it belongs to this API and has not expired.
    @Nullable
    public Stored find(String api, String id) {
        Stored stored = files.get(id);
        return stored == null || !stored.api().equals(api) || expired(stored) ? null : stored;
    }

    /// The files of one API, newest first.
    public List<Stored> list(String api) {
        return files.values().stream()
                .filter(stored -> stored.api().equals(api) && !expired(stored))
                .sorted(Comparator.comparingLong(Stored::order).reversed())
                .toList();
    }

    public Path content(String id) {
        return folder.resolve(id + ".bin");
    }

    /// Deletes the file. Its content stays on disk, because a batch may still be reading it.
    public void delete(String id) throws IOException {
        files.remove(id);
        Files.deleteIfExists(about(id));
    }

    private Path about(String id) {
        return folder.resolve(id + ".json");
    }

    private boolean expired(Stored stored) {
        long end = stored.object().path("expires_at").longValue(Long.MAX_VALUE);
        return end <= clock.seconds();
    }
}
