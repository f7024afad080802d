package io.pairbatch.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A job's files in a folder on disk. A draft is a hidden file in the same folder, renamed atomically.
public final class FolderStore implements JobStore {

    private static final int BUFFER = 1 << 16;

    private final Path folder;

    /// @param folder created with the first file
    public FolderStore(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public Draft create(String name) throws IOException {
        Path target = path(name);
        Path parent = target.getParent() == null ? folder : target.getParent();
        Files.createDirectories(parent);
        return new FolderDraft(target, parent.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".draft"));
    }

    @Override
    public Optional<InputStream> open(String name, long offset) throws IOException {
        try {
            SeekableByteChannel channel = Files.newByteChannel(path(name));
            channel.position(offset);
            return Optional.of(Channels.newInputStream(channel));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public long size(String name) throws IOException {
        try {
            return Files.size(path(name));
        } catch (NoSuchFileException e) {
            return -1;
        }
    }

    @Override
    public void list(String start, Consumer<String> each) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.startsWith(start))
                    .forEach(each);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path(name));
    }

    private Path path(String name) {
        Path path = folder.resolve(name).normalize();
        if (!path.startsWith(folder) || path.equals(folder)) {
            throw new IllegalArgumentException("not a file of the job: " + name);
        }
        return path;
    }

    private final class FolderDraft extends Draft {

        private final Path target;
        private final Path draft;
        private final FileChannel channel;
        private final OutputStream out;

        FolderDraft(Path target, Path draft) throws IOException {
            this.target = target;
            this.draft = draft;
            this.channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            this.out = new java.io.BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
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
            out.flush();
            try (FileChannel source = FileChannel.open(path(name), StandardOpenOption.READ)) {
                long done = 0;
                while (done < length) {
                    long copied = source.transferTo(offset + done, length - done, channel);
                    if (copied <= 0) {
                        throw new EOFException(name + " ends before byte " + (offset + length));
                    }
                    done += copied;
                }
            }
        }

        @Override
        public void commit() throws IOException {
            out.flush();
            channel.close();
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(draft);
        }
    }
}
