package io.pairbatch.split;

import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.PairRows;
import io.pairbatch.pairs.Position;
import io.pairbatch.problem.RowRejection;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.store.JsonLine;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The pairs of a job with the request of each accepted one. A row whose request is too large for the provider is
/// rejected here. Buffers one request.
final class RequestRows implements Closeable {

    private final PairRows reader;
    private final RequestWriter requests;
    private final JsonLine request;
    private final int maxBytes;
    private Position before;

    /// Opens rows at a position.
    @FunctionalInterface
    interface Source {

        RequestRows open(Position position) throws IOException;
    }

    RequestRows(PairRows reader, RequestWriter requests, BatchLimits limits) {
        this.reader = reader;
        this.requests = requests;
        this.maxBytes = RetryRounds.maxBytes(limits);
        this.request = new JsonLine(maxBytes);
        this.before = reader.position();
    }

    /// The next row, or null after the last one.
    @Nullable
    InputRow read() throws IOException {
        before = reader.position();
        InputRow row = reader.read();
        if (row instanceof InputRow.Accepted accepted) {
            requests.write(request, accepted.pair());
            if (request.tooLong()) {
                return new InputRow.Rejected(
                        row.row(), RowRejection.REQUEST_TOO_LARGE, "its request has more than " + maxBytes + " bytes");
            }
        }
        return row;
    }

    /// The request of the row that was read last, if it is an accepted one.
    JsonLine request() {
        return request;
    }

    /// The position before the row that was read last.
    Position before() {
        return before;
    }

    /// The position after the row that was read last.
    Position position() {
        return reader.position();
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
