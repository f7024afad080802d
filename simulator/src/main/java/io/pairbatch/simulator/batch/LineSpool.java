package io.pairbatch.simulator.batch;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Writes lines to disk as they arrive and copies them out in another order. Keeps one offset per line in memory.
final class LineSpool implements AutoCloseable {

    private final Path file;
    private final OutputStream out;
    private long[] starts = new long[1024];
    private int lines;
    private long size;

    LineSpool(Path file) throws IOException {
        this.file = file;
        this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    }

    /// Adds a line, which includes its line break.
    void add(byte[] line) throws IOException {
        if (lines == starts.length) {
            starts = Arrays.copyOf(starts, lines * 2);
        }
        starts[lines++] = size;
        out.write(line);
        size += line.length;
    }

    int lines() {
        return lines;
    }

    /// Writes every line once, in random order, or as they arrived if `order` is null.
    void writeTo(Path target, @Nullable Random order) throws IOException {
        out.flush();
        int[] turns = new int[lines];
        Arrays.setAll(turns, i -> i);
        for (int i = lines - 1; order != null && i > 0; i--) {
            int other = order.nextInt(i + 1);
            int turn = turns[i];
            turns[i] = turns[other];
            turns[other] = turn;
        }
        try (FileChannel in = FileChannel.open(file);
                OutputStream to = new BufferedOutputStream(Files.newOutputStream(target), 1 << 16)) {
            for (int turn : turns) {
                long end = turn + 1 < lines ? starts[turn + 1] : size;
                ByteBuffer line = ByteBuffer.allocate((int) (end - starts[turn]));
                while (line.hasRemaining() && in.read(line, starts[turn] + line.position()) >= 0) {
                    // Reads until the line is complete.
                }
                to.write(line.array(), 0, line.position());
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(file);
    }
}
