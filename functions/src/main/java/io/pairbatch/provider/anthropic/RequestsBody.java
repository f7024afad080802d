package io.pairbatch.provider.anthropic;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The lines of a file of requests as the one body that Anthropic takes: `{"requests":[…]}`. No JSON text holds a line
/// break of its own, so each one becomes a comma, but the last, which is left out. Buffers nothing.
final class RequestsBody extends InputStream {

    private static final byte[] HEAD = "{\"requests\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAIL = "]}".getBytes(StandardCharsets.US_ASCII);

    private final InputStream lines;
    private final long length;
    private long position;
    private volatile boolean readToItsEnd;

    /// @param lines requests, each with its `\n`
    /// @param bytes how many there are
    RequestsBody(InputStream lines, long bytes) {
        this.lines = lines;
        this.length = length(bytes);
    }

    /// The size of the body for so many bytes of lines.
    static long length(long bytes) {
        return HEAD.length + bytes - 1 + TAIL.length;
    }

    /// Whether all of it has been read: a provider that was sent less cannot have understood it.
    boolean isReadToItsEnd() {
        return readToItsEnd;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int wanted) throws IOException {
        if (wanted == 0) {
            return 0;
        }
        if (position == length) {
            return -1;
        }
        int count;
        if (position < HEAD.length) {
            count = copy(HEAD, (int) position, target, offset, wanted);
        } else if (position < length - TAIL.length) {
            count = readLines(target, offset, (int) Math.min(wanted, length - TAIL.length - position));
        } else {
            if (position == length - TAIL.length && (lines.read() != '\n' || lines.read() >= 0)) {
                throw new IOException("the file of requests is not as long as it was when it was written");
            }
            count = copy(TAIL, (int) (position - (length - TAIL.length)), target, offset, wanted);
        }
        position += count;
        readToItsEnd = position == length;
        return count;
    }

    private int readLines(byte[] target, int offset, int wanted) throws IOException {
        int count = lines.read(target, offset, wanted);
        if (count < 0) {
            throw new IOException("the file of requests is shorter than it was when it was written");
        }
        for (int i = offset; i < offset + count; i++) {
            if (target[i] == '\n') {
                target[i] = ',';
            }
        }
        return count;
    }

    private static int copy(byte[] from, int start, byte[] target, int offset, int wanted) {
        int count = Math.min(wanted, from.length - start);
        System.arraycopy(from, start, target, offset, count);
        return count;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
