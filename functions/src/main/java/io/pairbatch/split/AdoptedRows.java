package io.pairbatch.split;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.pairs.Pair;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.results.CustomIds;
import io.pairbatch.results.SentIds;
import io.pairbatch.spec.AdoptedBatch;
import io.pairbatch.store.JsonLine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which rows of the table are in which of the batches that somebody else has made of it, and by what each of their
/// answers will be known. Rows that are not judged here were sent there, so they count. Held in memory: the ids of one
/// batch.
final class AdoptedRows {

    private final String fileName;
    private final List<AdoptedBatch> batches;
    private final String prefix;
    private final boolean byPlace;
    private final JsonLine line = new JsonLine(Integer.MAX_VALUE);
    private final Map<String, Long> seen = new HashMap<>();
    private final long[] lastRow;
    private int open;

    private AdoptedRows(ResolvedJob job, String fileName) {
        this.fileName = fileName;
        this.batches = job.spec().batching().adopted();
        this.prefix = job.spec().options().idPrefix();
        this.byPlace = Providers.of(job.spec().backend()).answersByPlace();
        this.lastRow = new long[batches.size()];
        long last = 0;
        for (int i = 0; i < lastRow.length; i++) {
            last += batches.get(i).rows();
            lastRow[i] = last;
        }
    }

    /// Those of a job; null for one that makes its own batches.
    ///
    /// @param fileName for messages
    static @Nullable AdoptedRows of(ResolvedJob job, String fileName) {
        return job.spec().isRescued() ? new AdoptedRows(job, fileName) : null;
    }

    /// Whether a row is in a later batch than this one, from 1.
    boolean isAfter(int segment, long row) {
        return row > lastRow[segment - 1];
    }

    /// The line by which a pair is known in its batch.
    ///
    /// @param segment the batch that it must be in, from 1
    /// @throws JobRejectedException if it cannot be told from another pair, or a batch before it has none
    JsonLine line(Pair pair, int segment) {
        if (segment > batches.size()) {
            throw rows("row " + pair.row());
        }
        if (isAfter(segment, pair.row())) {
            throw nothing(segment);
        }
        if (open != segment) {
            seen.clear();
            open = segment;
        }
        SentIds.write(line, pair, id(pair, segment));
        return line;
    }

    private String id(Pair pair, int segment) {
        long before = lastRow[segment - 1] - batches.get(segment - 1).rows();
        if (byPlace) {
            return (pair.row() - before) + "/" + batches.get(segment - 1).rows();
        }
        String id = CustomIds.of(pair, prefix);
        if (id == null || id.isEmpty()) {
            throw ambiguous("row " + pair.row() + ", without a `pair_uid`", "an id by which its answer can be known");
        }
        Long other = seen.put(id, pair.row());
        if (other != null) {
            throw ambiguous(
                    "rows " + other + " and " + pair.row() + " of batch " + segment + ", both `" + id + "`",
                    "another id for each pair of a batch: nobody can tell which answer is whose");
        }
        return id;
    }

    /// Checks at the table's end that the batches end there too.
    ///
    /// @param rows of the table
    /// @param segments that were written
    void end(long rows, int segments) {
        if (rows != AdoptedBatch.rows(batches)) {
            throw rows(rows + (rows == 1 ? " row" : " rows"));
        }
        if (segments < batches.size()) {
            throw nothing(segments + 1);
        }
    }

    private JobRejectedException rows(String found) {
        return new JobRejectedException(new Problem(
                ErrorCode.RESCUE_ROWS,
                fileName,
                found,
                AdoptedBatch.rows(batches) + " rows, as the batches of the job have together"));
    }

    private JobRejectedException nothing(int segment) {
        long first = lastRow[segment - 1] - batches.get(segment - 1).rows() + 1;
        return new JobRejectedException(new Problem(
                ErrorCode.RESCUE_ROWS,
                fileName,
                "no row that can be judged among the rows " + first + " to " + lastRow[segment - 1] + " of batch "
                        + segment,
                "one at least in each batch that is taken over"));
    }

    private JobRejectedException ambiguous(String found, String expected) {
        return new JobRejectedException(new Problem(ErrorCode.RESCUE_AMBIGUOUS, fileName, found, expected));
    }
}
