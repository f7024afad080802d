package io.pairbatch.merge;

import io.pairbatch.job.JobFiles;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The sizes of the segments' shares, from a listing: a thousand files a call, instead of one call for each. Holds
/// about 150 bytes for each share that is not empty.
final class Sizes {

    private static final List<String> SHARES = List.of(
            "_results.csv",
            '_' + JobFiles.JUDGEMENTS,
            '_' + JobFiles.FAILED_PAIRS,
            '_' + JobFiles.FAILED_ATTEMPTS,
            '_' + JobFiles.BATCH_FAILURES,
            '_' + JobFiles.UNMATCHED_LINES,
            '_' + JobFiles.REJECTED_ROWS);

    private final Map<String, Long> bytes = new HashMap<>();

    private Sizes() {}

    static Sizes of(JobStore store) throws IOException {
        Sizes sizes = new Sizes();
        store.sizes("batch_", sizes::add);
        store.sizes("parts/batch_", sizes::add);
        return sizes;
    }

    private void add(String name, long size) {
        if (size > 0 && SHARES.stream().anyMatch(name::endsWith)) {
            bytes.put(name, size);
        }
    }

    /// In bytes; 0 for a file that is empty or not there.
    long of(String name) {
        return bytes.getOrDefault(name, 0L);
    }
}
