package io.pairbatch.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class IdleTimeoutStreamTest {

    private static final Duration IDLE = Duration.ofMillis(400);

    @Test
    void aBodyThatFallsSilentFailsInsteadOfHoldingItsReader() throws Exception {
        try (Silent body = new Silent();
                InputStream in = new IdleTimeoutStream(body, IDLE, Deadline.NONE)) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> in.read(new byte[10]))
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessageContaining("PT0.4S");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(IDLE, IDLE.multipliedBy(10));
        }
    }

    @Test
    void aSingleByteIsWaitedForNoLonger() throws Exception {
        try (Silent body = new Silent();
                InputStream in = new IdleTimeoutStream(body, IDLE, Deadline.NONE)) {
            assertThatThrownBy(in::read).isInstanceOf(HttpTimeoutException.class);
        }
    }

    @Test
    void bytesThatComeSlowlyStillCome() throws Exception {
        PipedInputStream pipe = new PipedInputStream();
        PipedOutputStream sender = new PipedOutputStream(pipe);
        Thread.ofVirtual().start(() -> {
            try (sender) {
                for (int i = 0; i < 6; i++) {
                    Thread.sleep(500);
                    sender.write(200 + i);
                    sender.flush();
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (InputStream in = new IdleTimeoutStream(pipe, Duration.ofSeconds(2), Deadline.NONE)) {
            for (int i = 0; i < 6; i++) {
                assertThat(in.read()).isEqualTo(200 + i);
            }
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void aReaderMayTakeItsTimeBetweenReads() throws Exception {
        try (InputStream in = new IdleTimeoutStream(new ByteArrayInputStream(new byte[] {1, 2}), IDLE, Deadline.NONE)) {
            assertThat(in.read()).isEqualTo(1);
            Thread.sleep(IDLE.multipliedBy(3));
            assertThat(in.read()).isEqualTo(2);
        }
    }

    @Test
    void readsGoWhereTheyAreAskedTo() throws Exception {
        byte[] target = new byte[5];
        try (InputStream in =
                new IdleTimeoutStream(new ByteArrayInputStream(new byte[] {7, 8, 9}), IDLE, Deadline.NONE)) {
            assertThat(in.read(target, 1, 2)).isEqualTo(2);
            assertThat(target).containsExactly(0, 7, 8, 0, 0);
        }
    }

    @Test
    void aSilentBodyIsGivenUpWhenTheTimeIsOver() throws Exception {
        Duration idle = Duration.ofSeconds(15);
        try (Silent body = new Silent();
                InputStream in = new IdleTimeoutStream(body, idle, in(IDLE))) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> in.read(new byte[10]))
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessageContaining("time to read the answer was over");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(idle.dividedBy(2));
        }
    }

    @Test
    void aBodyThatDripsIsGivenUpWhenTheTimeIsOver() throws Exception {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                target[offset] = 'x';
                return 1;
            }
        };
        try (InputStream in = new IdleTimeoutStream(endless, Duration.ofSeconds(60), in(IDLE))) {
            assertThatThrownBy(() -> in.transferTo(OutputStream.nullOutputStream()))
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessageContaining("time to read the answer was over");
        }
    }

    private static Deadline in(Duration time) {
        return new Deadline(Instant.now().plus(time), Clock.systemUTC());
    }

    @Test
    void anotherTroubleIsToldAsItIs() throws Exception {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                return read(new byte[1], 0, 1);
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("connection reset");
            }
        };
        try (InputStream in = new IdleTimeoutStream(broken, IDLE, Deadline.NONE)) {
            assertThatThrownBy(() -> in.read(new byte[1]))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("connection reset");
        }
    }

    @Test
    void closingLetsTheConnectionGoAndEndsTheWatch() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        InputStream body = new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
        new IdleTimeoutStream(body, IDLE, Deadline.NONE).close();
        assertThat(closed).hasValue(1);
        Thread.sleep(IDLE.multipliedBy(2));
        assertThat(closed).hasValue(1);
    }

    @Test
    void nothingWatchesABodyThatWasReadToItsEndOrThatNobodyClosedInTime() throws Exception {
        IdleTimeoutStream read = new IdleTimeoutStream(InputStream.nullInputStream(), IDLE, Deadline.NONE);
        assertThat(read.watched()).isTrue();
        assertThat(read.read()).isEqualTo(-1);
        awaitEnd(read);
        awaitEnd(new IdleTimeoutStream(new ByteArrayInputStream(new byte[] {1}), IDLE, in(IDLE)));
    }

    /// Until the class's timeout.
    private static void awaitEnd(IdleTimeoutStream body) throws InterruptedException {
        while (body.watched()) {
            Thread.sleep(20);
        }
    }

    /// Gives no byte until it is closed, like a socket.
    private static final class Silent extends InputStream {

        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public int read() throws IOException {
            return read(new byte[1], 0, 1);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                closed.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            throw new IOException("stream closed");
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
