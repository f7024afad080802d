package io.pairbatch.estimate;

import io.pairbatch.job.JobFiles;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A store of job files that keeps nothing but what pairs are known by, 16 MB of it at most.
public final class NoStore implements JobStore {

    private static final int MOST_BYTES = 16_000_000;

    private final List<byte[]> prints = new ArrayList<>();
    private long kept;

    /// Those of each segment; empty if there are too many.
    List<byte[]> prints() {
        return kept > MOST_BYTES ? List.of() : List.copyOf(prints);
    }

    @Override
    public Draft create(String name) {
        boolean isPrints = name.equals(JobFiles.prints(prints.size() + 1));
        return isPrints ? new Prints() : new Nowhere();
    }

    @Override
    public Optional<InputStream> open(String name, long offset) {
        return Optional.empty();
    }

    @Override
    public long size(String name) {
        return -1;
    }

    @Override
    public void list(String prefix, Consumer<String> onName) {
        // There are none.
    }

    @Override
    public void delete(String name) {
        // There is nothing.
    }

    private final class Prints extends Nowhere {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(byte[] from, int offset, int length) {
            bytes.write(from, offset, length);
        }

        @Override
        public void commit() {
            kept += bytes.size();
            prints.add(kept > MOST_BYTES ? new byte[0] : bytes.toByteArray());
        }
    }

    private static class Nowhere extends Draft {

        @Override
        public void write(int b) {
            // Not kept.
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            // Not kept.
        }

        @Override
        public void append(String name, long offset, long length) {
            // Not kept either.
        }

        @Override
        public void commit() {
            // Nothing is kept.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
