package io.pairbatch.cli.job;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A bucket in memory that remembers the order of its writes.
public final class MemoryBucket implements Bucket {

    private final TreeMap<String, byte[]> objects = new TreeMap<>();
    private final TreeMap<String, String> fingerprints = new TreeMap<>();
    private final List<String> written = new ArrayList<>();
    private Consumer<String> onPut = key -> {};

    /// Is told every key that is written.
    public void onPut(Consumer<String> listener) {
        onPut = listener;
    }

    /// The keys in the order in which they were written.
    public List<String> written() {
        return List.copyOf(written);
    }

    /// The text of an object that must be there.
    public String text(String key) {
        return new String(objects.get(key), StandardCharsets.UTF_8);
    }

    /// The bytes of an object that must be there.
    public byte[] bytes(String key) {
        return Objects.requireNonNull(objects.get(key)).clone();
    }

    /// Stores a text without a fingerprint, as another tool would.
    public void put(String key, String text) {
        objects.put(key, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String name() {
        return "data";
    }

    @Override
    public void visit(String prefix, Consumer<Entry> visitor) {
        objects.tailMap(prefix).forEach((key, content) -> {
            if (key.startsWith(prefix)) {
                visitor.accept(new Entry(key, content.length));
            }
        });
    }

    @Override
    public List<String> folders(String prefix) {
        return objects.keySet().stream()
                .filter(key -> key.startsWith(prefix) && key.indexOf('/', prefix.length()) > 0)
                .map(key -> key.substring(prefix.length(), key.indexOf('/', prefix.length())))
                .distinct()
                .toList();
    }

    @Override
    public Optional<InputStream> open(String key, @Nullable String version) {
        return Optional.ofNullable(objects.get(key)).map(ByteArrayInputStream::new);
    }

    @Override
    public Optional<String> fingerprint(String key) {
        return Optional.ofNullable(fingerprints.get(key));
    }

    @Override
    public void delete(String key) {
        objects.remove(key);
    }

    @Override
    public void put(String key, Path file, String fingerprint) throws IOException {
        put(key, Files.readAllBytes(file), fingerprint);
    }

    @Override
    public void put(String key, byte[] content, String fingerprint) {
        objects.put(key, content);
        fingerprints.put(key, fingerprint);
        written.add(key);
        onPut.accept(key);
    }
}
