package io.pairbatch.split;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.pairing.Repetition;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.Pair;
import io.pairbatch.pairs.PairRows;
import io.pairbatch.pairs.Position;
import io.pairbatch.problem.RowRejection;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.store.JsonLine;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The comparisons of a job's pairs with their requests. A row of which any request is too large for the provider is
/// rejected here. Buffers one pair and one request. Its positions count comparisons: a rejected row counts as many as
/// another one.
public final class RequestRows implements Closeable {

    private final PairRows reader;
    private final Repetition repetition;
    private final boolean once;
    private final RequestWriter requests;
    private final JsonLine request;
    private final int maxBytes;

    /// The accepted row whose comparisons are read.
    private InputRow.@Nullable Accepted row;

    private long next;
    private Position start;

    /// Opens comparisons at a position.
    @FunctionalInterface
    interface Source {

        RequestRows open(Position position) throws IOException;
    }

    private RequestRows(PairRows reader, ResolvedJob job, RequestWriter requests, BatchLimits limits) {
        this.reader = reader;
        this.repetition = job.spec().batching().repetition();
        this.once = !repetition.isAny() && job.seat() == null;
        this.requests = requests;
        this.maxBytes = RetryRounds.maxBytes(limits);
        this.request = new JsonLine(maxBytes);
        this.start = reader.position();
    }

    /// Opens all comparisons of a table that a job without a place among others makes.
    ///
    /// @param format what the job's provider accepts
    public static RequestRows open(PairSource source, ResolvedJob job, ProviderFormat format) throws IOException {
        return open(source, Position.START, job, format.requests(job.spec(), job.token()), format.limits());
    }

    /// Opens the comparisons of a table after a position that an earlier reader has told.
    static RequestRows open(
            PairSource source, Position position, ResolvedJob job, RequestWriter requests, BatchLimits limits)
            throws IOException {
        int each = job.spec().batching().repetition().perPair();
        PairRows pairs = source.open(new Position(position.offset(), position.rows() / each));
        try {
            RequestRows rows = new RequestRows(pairs, job, requests, limits);
            for (long i = position.rows() % each; i > 0; i--) {
                rows.read();
            }
            return rows;
        } catch (IOException | RuntimeException e) {
            pairs.close();
            throw e;
        }
    }

    /// The next comparison, or a row that is rejected; null after the last one.
    public @Nullable InputRow read() throws IOException {
        InputRow.Accepted same = row;
        if (same != null && !repetition.isFirst(next)) {
            requests.write(request, pair(same, next));
            return comparison(same);
        }
        start = reader.position();
        InputRow read = reader.read();
        if (!(read instanceof InputRow.Accepted accepted)) {
            row = null;
            return read;
        }
        row = null;
        if (accepted.comparison() && !once) {
            return new InputRow.Rejected(
                    accepted.row(),
                    RowRejection.UNPARSEABLE_ROW,
                    "it is a row of failed_pairs.csv, which is one comparison, in a job with both_orders, repeats or judges");
        }
        next = repetition.first(accepted.row());
        if (!fits(accepted)) {
            return new InputRow.Rejected(
                    accepted.row(), RowRejection.REQUEST_TOO_LARGE, "its request has more than " + maxBytes + " bytes");
        }
        row = accepted;
        return comparison(accepted);
    }

    /// The last number of each order makes its longest request. That of the next comparison is written last.
    private boolean fits(InputRow.Accepted accepted) {
        long last = next + repetition.perPair() - 1;
        for (long number = last; number > next && number > last - 2; number--) {
            if (!fits(accepted, number)) {
                return false;
            }
        }
        return fits(accepted, next);
    }

    private boolean fits(InputRow.Accepted accepted, long number) {
        requests.write(request, pair(accepted, number));
        return !request.tooLong();
    }

    /// Leaves the other comparisons of the row out that was read last.
    void leaveRow() {
        if (row != null) {
            next = repetition.first(row.row()) + repetition.perPair();
        }
    }

    /// The next comparison of a row. Its request was written last.
    private InputRow comparison(InputRow.Accepted of) {
        return of.with(pair(of, next++));
    }

    private Pair pair(InputRow.Accepted of, long number) {
        return of.pair().judgedAs(number, repetition.order(number));
    }

    /// The request of the comparison that was read last.
    public JsonLine request() {
        return request;
    }

    /// The accepted row whose comparison was read last, as it stands in the table.
    public InputRow.Accepted row() {
        return Objects.requireNonNull(row);
    }

    /// The position before the comparison or the rejected row that was read last.
    Position before() {
        long read = row == null ? 0 : next - 1 - repetition.first(row.row());
        return new Position(start.offset(), start.rows() * repetition.perPair() + read);
    }

    /// The position after its row.
    Position position() {
        Position read = reader.position();
        return new Position(read.offset(), read.rows() * repetition.perPair());
    }

    /// The columns of all rows; empty where each row names its own.
    List<String> header() {
        return reader.header();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
