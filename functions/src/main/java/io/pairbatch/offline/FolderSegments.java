package io.pairbatch.offline;

import io.pairbatch.collect.OtherSegments;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.WireId;
import io.pairbatch.results.PairFile;
import io.pairbatch.results.RetryList;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/// The segments of a job in a folder. Once a row is asked for, which is rare, the numbers of all rows are held: 8 bytes
/// a row.
final class FolderSegments implements OtherSegments {

    private final JobStore store;
    private final List<Integer> segments;
    private final Map<Integer, long[]> rows = new TreeMap<>();

    FolderSegments(JobStore store, List<Integer> segments) {
        this.store = store;
        this.segments = segments;
    }

    @Override
    public OptionalInt of(WireId id) throws IOException {
        for (int segment : segments) {
            if (RetryList.attempt(store, segment) == id.attempt()
                    && Arrays.binarySearch(rowsOf(segment), id.comparison()) >= 0) {
                return OptionalInt.of(segment);
            }
        }
        return OptionalInt.empty();
    }

    private long[] rowsOf(int segment) throws IOException {
        long[] known = rows.get(segment);
        if (known == null) {
            known = PairFile.rows(store, JobFiles.pairs(segment));
            rows.put(segment, known);
        }
        return known;
    }
}
