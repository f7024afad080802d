package io.pairbatch.cli.estimate;

import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/// A store of job files that keeps nothing.
final class NoStore implements JobStore {

    @Override
    public Draft create(String name) {
        return new Nowhere();
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

    private static final class Nowhere extends Draft {

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
