package io.pairbatch.split;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.Segment;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.Pair;
import io.pairbatch.store.Csv;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.JsonLine;
import io.pairbatch.text.Hex;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes one segment's files in parallel: the requests, the pairs, what the pairs are known by, and the rows that were
/// rejected while it was open. Buffers as much as two drafts, 64 KiB, and 16 bytes a pair.
final class SegmentWriter implements Closeable {

    private final int index;
    private final int attempt;
    private final Draft requests;
    private final Draft pairs;
    private final RejectedPart rejected;
    private final JobStore store;
    private final ByteArrayOutputStream prints = new ByteArrayOutputStream();
    private final MessageDigest digest = Hex.sha256();
    private final JsonLine pairLine = new JsonLine(Integer.MAX_VALUE);
    private long firstRow;
    private long lastRow;
    private int rows;
    private long bytes;

    SegmentWriter(JobStore store, int index) throws IOException {
        this(store, index, 1);
    }

    /// @param attempt 1 for the first attempt at the pairs
    SegmentWriter(JobStore store, int index, int attempt) throws IOException {
        this.index = index;
        this.attempt = attempt;
        this.store = store;
        this.requests = store.create(JobFiles.input(index));
        this.pairs = store.create(JobFiles.pairs(index));
        this.rejected = new RejectedPart(store, index);
    }

    /// Whether one more request of `size` bytes would exceed these limits.
    boolean isFull(int maxRequests, long maxBytes, int size) {
        return rows >= maxRequests || bytes + size > maxBytes;
    }

    int rows() {
        return rows;
    }

    /// @param rowDigest of the pair ([RowPrint#digest])
    void add(Pair pair, JsonLine request, byte[] rowDigest) throws IOException {
        request.writeTo(requests);
        request.update(digest);
        bytes += request.size();
        writePair(pair);
        prints.write(rowDigest, 0, RowPrint.BYTES);
        firstRow = rows == 0 ? pair.row() : firstRow;
        lastRow = pair.row();
        rows++;
    }

    void reject(InputRow.Rejected row) throws IOException {
        rejected.add(row);
    }

    /// Makes the files visible; the requests last, because they are what is submitted.
    Segment commit() throws IOException {
        rejected.commit();
        if (attempt == 1) {
            commitPrints();
        }
        pairs.commit();
        requests.commit();
        return new Segment(index, firstRow, lastRow, rows, bytes, Hex.of(digest.digest()), attempt);
    }

    private void commitPrints() throws IOException {
        try (Draft draft = store.create(JobFiles.prints(index))) {
            prints.writeTo(draft);
            draft.commit();
        }
    }

    @Override
    public void close() throws IOException {
        try (requests;
                pairs;
                rejected) {
            pairLine.reset();
        }
    }

    /// `{"row":12,"pair":{…}}`, written in pieces, because a pair's columns may be large.
    private void writePair(Pair pair) throws IOException {
        pairLine.reset();
        pairLine.raw("{\"row\":" + pair.row() + ",\"pair\":");
        PairJson.write(pairLine, pair, pairs);
        pairLine.raw("}\n");
        pairLine.writeTo(pairs);
    }

    /// A segment's part of `rejected_rows.csv`, without a header; the file exists only if there is a row.
    static final class RejectedPart implements Closeable {

        private final JobStore store;
        private final int index;
        private final StringBuilder line = new StringBuilder();
        private @Nullable Draft draft;

        RejectedPart(JobStore store, int index) {
            this.store = store;
            this.index = index;
        }

        void add(InputRow.Rejected row) throws IOException {
            Draft out = draft;
            if (out == null) {
                out = store.create(JobFiles.part(JobFiles.REJECTED_ROWS, index));
                draft = out;
            }
            line.setLength(0);
            Csv.line(line, List.of(Long.toString(row.row()), row.reason().code(), row.detail()));
            out.write(line.toString().getBytes(StandardCharsets.UTF_8));
        }

        /// Makes the file visible if there is a row; nothing is added after that.
        void commit() throws IOException {
            try (Draft done = draft) {
                draft = null;
                if (done != null) {
                    done.commit();
                }
            }
        }

        @Override
        public void close() throws IOException {
            if (draft != null) {
                draft.close();
            }
        }
    }
}
