package io.pairbatch.samples;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The texts and other columns of samples, in a temporary file that only this user can read. Holds 16 bytes for each
/// sample, and one sample.
final class SampleSpool implements Closeable {

    private static final int MISSING = -1;

    private final Path file;
    private final FileChannel channel;
    /// Where the texts begin, and where the other columns do.
    private long[] starts = new long[1 << 8];

    private long[] others = new long[1 << 8];
    private int samples;
    private long size;

    SampleSpool() throws IOException {
        file = Files.createTempFile("pairbatch-samples-", ".spool");
        channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    void add(String text, List<@Nullable String> values) throws IOException {
        if (samples == starts.length) {
            starts = Arrays.copyOf(starts, samples * 2);
            others = Arrays.copyOf(others, samples * 2);
        }
        starts[samples] = size;
        append(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        others[samples] = size;
        for (String value : values) {
            byte[] bytes = value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
            append(ByteBuffer.allocate(Integer.BYTES + bytes.length)
                    .putInt(value == null ? MISSING : bytes.length)
                    .put(bytes)
                    .flip());
        }
        samples++;
    }

    private void append(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            size += channel.write(bytes, size);
        }
    }

    /// The bytes of all samples.
    long size() {
        return size;
    }

    String text(int sample) throws IOException {
        return new String(read(starts[sample], others[sample]).array(), StandardCharsets.UTF_8);
    }

    /// The bytes of a text.
    long textSize(int sample) {
        return others[sample] - starts[sample];
    }

    List<@Nullable String> others(int sample) throws IOException {
        ByteBuffer bytes = read(others[sample], sample + 1 < samples ? starts[sample + 1] : size);
        List<@Nullable String> values = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int length = bytes.getInt();
            if (length == MISSING) {
                values.add(null);
            } else {
                byte[] value = new byte[length];
                bytes.get(value);
                values.add(new String(value, StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    private ByteBuffer read(long from, long to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new IOException(file + " ended early");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
