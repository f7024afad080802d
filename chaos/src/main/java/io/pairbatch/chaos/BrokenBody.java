package io.pairbatch.chaos;

import java.io.FilterInputStream;
import java.io.IOException;
import java.time.Duration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// A body that breaks off in the middle.
final class BrokenBody extends FilterInputStream {

    private final boolean silently;
    private int left;

    private BrokenBody(ResponseInputStream<?> whole, int left, boolean silently) {
        super(whole);
        this.left = left;
        this.silently = silently;
    }

    /// @param silently whether it just ends
    static <R> ResponseInputStream<R> of(ResponseInputStream<R> whole, boolean silently) {
        int length = whole.response() instanceof GetObjectResponse got ? Math.toIntExact(got.contentLength()) : 0;
        return new ResponseInputStream<>(
                whole.response(),
                AbortableInputStream.create(new BrokenBody(whole, length / 2, silently), whole),
                Duration.ZERO);
    }

    @Override
    public int read() throws IOException {
        if (left == 0) {
            return end();
        }
        left--;
        return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0 && length > 0) {
            return end();
        }
        int n = super.read(bytes, offset, Math.min(length, left));
        left -= Math.max(n, 0);
        return n;
    }

    @Override
    public long skip(long n) throws IOException {
        long skipped = super.skip(Math.min(n, left));
        left -= (int) skipped;
        return skipped;
    }

    private int end() throws IOException {
        if (silently) {
            return -1;
        }
        throw new IOException("Premature end of Content-Length delimited message body");
    }
}
