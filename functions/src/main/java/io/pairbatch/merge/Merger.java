package io.pairbatch.merge;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.results.FailedRows;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.ResultTables;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.results.Table;
import io.pairbatch.results.Tallies;
import io.pairbatch.store.JobStore;
import io.pairbatch.time.Deadline;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
    private final Pace pace;
    private final ResultTables tables;

    /// One that puts everything together in one go.
    public Merger(JobStore store, ResultSettings settings, PriceTable prices) {
        this(store, settings, prices, Pace.AT_ONCE);
    }

    public Merger(JobStore store, ResultSettings settings, PriceTable prices, Pace pace) {
        this.store = store;
        this.settings = settings;
        this.prices = prices;
        this.pace = pace;
        this.tables = new ResultTables(settings);
    }

    /// Writes the job's files, without a word on where they come from, and deletes what is not to be kept.
    public Merged merge(MergeJob job) throws IOException {
        Merged merged = merge(job, null);
        tidy(job);
        return merged;
    }

    /// Writes the job's files in one go.
    ///
    /// @param origin where the judgements come from, for the summary; null leaves it out
    /// @throws JobRejectedException `REGISTRY_CONFLICT` if a collected segment's files do not exist, or have columns
    /// that this version does not know; nothing is written then
    public Merged merge(MergeJob job, @Nullable Origin origin) throws IOException {
        return Objects.requireNonNull(merge(job, origin, "at-once", Deadline.NONE));
    }

    /// Writes the job's files, or goes on with it; reads the segments' tallies.
    ///
    /// @param key names what was put together before a pause: the same for the same outcome, and for no other
    /// @return null if time was up; the next call with the same key goes on
    /// @throws JobRejectedException as above
    @Nullable
    Merged merge(MergeJob job, @Nullable Origin origin, String key, Deadline deadline) throws IOException {
        Sizes sizes = Sizes.of(store);
        Shares shares = new Shares(store, settings, tables);
        Sums sums = new Sums();
        SortedMap<Integer, Integer> collected = new TreeMap<>();
        for (MergedSegment segment : job.segments()) {
            if (segment.receivedAt() != null) {
                collected.put(segment.index(), segment.attempt());
            }
        }
        pace.calls().each(collected.keySet(), segment -> read(segment, shares), read -> {
            shares.keep(read.look());
            sums.add(
                    read.look().segment(),
                    Objects.requireNonNull(collected.get(read.look().segment())),
                    read.tally());
        });
        Superseded superseded = Superseded.of(
                store,
                collected,
                (segment, failed) -> {
                    if (sizes.of(JobFiles.part(JobFiles.FAILED_ATTEMPTS, segment)) > 0) {
                        FailedRows.each(store, segment, shares.recorded(segment, JobFiles.FAILED_ATTEMPTS), failed);
                    }
                },
                pace.calls());
        Merged merged = sums.merged(job, superseded);
        ShareWriter writer = new ShareWriter(store, sizes, shares, superseded);
        List<Assembly.JobFile> files = files(job, collected.keySet(), sizes, writer);
        if (!new Assembly(store, writer, pace, key, deadline).assemble(files)) {
            return null;
        }
        new Summary(store, settings, prices).write(job, merged, sums.counted(), origin);
        return merged;
    }

    /// What a segment's tally says, and with which columns its files were written.
    private record Read(SegmentTally tally, Shares.Look look) {}

    private Read read(int segment, Shares shares) throws IOException {
        try {
            SegmentTally tally = Tallies.read(store, segment);
            return new Read(tally, shares.look(segment, tally.made()));
        } catch (FileNotFoundException e) {
            throw missing(segment);
        }
    }

    private List<Assembly.JobFile> files(MergeJob job, Set<Integer> collected, Sizes sizes, ShareWriter writer)
            throws IOException {
        List<Assembly.JobFile> files = new ArrayList<>();
        if (job.writeCombinedCsv()) {
            String header = header(tables.results());
            long length = header.getBytes(StandardCharsets.UTF_8).length;
            files.add(new Assembly.JobFile(
                    JobFiles.COMBINED,
                    header,
                    collected.stream()
                            .map(s -> writer.share(JobFiles.COMBINED, s, settings.resultsFile(s), length))
                            .flatMap(Optional::stream)
                            .toList()));
        }
        // A segment that was collected by an older version has no such part; half a file would be mistaken for the
        // whole.
        if (collected.stream().allMatch(s -> sizes.of(JobFiles.part(JobFiles.JUDGEMENTS, s)) > 0)) {
            files.add(file(JobFiles.JUDGEMENTS, header(tables.judgements()), collected, writer));
        } else {
            store.delete(JobFiles.JUDGEMENTS);
        }
        files.add(file(JobFiles.FAILED_PAIRS, header(tables.failedPairs()), collected, writer));
        files.add(file(JobFiles.FAILED_ATTEMPTS, header(tables.failedAttempts()), collected, writer));
        files.add(file(JobFiles.BATCH_FAILURES, header(tables.batchFailures()), collected, writer));
        files.add(file(JobFiles.UNMATCHED_LINES, header(tables.unmatchedLines()), collected, writer));
        files.add(file(JobFiles.REJECTED_ROWS, "row,reason,detail\n", rejectedParts(job), writer));
        return files;
    }

    private static Assembly.JobFile file(String name, String header, Collection<Integer> segments, ShareWriter writer) {
        return new Assembly.JobFile(
                name,
                header,
                segments.stream()
                        .map(segment -> writer.share(name, segment, JobFiles.part(name, segment), 0))
                        .flatMap(Optional::stream)
                        .toList());
    }

    private static JobRejectedException missing(int segment) {
        return new JobRejectedException(new Problem(
                ErrorCode.REGISTRY_CONFLICT,
                "segment " + segment + ", " + JobFiles.tally(segment),
                "nothing",
                "the counts of a collected segment: restore the object's last version in the bucket, then let"
                        + " the job continue"));
    }

    /// Rows that were rejected before the first accepted one belong to segment 0.
    private static List<Integer> rejectedParts(MergeJob job) {
        List<Integer> segments = new ArrayList<>();
        segments.add(0);
        job.segments().forEach(segment -> segments.add(segment.index()));
        return segments;
    }

    /// Deletes what was put together on the way, and requests and answers if the job does not keep them, but only those
    /// of batches that ended well (contract 8); pairs, error lines and CSV files are kept.
    void tidy(MergeJob job) throws IOException {
        List<String> files = new ArrayList<>();
        store.list(JobFiles.MERGING, files::add);
        for (MergedSegment segment : job.keepJsonl() ? List.<MergedSegment>of() : job.segments()) {
            if (segment.endedWell() && segment.receivedAt() != null) {
                // Of a batch that somebody else has made it holds no requests, but the ids of its answers.
                if (!settings.isOthers(segment.attempt())) {
                    files.add(JobFiles.input(segment.index()));
                }
                files.add(JobFiles.output(segment.index()));
            }
        }
        pace.calls()
                .each(
                        files,
                        file -> {
                            store.delete(file);
                            return file;
                        },
                        file -> {});
    }

    private static String header(Table<?> table) {
        StringBuilder line = new StringBuilder();
        table.header(line);
        return line.toString();
    }
}
