package io.pairbatch.results;

import io.pairbatch.job.JobFiles;
import io.pairbatch.store.Csv;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.IOException;
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

    /// Writes the file; holds about 200 bytes per segment in memory.
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
        try (Draft draft = store.create(JobFiles.REGISTRY)) {
            draft.write(csv.toString().getBytes(StandardCharsets.UTF_8));
            draft.commit();
        }
    }
}
