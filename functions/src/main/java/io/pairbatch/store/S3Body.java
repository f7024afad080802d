package io.pairbatch.store;

import io.pairbatch.job.RetryableException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The bytes of an object from some offset on: exactly those, or an outage. Every GET of an object goes through here,
/// because the server may ignore a range (RFC 9110, 14.2, allows that): taking the first byte that arrives for the
/// requested one would read rows twice. A body that is shorter than announced is a broken connection, which the JDK's
/// URL connections treat as the end.
public final class S3Body extends FilterInputStream {

    private static final int PARTIAL = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    private final ResponseInputStream<GetObjectResponse> response;
    private long at;
    private boolean ended;

    private S3Body(ResponseInputStream<GetObjectResponse> response) {
        super(response);
        this.response = response;
    }

    /// Opens an object.
    ///
    /// @param request without a range
    /// @param offset of the first byte to read; nothing is read if the object has no more
    /// @param check examines the response, with [#size], and throws if it is not the expected object
    /// @throws RetryableException if other bytes arrive than those requested
    public static InputStream open(
            S3Client s3, GetObjectRequest request, long offset, Consumer<GetObjectResponse> check) throws IOException {
        GetObjectRequest wanted = offset == 0
                ? request
                : request.toBuilder().range("bytes=" + offset + "-").build();
        ResponseInputStream<GetObjectResponse> response;
        try {
            response = s3.getObject(wanted);
        } catch (S3Exception e) {
            if (offset > 0 && e.statusCode() == RANGE_NOT_SATISFIABLE) {
                return InputStream.nullInputStream();
            }
            throw e;
        }
        S3Body body = new S3Body(response);
        try {
            check.accept(response.response());
            body.moveTo(offset, request.key());
            return body;
        } catch (IOException | RuntimeException e) {
            response.abort();
            throw e;
        }
    }

    /// Opens an object without checking its version.
    public static InputStream open(S3Client s3, GetObjectRequest request, long offset) throws IOException {
        return open(s3, request, offset, answer -> {});
    }

    /// The size of the whole object, if its response tells it; otherwise -1.
    public static long size(GetObjectResponse answer) {
        if (answer.contentRange() == null) {
            return answer.contentLength() == null ? -1 : answer.contentLength();
        }
        Matcher range = RANGE.matcher(answer.contentRange());
        return range.matches() ? Long.parseLong(range.group(3)) : -1;
    }

    private void moveTo(long offset, String key) throws IOException {
        GetObjectResponse answer = response.response();
        @Nullable String range = answer.contentRange();
        if (range == null && (offset == 0 || !isPartial(answer))) {
            skip(offset, answer);
        } else if (offset == 0 || !isRest(offset, range, answer.contentLength())) {
            throw new RetryableException(
                    "S3 was asked for " + key + " from byte " + offset + " and answered with "
                            + (range == null ? "an unknown part" : range) + " of " + answer.contentLength() + " bytes",
                    null);
        }
    }

    private static boolean isPartial(GetObjectResponse answer) {
        return answer.sdkHttpResponse() != null && answer.sdkHttpResponse().statusCode() == PARTIAL;
    }

    /// Whether the response is everything from `offset` to the object's end.
    private static boolean isRest(long offset, @Nullable String contentRange, @Nullable Long length) {
        Matcher range = RANGE.matcher(contentRange == null ? "" : contentRange);
        if (!range.matches() || Long.parseLong(range.group(1)) != offset) {
            return false;
        }
        long rest = Long.parseLong(range.group(3)) - offset;
        return Long.parseLong(range.group(2)) == offset + rest - 1 && (length == null || length == rest);
    }

    /// The whole object was sent: reads and discards what was not requested.
    private void skip(long offset, GetObjectResponse answer) throws IOException {
        Long length = answer.contentLength();
        long dropped = length == null ? offset : Math.min(offset, length);
        byte[] chunk = new byte[dropped == 0 ? 0 : 1 << 16];
        for (long left = dropped; left > 0; ) {
            int n = read(chunk, 0, (int) Math.min(chunk.length, left));
            if (n < 0) {
                return;
            }
            left -= n;
        }
    }

    @Override
    public int read() throws IOException {
        int b = response.read();
        count(b < 0 ? -1 : 1);
        return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = response.read(buffer, offset, length);
        count(n);
        return n;
    }

    private void count(int bytes) throws IOException {
        Long announced = response.response().contentLength();
        if (bytes >= 0) {
            at += bytes;
            // Whoever knows how much there is does not read on to the end, and the connection can be used again.
            ended = announced != null && at == announced;
            return;
        }
        if (announced != null && at < announced) {
            throw new IOException("the body ended at byte " + at + " of " + announced);
        }
        ended = true;
    }

    @Override
    public long skip(long n) throws IOException {
        long skipped = response.skip(n);
        at += skipped;
        return skipped;
    }

    /// Closing a body that was not read to its end would read the rest; abort drops the connection instead.
    @Override
    public void close() throws IOException {
        if (ended) {
            response.close();
        } else {
            response.abort();
        }
    }
}
