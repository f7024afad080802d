package io.pairbatch.merge;

import io.pairbatch.store.Draft;
import io.pairbatch.store.GzipMember;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.Lanes;
import io.pairbatch.store.RawRows;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// Writes the segments' shares of the job's files one behind the other: byte range by byte range where a share can stay
/// as it is, and else record by record. Can be used by several threads.
final class ShareWriter {

    private static final byte[] FALSE = "FALSE".getBytes(StandardCharsets.UTF_8);

    private final JobStore store;
    private final Sizes sizes;
    private final Shares shares;
    private final Superseded superseded;

    ShareWriter(JobStore store, Sizes sizes, Shares shares, Superseded superseded) {
        this.store = store;
        this.sizes = sizes;
        this.shares = shares;
        this.superseded = superseded;
    }

    /// A segment's share of a file of the job.
    ///
    /// @param name of the file that holds it
    /// @param header the length of its header in bytes, if it has the columns of now; 0 without a header
    /// @param size of the whole file in bytes
    /// @param mapped whether it is to be copied record by record
    record Share(String jobFile, int segment, String name, long header, long size, boolean mapped) {

        /// Whether there is anything of it in the job's file.
        private boolean counts() {
            return size > (mapped ? 0 : header);
        }

        private Draft.Piece piece() {
            return new Draft.Piece(name, header, size - header);
        }
    }

    /// The share of a segment; empty if nothing of it is in the job's file.
    Optional<Share> share(String jobFile, int segment, String name, long header) {
        boolean mapped = !shares.isOfToday(segment, jobFile) || superseded.changes(segment, jobFile);
        Share share = new Share(jobFile, segment, name, header, sizes.of(name), mapped);
        return Optional.of(share).filter(Share::counts);
    }

    /// Appends them in their order.
    void append(Draft draft, List<Share> all, Lanes lanes) throws IOException {
        List<Draft.Piece> pieces = new ArrayList<>();
        for (Share share : all) {
            if (share.mapped()) {
                draft.append(pieces, lanes);
                pieces.clear();
                map(draft, share);
            } else {
                pieces.add(share.piece());
            }
        }
        draft.append(pieces, lanes);
    }

    private void map(Draft draft, Share share) throws IOException {
        InputStream file =
                store.open(share.name()).orElseThrow(() -> new IOException(share.name() + " was there and is gone"));
        boolean gzipped = share.name().endsWith(".gz");
        try (RawRows rows = new RawRows(gzipped ? new GZIPInputStream(file) : file)) {
            if (share.header() > 0) {
                rows.next();
            }
            if (gzipped) {
                try (GzipMember member = new GzipMember(draft)) {
                    map(rows, share, member);
                    member.finish();
                }
            } else {
                map(rows, share, draft);
            }
        }
    }

    private void map(RawRows rows, Share share, OutputStream out) throws IOException {
        String file = share.jobFile();
        List<String> columns = shares.columns(share.segment(), file);
        int[] places = shares.places(share.segment(), file);
        int last = Superseded.finalColumn(shares.today(file));
        Superseded.Fates fates = superseded.fates(share.segment(), file);
        for (int place = 0; rows.next(); place++) {
            if (rows.fields() != columns.size()) {
                throw new IllegalStateException("segment " + share.segment() + " has a row of " + rows.fields()
                        + " fields in " + file + " instead of " + columns.size());
            }
            switch (fates.of(rows, place, columns)) {
                case KEPT -> rows.write(out, places);
                case NOT_FINAL -> rows.write(out, places, last, FALSE);
                case DROPPED -> {}
            }
        }
    }
}
