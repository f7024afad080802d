package io.pairbatch.collect;

import io.pairbatch.job.JobFiles;
import io.pairbatch.results.Attempt;
import io.pairbatch.results.BatchFailure;
import io.pairbatch.results.Outcome;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.ResultTables;
import io.pairbatch.results.SegmentColumns;
import io.pairbatch.results.UnmatchedLine;
import io.pairbatch.store.JobStore;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The files that a segment adds to its job. None is visible until all are complete.
final class SegmentFiles implements Closeable {

    private final JobStore store;
    private final int segment;
    private final SegmentColumns columns;
    private final List<CsvDraft<?>> drafts = new ArrayList<>();
    private final CsvDraft<Attempt> results;
    private final CsvDraft<Attempt> judgements;
    private final CsvDraft<Attempt> failedPairs;
    private final CsvDraft<Attempt> failedAttempts;
    private final CsvDraft<BatchFailure> batchFailures;
    private final CsvDraft<UnmatchedLine> unmatchedLines;

    SegmentFiles(JobStore store, int segment, ResultSettings settings, ResultTables tables) throws IOException {
        this.store = store;
        this.segment = segment;
        this.columns = SegmentColumns.of(tables);
        try {
            results = add(new CsvDraft<>(store, settings.resultsFile(segment), tables.results()));
            judgements = add(new CsvDraft<>(store, JobFiles.part(JobFiles.JUDGEMENTS, segment), tables.judgements()));
            failedPairs =
                    add(new CsvDraft<>(store, JobFiles.part(JobFiles.FAILED_PAIRS, segment), tables.failedPairs()));
            failedAttempts = add(
                    new CsvDraft<>(store, JobFiles.part(JobFiles.FAILED_ATTEMPTS, segment), tables.failedAttempts()));
            batchFailures =
                    add(new CsvDraft<>(store, JobFiles.part(JobFiles.BATCH_FAILURES, segment), tables.batchFailures()));
            unmatchedLines = add(
                    new CsvDraft<>(store, JobFiles.part(JobFiles.UNMATCHED_LINES, segment), tables.unmatchedLines()));
            results.header();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Writes the attempt to the file where it belongs.
    void attempt(Attempt attempt) throws IOException {
        if (attempt.kind() == Attempt.Kind.DUPLICATE) {
            failedAttempts.row(attempt);
        } else if (attempt.outcome() instanceof Outcome.Observed) {
            results.row(attempt);
            judgements.row(attempt);
        } else {
            failedPairs.row(attempt);
            failedAttempts.row(attempt);
        }
    }

    void batchFailure(BatchFailure failure) throws IOException {
        batchFailures.row(failure);
    }

    void unmatchedLine(UnmatchedLine line) throws IOException {
        unmatchedLines.row(line);
    }

    SegmentColumns columns() {
        return columns;
    }

    void commit() throws IOException {
        columns.write(store, segment);
        for (CsvDraft<?> draft : drafts) {
            draft.commit();
        }
    }

    @Override
    public void close() throws IOException {
        for (CsvDraft<?> draft : drafts) {
            draft.close();
        }
    }

    private <T> CsvDraft<T> add(CsvDraft<T> draft) {
        drafts.add(draft);
        return draft;
    }
}
