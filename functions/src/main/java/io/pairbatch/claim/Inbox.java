package io.pairbatch.claim;

import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.store.S3Body;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/// The part of the data bucket into which users drop files: `inbox/<name>/…`, or a data file alone, `inbox/<file>`.
final class Inbox {

    static final String PREFIX = "inbox/";
    static final String JOB_FILE = "job.json";
    /// The specification for data files that are directly in the inbox and have none.
    static final String DEFAULTS = PREFIX + "defaults.json";
    /// A specification is read into memory; nobody needs a larger one.
    private static final int MAX_SPEC = 1024 * 1024;

    private final S3Client s3;
    private final String bucket;

    Inbox(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /// One object in its current version.
    ///
    /// @param version object version; all later reads use it
    record Found(String key, String version, String etag, long size, Map<String, String> metadata) {}

    Optional<Found> head(String key) {
        try {
            HeadObjectResponse head = s3.headObject(r -> r.bucket(bucket).key(key));
            String version = head.versionId() == null ? "" : head.versionId();
            return Optional.of(new Found(key, version, head.eTag(), head.contentLength(), head.metadata()));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /// A small text file as a whole; empty if it does not exist.
    Optional<byte[]> small(String key) {
        GetObjectRequest request =
                GetObjectRequest.builder().bucket(bucket).key(key).build();
        try (InputStream in = S3Body.open(s3, request, 0)) {
            byte[] bytes = in.readNBytes(MAX_SPEC + 1);
            if (bytes.length > MAX_SPEC) {
                throw new JobRejectedException(
                        new Problem(ErrorCode.SPEC_INVALID_VALUE, key, "more than 1 MiB", "a file of 1 MiB at most"));
            }
            return Optional.of(bytes);
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new RetryableException(key + " could not be read to the end", e);
        }
    }

    /// The keys directly in `folder` (which ends in `/`) that may be data: all but job.json and `named`.
    ///
    /// @return at most two: more than one is an error in any case
    List<String> dataFiles(String folder, Set<String> named) {
        List<String> found = new ArrayList<>();
        for (S3Object object :
                s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(folder)).contents()) {
            String name = object.key().substring(folder.length());
            boolean data = !name.isEmpty()
                    && !name.contains("/")
                    && !name.startsWith(".")
                    && !name.equals(JOB_FILE)
                    && !named.contains(name);
            if (data) {
                found.add(object.key());
            }
            if (found.size() > 1) {
                break;
            }
        }
        return found;
    }
}
