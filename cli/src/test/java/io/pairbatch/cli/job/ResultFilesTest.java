package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFilesTest {

    private final MemoryBucket bucket = new MemoryBucket();

    @TempDir
    private Path folder;

    ResultFilesTest() {
        bucket.put("jobs/a-1/combined_results.csv", "x\n1\n");
        bucket.put("jobs/a-1/batch_failures.csv", "y\n");
        bucket.put("jobs/a-1/batch_01_output.jsonl", "{}\n");
        bucket.put("jobs/a-1/parts/batch_01_tally.json", "{}");
        bucket.put("jobs/a-10/combined_results.csv", "another job");
    }

    @Test
    void fetchesTheFilesOfTheJobButNotThoseOfItsSegments() throws IOException {
        List<ResultFiles.Fetched> files = new ResultFiles(bucket).fetch("a-1", folder.resolve("new"), false);

        assertThat(files)
                .containsExactly(
                        new ResultFiles.Fetched("batch_failures.csv", 2),
                        new ResultFiles.Fetched("combined_results.csv", 4));
        assertThat(folder.resolve("new/combined_results.csv")).hasContent("x\n1");
    }

    @Test
    void fetchesTheFilesOfTheSegmentsWhenAsked() throws IOException {
        assertThat(new ResultFiles(bucket).fetch("a-1", folder, true))
                .extracting(ResultFiles.Fetched::name)
                .contains("batch_01_output.jsonl")
                .noneMatch(name -> name.contains("tally"));
    }

    @Test
    void leavesAnOlderFileAsItIsWhenTheConnectionBreaks() throws IOException {
        Files.writeString(folder.resolve("combined_results.csv"), "old");

        assertThatThrownBy(() -> new ResultFiles(new Breaking(bucket)).fetch("a-1", folder, false))
                .isInstanceOf(IOException.class);
        assertThat(folder.resolve("combined_results.csv")).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    /// A bucket whose bodies break off.
    private record Breaking(Bucket bucket) implements Bucket {

        @Override
        public String name() {
            return bucket.name();
        }

        @Override
        public void visit(String prefix, Consumer<Entry> visitor) {
            bucket.visit(prefix, visitor);
        }

        @Override
        public List<String> folders(String prefix) {
            return bucket.folders(prefix);
        }

        @Override
        public Optional<InputStream> open(String key, @Nullable String version) {
            return Optional.of(new SequenceInputStream(new ByteArrayInputStream(new byte[3]), new Reset()));
        }

        @Override
        public Optional<String> fingerprint(String key) {
            return bucket.fingerprint(key);
        }

        @Override
        public void put(String key, Path file, String fingerprint) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void put(String key, byte[] content, String fingerprint) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(String key) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Reset extends InputStream {

        @Override
        public int read() throws IOException {
            throw new IOException("connection reset");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("connection reset");
        }
    }
}
