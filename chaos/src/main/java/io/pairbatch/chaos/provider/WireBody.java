package io.pairbatch.chaos.provider;

import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/// The body of a response as it comes from the wire: in pieces, and not always to the end.
final class WireBody extends InputStream {

    /// After this long without a byte, a read fails.
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private static final int PIECE = 1400;

    private final byte[] bytes;
    private final int end;
    private final boolean stalls;
    private final Clockwork clock;
    private final Deadline deadline;
    private final Runnable over;
    private int at;
    private boolean closed;
    private boolean free;

    /// @param end how many bytes arrive
    /// @param stalls whether silence follows, if these are not all bytes
    /// @param deadline after which every read fails
    /// @param over called once the connection is free again
    WireBody(byte[] bytes, int end, boolean stalls, Clockwork clock, Deadline deadline, Runnable over) {
        this.bytes = bytes;
        this.end = end;
        this.stalls = stalls;
        this.clock = clock;
        this.deadline = deadline;
        this.over = over;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int wanted) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        if (wanted == 0) {
            return 0;
        }
        if (deadline.left().isZero()) {
            throw new HttpTimeoutException("the time to read the answer was over");
        }
        if (at < end) {
            int count = Math.min(Math.min(wanted, PIECE), end - at);
            System.arraycopy(bytes, at, target, offset, count);
            at += count;
            return count;
        }
        if (end == bytes.length) {
            finish();
            return -1;
        }
        if (stalls) {
            Duration left = deadline.left();
            Duration silence = left.compareTo(SILENCE) < 0 ? left : SILENCE;
            clock.sleep(silence);
            throw new HttpTimeoutException("no bytes came for " + silence);
        }
        throw new IOException("fixed content-length: " + bytes.length + ", bytes received: " + end);
    }

    private void finish() {
        if (!free) {
            over.run();
        }
        free = true;
    }

    @Override
    public void close() {
        if (!closed) {
            finish();
        }
        closed = true;
    }
}
