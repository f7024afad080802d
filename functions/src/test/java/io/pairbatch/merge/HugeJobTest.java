package io.pairbatch.merge;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.ResultTables;
import io.pairbatch.results.SegmentColumns;
import io.pairbatch.store.S3JobStore;
import io.pairbatch.testing.SmallHeap;
import io.pairbatch.testing.UsualSettings;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
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
        SmallHeap.run(Child.class, "256m", 300);
    }

    /// Exits with 0 if every byte is in the file.
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws IOException {
            ResultSettings settings = UsualSettings.RESULTS;
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
