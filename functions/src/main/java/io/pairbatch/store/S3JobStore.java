package io.pairbatch.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// A job's files under a prefix of the data bucket.
public final class S3JobStore implements JobStore {

    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int NOT_FOUND = 404;

    private final S3Client s3;
    private final String bucket;
    private final String prefix;

    public S3JobStore(S3Client s3, String bucket, String jobId) {
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = "jobs/" + jobId + "/";
    }

    @Override
    public Draft create(String name) {
        return new S3Draft(s3, bucket, prefix + name, this);
    }

    @Override
    public Optional<InputStream> open(String name, long offset) throws IOException {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(bucket).key(prefix + name);
        if (offset > 0) {
            request.range("bytes=" + offset + "-");
        }
        try {
            return Optional.of(new Body(s3.getObject(request.build())));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (S3Exception e) {
            if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
                return Optional.of(InputStream.nullInputStream());
            }
            throw e;
        }
    }

    @Override
    public long size(String name) {
        try {
            return s3.headObject(r -> r.bucket(bucket).key(prefix + name)).contentLength();
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return -1;
            }
            throw e;
        }
    }

    @Override
    public void list(String start, Consumer<String> each) {
        s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix + start))
                .contents()
                .forEach(object -> each.accept(object.key().substring(prefix.length())));
    }

    @Override
    public void delete(String name) {
        s3.deleteObject(r -> r.bucket(bucket).key(prefix + name));
    }

    String key(String name) {
        return prefix + name;
    }

    /// Closing a body that was not read to its end would read the rest; abort drops the connection instead. A body that
    /// is shorter than announced is a broken connection, which the JDK's URL connections take for the end.
    private static final class Body extends java.io.FilterInputStream {

        private final ResponseInputStream<GetObjectResponse> response;
        private long at;
        private boolean ended;

        Body(ResponseInputStream<GetObjectResponse> response) {
            super(response);
            this.response = response;
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
            if (bytes >= 0) {
                at += bytes;
                return;
            }
            Long announced = response.response().contentLength();
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

        @Override
        public void close() throws IOException {
            if (ended) {
                response.close();
            } else {
                response.abort();
            }
        }
    }
}
