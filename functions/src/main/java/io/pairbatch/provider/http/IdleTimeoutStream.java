package io.pairbatch.provider.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/// A response body whose reads fail when nothing comes for a while. The JDK's request timeout ends at the headers, so a
/// provider that stops in the middle of a body would hold the function until it dies.
final class IdleTimeoutStream extends FilterInputStream {

    private final long idleNanos;
    private final Thread watchdog;
    private volatile long lastRead = System.nanoTime();
    private volatile boolean reading;
    private volatile boolean timedOut;

    IdleTimeoutStream(InputStream in, Duration idle) {
        super(in);
        this.idleNanos = idle.toNanos();
        this.watchdog = Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                long left = idleNanos - (System.nanoTime() - lastRead);
                if (left <= 0 && reading) {
                    timedOut = true;
                    in.close();
                    return;
                }
                Thread.sleep(Duration.ofNanos(Math.max(left, idleNanos / 10)));
            }
        } catch (InterruptedException | IOException e) {
            // Closed by its reader, or by us: either way nothing is left to watch.
            return;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        lastRead = System.nanoTime();
        reading = true;
        try {
            int n = in.read(buffer, offset, length);
            if (timedOut) {
                throw new IOException("stream closed");
            }
            return n;
        } catch (IOException e) {
            if (timedOut) {
                throw new HttpTimeoutException("no bytes came for " + Duration.ofNanos(idleNanos));
            }
            throw e;
        } finally {
            reading = false;
            lastRead = System.nanoTime();
        }
    }

    @Override
    public void close() throws IOException {
        watchdog.interrupt();
        super.close();
    }
}
