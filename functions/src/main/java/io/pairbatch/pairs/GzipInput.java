package io.pairbatch.pairs;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Decompresses a gzip file with one or more members to its very end. The library's stream treats any error between two
/// members, even a broken connection, as the end of the file; here it is an error, so that no row is lost unnoticed.
final class GzipInput extends GZIPInputStream {

    private static final int BUFFER = 1 << 16;
    private static final int TRAILER = 8;

    private final Counted stored;
    /// Stored bytes that were passed to the inflater so far.
    private long filledTo;

    GzipInput(InputStream stored) throws IOException {
        this(new Counted(stored));
    }

    private GzipInput(Counted stored) throws IOException {
        super(stored, BUFFER);
        this.stored = stored;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = super.read(bytes, offset, length);
        if (n < 0) {
            checkEnd();
        }
        return n;
    }

    @Override
    protected void fill() throws IOException {
        super.fill();
        filledTo = stored.count;
    }

    /// After the last member's data comes its trailer and the end of the file, unless the connection broke or other
    /// data follows.
    private void checkEnd() throws IOException {
        stored.drain();
        long endOfData = filledTo - inf.getRemaining();
        if (stored.count - endOfData != TRAILER) {
            throw new ZipException("something follows the compressed data");
        }
    }

    private static final class Counted extends FilterInputStream {

        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = in.read(bytes, offset, length);
            count += Math.max(n, 0);
            return n;
        }

        /// Reads to the end, and fails if the file does not end there.
        void drain() throws IOException {
            byte[] rest = new byte[BUFFER];
            while (read(rest, 0, rest.length) >= 0) {
                // Only the count matters.
            }
        }
    }
}
