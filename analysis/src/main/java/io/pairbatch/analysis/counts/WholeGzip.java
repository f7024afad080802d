package io.pairbatch.analysis.counts;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// A gzip file of one or more members, to its very end. The library's stream takes anything that it cannot read
/// between two members for the end of the file; here it is an error, so that no judgement is lost unnoticed.
final class WholeGzip extends GZIPInputStream {

    private static final int BUFFER = 1 << 16;
    private static final int TRAILER = 8;

    WholeGzip(InputStream stored) throws IOException {
        super(stored, BUFFER);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = super.read(bytes, offset, length);
        if (n < 0 && (inf.getRemaining() > TRAILER || in.read() >= 0)) {
            throw new ZipException("something follows the compressed data");
        }
        return n;
    }
}
