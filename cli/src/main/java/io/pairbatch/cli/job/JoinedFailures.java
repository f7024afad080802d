package io.pairbatch.cli.job;

import io.pairbatch.job.JobFiles;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.results.JoinedColumns;
import io.pairbatch.split.RowPrint;
import io.pairbatch.store.RawRows;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The comparisons of several jobs that none of them gave a winner. One that stands three times in a job and was judged
/// once, in whichever job, is open twice. Holds what failed comparisons are known by, a million of them at most; others
/// are taken for open.
final class JoinedFailures {

    private static final int MOST = 1_000_000;

    /// How often a failed comparison stands where.
    private static final class Counts {

        private long failed;
        private long judged;
        /// In the job that has it most often.
        private long wanted;
        private long inThisJob;

        private void endOfJob() {
            wanted = Math.max(wanted, inThisJob);
            inThisJob = 0;
        }

        /// Whether the next row that failed is one of the last that are open.
        private boolean isOpen() {
            long open = Math.max(0, wanted - judged);
            return failed-- <= open;
        }
    }

    private final List<Path> folders;
    private final boolean withTexts;
    private final Map<RowPrint, Counts> counts = new HashMap<>();
    private long failed;
    private long left;

    private JoinedFailures(List<Path> folders, boolean withTexts) {
        this.folders = folders;
        this.withTexts = withTexts;
    }

    /// Counts them and writes their rows as they stand, each with the reason of the last job that has it.
    ///
    /// @param withTexts whether all files of judgements hold texts; if not, only IDs are compared
    /// @param columns of all jobs' files; none if no job has one
    static JoinedFailures write(List<Path> folders, boolean withTexts, JoinedColumns columns, Path to)
            throws IOException {
        JoinedFailures joined = new JoinedFailures(folders, withTexts);
        joined.count();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(to))) {
            out.write(columns.line().getBytes(StandardCharsets.UTF_8));
            for (Path folder : folders) {
                joined.copy(folder.resolve(JobFiles.FAILED_PAIRS), columns, out);
            }
        }
        return joined;
    }

    /// Rows without a winner in the jobs' own files.
    long failed() {
        return failed;
    }

    /// Those that are left.
    long left() {
        return left;
    }

    private void count() throws IOException {
        for (Path folder : folders) {
            ComparedRow.each(folder.resolve(JobFiles.FAILED_PAIRS), withTexts, row -> {
                if (counts.size() < MOST || counts.containsKey(row.print())) {
                    counts.computeIfAbsent(row.print(), print -> new Counts()).failed++;
                }
            });
        }
        if (counts.isEmpty()) {
            return;
        }
        for (Path folder : folders) {
            ComparedRow.each(folder.resolve(JobFiles.FAILED_PAIRS), withTexts, row -> {
                Counts found = counts.get(row.print());
                if (found != null) {
                    found.inThisJob++;
                }
            });
            ComparedRow.each(folder.resolve(JobFiles.COMBINED), withTexts, row -> {
                Counts found = counts.get(row.print());
                if (found != null) {
                    found.inThisJob++;
                    found.judged++;
                }
            });
            counts.values().forEach(Counts::endOfJob);
        }
    }

    private void copy(Path file, JoinedColumns columns, OutputStream out) throws IOException {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (RawRows records = new RawRows(Files.newInputStream(file));
                PairReader rows = PairReader.open(OfflineSplit.input(file))) {
            int[] places = columns.places(records.next() ? records.texts() : List.of());
            while (records.next()) {
                Counts found = rows.read() instanceof InputRow.Accepted row
                        ? counts.get(ComparedRow.of(row.pair(), withTexts).print())
                        : null;
                failed++;
                if (found == null || found.isOpen()) {
                    left++;
                    records.write(out, places);
                }
            }
        }
    }
}
