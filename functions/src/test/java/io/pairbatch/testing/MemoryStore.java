package io.pairbatch.testing;

import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A store in memory, for tables of a few rows.
public final class MemoryStore implements JobStore {

    private final Map<String, byte[]> files = new TreeMap<>();

    /// Names and contents, sorted by name.
    public Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        files.forEach((name, bytes) -> texts.put(name, new String(bytes, StandardCharsets.UTF_8)));
        return texts;
    }

    /// One file's content.
    public String text(String name) {
        return Objects.requireNonNull(texts().get(name), name);
    }

    public void put(String name, String text) {
        files.put(name, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Draft create(String name) {
        return new MemoryDraft(name);
    }

    @Override
    public Optional<InputStream> open(String name, long offset) {
        return Optional.ofNullable(files.get(name))
                .map(bytes -> new ByteArrayInputStream(Arrays.copyOfRange(bytes, (int) offset, bytes.length)));
    }

    @Override
    public long size(String name) {
        byte[] bytes = files.get(name);
        return bytes == null ? -1 : bytes.length;
    }

    @Override
    public void list(String prefix, Consumer<String> each) {
        files.keySet().stream().filter(name -> name.startsWith(prefix)).forEach(each);
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    private final class MemoryDraft extends Draft {

        private final String name;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private boolean committed;

        MemoryDraft(String name) {
            this.name = name;
        }

        @Override
        public void write(int b) {
            out.write(b);
        }

        @Override
        public void append(String name, long offset, long length) {
            out.write(Objects.requireNonNull(files.get(name)), (int) offset, (int) length);
        }

        @Override
        public void commit() {
            if (committed) {
                throw new IllegalStateException(name + " is committed twice");
            }
            committed = true;
            files.put(name, out.toByteArray());
        }

        @Override
        public void close() {
            out.reset();
        }
    }
}
