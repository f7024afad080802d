package io.pairbatch.cli.samples;

import io.pairbatch.store.Csv;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Samples as they stand in a line of CSV, in a temporary file that only this user can read. Holds 16 bytes for each
/// sample, and one sample.
final class SampleSpool implements Closeable {

    private static final byte[] COMMA = {','};

    private final Path file;
    private final FileChannel channel;
    /// Where the IDs and texts begin, and where the other columns do.
    private long[] starts = new long[1 << 8];

    private long[] others = new long[1 << 8];
    private int samples;
    private long size;
    private final StringBuilder line = new StringBuilder();

    SampleSpool() throws IOException {
        file = Files.createTempFile("pairbatch-samples-", ".csv");
        channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    void add(String id, String text, List<@Nullable String> values) throws IOException {
        if (samples == starts.length) {
            starts = Arrays.copyOf(starts, samples * 2);
            others = Arrays.copyOf(others, samples * 2);
        }
        starts[samples] = size;
        append(List.of(id, text));
        others[samples] = size;
        if (!values.isEmpty()) {
            append(values);
        }
        samples++;
    }

    private void append(List<? extends @Nullable String> fields) throws IOException {
        line.setLength(0);
        Csv.line(line, fields);
        line.setLength(line.length() - 1);
        ByteBuffer bytes = ByteBuffer.wrap(line.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            size += channel.write(bytes, size);
        }
    }

    /// The bytes of all samples.
    long size() {
        return size;
    }

    /// Writes the line that compares two samples.
    void write(OutputStream out, int first, int second) throws IOException {
        copy(out, starts[first], others[first]);
        out.write(COMMA);
        copy(out, starts[second], others[second]);
        if (end(first) > others[first]) {
            out.write(COMMA);
            copy(out, others[first], end(first));
            out.write(COMMA);
            copy(out, others[second], end(second));
        }
        out.write('\n');
    }

    private long end(int sample) {
        return sample + 1 < samples ? starts[sample + 1] : size;
    }

    private void copy(OutputStream out, long from, long to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new IOException(file + " ended early");
            }
        }
        out.write(bytes.array());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
