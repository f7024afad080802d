package io.pairbatch.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.pairbatch.provider.BatchProvider.NewBatch;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.testing.SmallHeap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsBodyTest {

    @ParameterizedTest
    @ValueSource(strings = {"{}\n", "{\"a\":\"\\n\"}\n{}\n", "{}\n{\"e\":\"\u00e4\ud83d\ude42\"}\n{}\n"})
    void linesBecomeAListHoweverTheyAreRead(String lines) throws IOException {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        String expected = "{\"requests\":[" + lines.strip().replace("\n", ",") + "]}";
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            RequestsBody body = new RequestsBody(new ByteArrayInputStream(bytes), bytes.length);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[50];
            assertThat(body.isReadToItsEnd()).isFalse();
            for (int n = body.read(buffer, 3, 1 + random.nextInt(20));
                    n >= 0;
                    n = body.read(buffer, 3, 1 + random.nextInt(20))) {
                out.write(buffer, 3, n);
            }
            assertThat(body.isReadToItsEnd()).isTrue();
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
            assertThat(RequestsBody.length(bytes.length)).isEqualTo(out.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{}{}\n", "{}\n\n", ""})
    void aFileThatIsNotWhatItWasIsNotSentToItsEnd(String lines) {
        RequestsBody body = new RequestsBody(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), 3);
        assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        assertThat(body.isReadToItsEnd()).isFalse();
    }

    @Tag("long")
    @Test
    void aFullBatchIsSentFromAHeapOf24Megabytes() throws Exception {
        String said = SmallHeap.run(Program.class, "24m", 120);
        assertThat(said).contains("Created[batchId=b]").contains("received=253440014");
    }

    /// Runs as its own program, the provider in it.
    static final class Program {

        public static void main(String[] args) throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            long[] received = {0};
            server.createContext("/", exchange -> {
                byte[] buffer = new byte[1 << 16];
                for (int n = exchange.getRequestBody().read(buffer);
                        n >= 0;
                        n = exchange.getRequestBody().read(buffer)) {
                    received[0] += n;
                }
                byte[] answer = "{\"id\":\"b\"}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
            URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            long bytes = new AnthropicFormat().limits().bytes();
            CreateOutcome outcome = new AnthropicClient(base, "k", "2023-06-01", 1)
                    .create(
                            new NewBatch("", "m", "", Map.of(), 1, bytes, () -> new Lines(bytes)),
                            Duration.ofSeconds(60));
            server.stop(0);
            System.out.println(outcome + " received=" + received[0]);
        }
    }

    /// Lines of 1,000 bytes.
    static final class Lines extends InputStream {

        private final long bytes;
        private long position;

        Lines(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            if (position == bytes) {
                return -1;
            }
            position++;
            return position % 1000 == 0 || position == bytes ? '\n' : 'x';
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (position == bytes) {
                return -1;
            }
            int count = (int) Math.min(length, bytes - position);
            for (int i = 0; i < count; i++) {
                target[offset + i] = (byte) read();
            }
            return count;
        }
    }
}
