package io.pairbatch.results;

import io.pairbatch.job.JobFiles;
import io.pairbatch.store.Csv;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `jobs_registry.csv`: the contract's view of the registry (contract 8), rewritten after each change. Paths are
/// relative to the file's own folder, so that the folder can be moved.
public final class JobsRegistryCsv {

    private static final List<String> COLUMNS = List.of(
            "segment_index",
            "provider",
            "model",
            "batch_id",
            "batch_input_path",
            "batch_output_path",
            "csv_path",
            "pairs_path",
            "done");

    private JobsRegistryCsv() {}

    /// One segment's line.
    ///
    /// @param batchId null while there is no batch
    /// @param done whether every row of the segment is in a result file
    public record Line(
            int segment,
            String provider,
            String model,
            @Nullable String batchId,
            boolean done) {}

    /// Writes the file, unless it says this already: most looks change no line of it, and each write is a version that
    /// the bucket keeps. Holds about 200 bytes per segment in memory, twice.
    public static void write(JobStore store, List<Line> lines) throws IOException {
        StringBuilder csv = new StringBuilder();
        Csv.line(csv, COLUMNS);
        for (Line line : lines) {
            int n = line.segment();
            Csv.line(
                    csv,
                    Arrays.asList(
                            Integer.toString(n),
                            line.provider(),
                            line.model(),
                            line.batchId(),
                            JobFiles.input(n),
                            JobFiles.output(n),
                            JobFiles.results(n),
                            JobFiles.pairs(n),
                            line.done() ? "TRUE" : "FALSE"));
        }
        byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
        if (store.size(JobFiles.REGISTRY) == bytes.length && says(store, bytes)) {
            return;
        }
        try (Draft draft = store.create(JobFiles.REGISTRY)) {
            draft.write(bytes);
            draft.commit();
        }
    }

    private static boolean says(JobStore store, byte[] bytes) throws IOException {
        try (InputStream there = store.open(JobFiles.REGISTRY).orElse(null)) {
            return there != null && Arrays.equals(there.readAllBytes(), bytes);
        }
    }
}
