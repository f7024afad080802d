package io.pairbatch.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// The simplest store that keeps the promises of [JobStore]: a folder.
public final class DirectoryStore implements JobStore {

    private final Path folder;

    public DirectoryStore(Path folder) {
        this.folder = folder;
    }

    @Override
    public Draft create(String name) throws IOException {
        Path target = folder.resolve(name);
        Files.createDirectories(target.resolveSibling("x").getParent());
        Path draft = target.resolveSibling(target.getFileName() + ".draft");
        return new FileDraft(target, draft, Files.newOutputStream(draft));
    }

    @Override
    public Optional<InputStream> open(String name, long offset) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        InputStream in = Files.newInputStream(file);
        in.skipNBytes(offset);
        return Optional.of(in);
    }

    @Override
    public long size(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Files.size(file) : -1;
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    private final class FileDraft extends Draft {
        private final Path target;
        private final Path draft;
        private final OutputStream out;

        FileDraft(Path target, Path draft, OutputStream out) {
            this.target = target;
            this.draft = draft;
            this.out = new java.io.BufferedOutputStream(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void append(String name, long offset, long length) throws IOException {
            try (InputStream in = Files.newInputStream(folder.resolve(name))) {
                in.skipNBytes(offset);
                byte[] buffer = new byte[8192];
                for (long left = length; left > 0; ) {
                    int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                    if (read < 0) {
                        throw new IOException(name + " is shorter than said");
                    }
                    out.write(buffer, 0, read);
                    left -= read;
                }
            }
        }

        @Override
        public void commit() throws IOException {
            out.close();
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void close() throws IOException {
            out.close();
            Files.deleteIfExists(draft);
        }
    }
}
