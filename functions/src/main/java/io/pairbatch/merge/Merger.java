package io.pairbatch.merge;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.ResultTables;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.results.Table;
import io.pairbatch.results.Tallies;
import io.pairbatch.store.Draft;
import io.pairbatch.store.GzipMember;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Combines a job's files from those of its segments, byte range by byte range, and writes `summary.json` last: if it
/// exists, everything is complete. Merging again writes the same bytes.
///
/// `combined_results.csv` is written whenever the job wants it, with only its header if nothing was observed: an empty
/// table is easier to handle than a missing file.
public final class Merger {

    private final JobStore store;
    private final ResultSettings settings;
    private final PriceTable prices;
    private final ResultTables tables;

    public Merger(JobStore store, ResultSettings settings, PriceTable prices) {
        this.store = store;
        this.settings = settings;
        this.prices = prices;
        this.tables = new ResultTables(settings);
    }

    /// Writes the job's files, without a word on where they come from, and deletes what is not to be kept.
    public Merged merge(MergeJob job) throws IOException {
        Merged merged = merge(job, null);
        deleteJsonl(job);
        return merged;
    }

    /// Writes the job's files; reads the segments' tallies, one at a time.
    ///
    /// @param origin where the judgements come from, for the summary; null leaves it out
    /// @throws JobRejectedException `REGISTRY_CONFLICT` if a collected segment's files do not exist, or have columns
    /// that this version does not know; nothing is written then
    public Merged merge(MergeJob job, @Nullable Origin origin) throws IOException {
        List<Integer> collected = new ArrayList<>();
        Superseded superseded = Superseded.of(store, job.segments());
        Shares shares = new Shares(store, settings, tables, superseded);
        Merged merged = add(job, shares, superseded, collected);
        if (job.writeCombinedCsv()) {
            mergeResults(shares, collected);
        }
        mergeJudgements(shares, collected);
        mergeParts(shares, JobFiles.FAILED_PAIRS, header(tables.failedPairs()), collected);
        mergeParts(shares, JobFiles.FAILED_ATTEMPTS, header(tables.failedAttempts()), collected);
        mergeParts(shares, JobFiles.BATCH_FAILURES, header(tables.batchFailures()), collected);
        mergeParts(shares, JobFiles.UNMATCHED_LINES, header(tables.unmatchedLines()), collected);
        mergeParts(shares, JobFiles.REJECTED_ROWS, "row,reason,detail\n", rejectedParts(job));
        new Summary(store, settings, prices).write(job, merged, origin);
        return merged;
    }

    private Merged add(MergeJob job, Shares shares, Superseded superseded, List<Integer> collected) throws IOException {
        SegmentTally total = SegmentTally.none();
        SortedMap<Integer, SegmentTally> byAttempt = new TreeMap<>();
        long comparisons = 0;
        long open = 0;
        long unsent = 0;
        for (MergedSegment segment : job.segments()) {
            boolean first = segment.attempt() == 1;
            comparisons += first ? segment.pairs() : 0;
            if (segment.receivedAt() == null) {
                open += first ? segment.pairs() : 0;
                continue;
            }
            if (store.size(JobFiles.tally(segment.index())) < 0) {
                throw missing(segment.index());
            }
            SegmentTally tally = Tallies.read(store, segment.index());
            shares.look(segment.index(), tally.made());
            collected.add(segment.index());
            byAttempt.merge(segment.attempt(), tally, SegmentTally::plus);
            SegmentTally deciding = superseded.deciding(tally);
            total = total.plus(deciding);
            unsent += share(segment, deciding.failed());
        }
        return new Merged(comparisons, job.rejectedRows(), job.leftRows(), open, total, unsent, byAttempt);
    }

    /// What some pairs of a segment may cost that was not submitted.
    private static long share(MergedSegment segment, long pairs) {
        return segment.pairs() == 0
                ? 0
                : Math.ceilDiv(Math.multiplyExact(segment.unsentBound(), pairs), segment.pairs());
    }

    private static JobRejectedException missing(int segment) {
        return new JobRejectedException(new Problem(
                ErrorCode.REGISTRY_CONFLICT,
                "segment " + segment + ", " + JobFiles.tally(segment),
                "nothing",
                "the counts of a collected segment: restore the object's last version in the bucket, then let"
                        + " the job continue"));
    }

    private void mergeResults(Shares shares, List<Integer> segments) throws IOException {
        String header = header(tables.results());
        long headerBytes = header.getBytes(StandardCharsets.UTF_8).length;
        try (Draft draft = store.create(JobFiles.COMBINED)) {
            draft.write(header.getBytes(StandardCharsets.UTF_8));
            for (int segment : segments) {
                shares.append(draft, JobFiles.COMBINED, settings.resultsFile(segment), segment, headerBytes);
            }
            draft.commit();
        }
    }

    /// A segment that was collected by an older version has no such part; half a file would be mistaken for the whole.
    private void mergeJudgements(Shares shares, List<Integer> segments) throws IOException {
        for (int segment : segments) {
            if (store.size(JobFiles.part(JobFiles.JUDGEMENTS, segment)) < 0) {
                store.delete(JobFiles.JUDGEMENTS);
                return;
            }
        }
        try (Draft draft = store.create(JobFiles.JUDGEMENTS)) {
            try (GzipMember member = new GzipMember(draft)) {
                member.write(header(tables.judgements()).getBytes(StandardCharsets.UTF_8));
                member.finish();
            }
            for (int segment : segments) {
                shares.append(draft, JobFiles.JUDGEMENTS, segment);
            }
            draft.commit();
        }
    }

    private void mergeParts(Shares shares, String file, String header, List<Integer> segments) throws IOException {
        try (Draft draft = store.create(file)) {
            draft.write(header.getBytes(StandardCharsets.UTF_8));
            for (int segment : segments) {
                shares.append(draft, file, segment);
            }
            draft.commit();
        }
    }

    /// Rows that were rejected before the first accepted one belong to segment 0.
    private static List<Integer> rejectedParts(MergeJob job) {
        List<Integer> segments = new ArrayList<>();
        segments.add(0);
        job.segments().forEach(segment -> segments.add(segment.index()));
        return segments;
    }

    /// Deletes requests and answers if the job does not keep them, but only those of batches that ended well (contract
    /// 8);
    /// pairs, error lines and CSV files are kept.
    void deleteJsonl(MergeJob job) throws IOException {
        for (MergedSegment segment : job.keepJsonl() ? List.<MergedSegment>of() : job.segments()) {
            if (segment.endedWell() && segment.receivedAt() != null) {
                // Of a batch that somebody else has made it holds no requests, but the ids of its answers.
                if (!settings.isOthers(segment.attempt())) {
                    store.delete(JobFiles.input(segment.index()));
                }
                store.delete(JobFiles.output(segment.index()));
            }
        }
    }

    private static String header(Table<?> table) {
        StringBuilder line = new StringBuilder();
        table.header(line);
        return line.toString();
    }
}
