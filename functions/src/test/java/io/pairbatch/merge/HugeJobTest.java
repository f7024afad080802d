package io.pairbatch.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.ResultTables;
import io.pairbatch.results.SegmentColumns;
import io.pairbatch.spec.Ambiguous;
import io.pairbatch.spec.TagMode;
import io.pairbatch.store.S3JobStore;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Ten thousand segments, in a JVM of its own with the heap of the function.
@Tag("long")
class HugeJobTest {

    private static final int SEGMENTS = 10_000;
    private static final long SMALL = 300_000;
    private static final long LARGE = 300L << 20;

    @Test
    void tenThousandSegmentsOfOneAndAHalfTerabytesAreMergedInTheHeapOfTheFunction()
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectErrorStream(true)
                .start();
        String output;
        try (InputStream out = process.getInputStream()) {
            output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    /// Exits with 0 if every byte is in the file.
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws IOException {
            ResultSettings settings = new ResultSettings(
                    "0a1b2c3d",
                    Backend.OPENAI,
                    "gpt-4.1",
                    "<BETTER_SAMPLE>",
                    "</BETTER_SAMPLE>",
                    TagMode.EXACT,
                    Ambiguous.TAKE,
                    "EXP",
                    true,
                    false,
                    true,
                    false,
                    List.of("ID1", "text1", "ID2", "text2"),
                    false);
            ResultTables tables = new ResultTables(settings);
            HugeJobS3 s3 = new HugeJobS3(
                    SEGMENTS, HugeJobS3.tally(SegmentColumns.of(tables).digest()), SMALL, LARGE);
            List<MergedSegment> segments = IntStream.rangeClosed(1, SEGMENTS)
                    .mapToObj(s -> new MergedSegment(s, 1, 3, "b", "completed", true, null, Instant.EPOCH))
                    .toList();
            MergeJob job = new MergeJob("j", "v", segments, 0, 0, true, true, List.of(), Instant.EPOCH, "v");
            Merged merged = new Merger(new S3JobStore(s3, "b", "j"), settings, PriceTable.bundled(), Pace.OF_FUNCTION)
                    .merge(job, null, "key", Deadline.NONE);
            StringBuilder header = new StringBuilder();
            tables.results().header(header);
            long each = SMALL + LARGE - 2L * header.length();
            boolean all = merged != null
                    && merged.total().observed() == 2 * SEGMENTS
                    && s3.size(JobFiles.COMBINED) == header.length() + SEGMENTS / 2 * each;
            System.out.println(merged + ", " + s3.size(JobFiles.COMBINED) + " bytes");
            System.exit(all ? 0 : 1);
        }
    }
}
