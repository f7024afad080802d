package io.pairbatch.provider.http;

import io.pairbatch.time.Deadline;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/// A response body whose reads fail when nothing comes for a while, and once its reader's time is over. The JDK's
/// request timeout ends at the headers, so a provider that stops in the middle of a body, or sends it drop by drop,
/// would hold the function until it dies.
final class IdleTimeoutStream extends FilterInputStream {

    private final Duration idle;
    private final Deadline end;
    private final Thread watchdog;
    private volatile long lastRead = System.nanoTime();
    private volatile boolean reading;
    private volatile boolean timedOut;

    /// @param idle how long a read may get nothing
    /// @param end when there is no time left to read
    IdleTimeoutStream(InputStream in, Duration idle, Deadline end) {
        super(in);
        this.idle = idle;
        this.end = end;
        this.watchdog = Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                Duration left = patience();
                boolean over = !left.isPositive();
                if (over && reading) {
                    timedOut = true;
                    in.close();
                    return;
                }
                if (end.left().isZero()) {
                    // No later read begins. A body that nobody closes must not keep this thread in a warm function.
                    return;
                }
                // Between two reads nobody waits, however long that takes.
                Thread.sleep(over ? idle.dividedBy(10) : left);
            }
        } catch (InterruptedException | IOException e) {
            // Closed by its reader, or by us: either way nothing is left to watch.
            return;
        }
    }

    /// How much longer a read that is under way is waited for.
    private Duration patience() {
        Duration silent = idle.minusNanos(System.nanoTime() - lastRead);
        Duration all = end.left();
        return all.compareTo(silent) < 0 ? all : silent;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (end.left().isZero()) {
            throw tooLate();
        }
        lastRead = System.nanoTime();
        reading = true;
        try {
            int n = in.read(buffer, offset, length);
            if (timedOut) {
                throw new IOException("stream closed");
            }
            if (n < 0) {
                watchdog.interrupt();
            }
            return n;
        } catch (IOException e) {
            if (timedOut) {
                throw end.left().isZero() ? tooLate() : new HttpTimeoutException("no bytes came for " + idle);
            }
            throw e;
        } finally {
            reading = false;
            lastRead = System.nanoTime();
        }
    }

    private static HttpTimeoutException tooLate() {
        return new HttpTimeoutException("the time to read the answer was over");
    }

    /// Whether a thread still waits for the reader.
    boolean watched() {
        return watchdog.isAlive();
    }

    @Override
    public void close() throws IOException {
        watchdog.interrupt();
        super.close();
    }
}
