package io.pairbatch.split;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SmallHeap;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A table many times larger than the heap is split in a separate JVM.
@Tag("long")
class FlatMemoryTest {

    private static final int ROWS = 200_000;
    private static final String TEXT = "some words of an essay, \"\"quoted\"\"\n".repeat(6);
    private static final String ROW = "A,\"" + TEXT + "\",B,\"" + TEXT + "\"\n";

    @Test
    void aTableOfNinetyMegabytesIsSplitInAHeapOfTwentyFour() throws IOException, InterruptedException {
        SmallHeap.run(Child.class, "24m", 120);
    }

    /// Exits with 0 if all rows were split.
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws IOException {
            ResolvedJob job = JobFixture.resolved("\"n_segments\": 3");
            CountingStore store = new CountingStore();
            Splitter splitter = new Splitter(job, new InputFile("pairs.csv", -1, Rows::new), store);
            SplitResult result = splitter.run(SplitCursor.START, Deadline.NONE, segment -> {});
            boolean all =
                    result instanceof SplitResult.Done done && done.totals().accepted() == ROWS;
            System.exit(all && store.bytes > 150_000_000L ? 0 : 1);
        }
    }

    /// The header and `ROWS` equal rows, generated as they are read.
    private static final class Rows extends InputStream {

        private byte[] row = "ID1,text1,ID2,text2\n".getBytes(StandardCharsets.UTF_8);
        private int at;
        private int rows;

        Rows(long offset) {
            if (offset != 0) {
                throw new IllegalArgumentException("read from the start only");
            }
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (at == row.length) {
                if (rows++ == ROWS) {
                    return -1;
                }
                row = ROW.getBytes(StandardCharsets.UTF_8);
                at = 0;
            }
            int n = Math.min(length, row.length - at);
            System.arraycopy(row, at, bytes, offset, n);
            at += n;
            return n;
        }
    }

    /// Counts bytes and keeps none.
    private static final class CountingStore implements JobStore {

        private long bytes;

        @Override
        public Draft create(String name) {
            return new Draft() {
                @Override
                public void write(int b) {
                    bytes++;
                }

                @Override
                public void write(byte[] b, int offset, int length) {
                    bytes += length;
                }

                @Override
                public void append(String file, long offset, long length) {
                    bytes += length;
                }

                @Override
                public void commit() {}

                @Override
                public void close() {}
            };
        }

        @Override
        public Optional<InputStream> open(String name, long offset) {
            return Optional.empty();
        }

        @Override
        public long size(String name) {
            return -1;
        }

        @Override
        public void list(String prefix, Consumer<String> each) {}

        @Override
        public void delete(String name) {}
    }
}
