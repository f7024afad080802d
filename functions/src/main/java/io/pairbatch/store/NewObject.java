package io.pairbatch.store;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Writes an object only if it is as it was seen, or not there yet.
public final class NewObject {

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int CHANGED = 412;

    private NewObject() {}

    /// Writes an object if it does not exist yet.
    ///
    /// @return false if it exists, or is being written by somebody else
    public static boolean put(S3Client s3, String bucket, String key, byte[] bytes) {
        try {
            s3.putObject(r -> r.bucket(bucket).key(key).ifNoneMatch("*"), RequestBody.fromBytes(bytes));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == CHANGED || e.statusCode() == CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    /// Deletes an object if it still has this ETag. A store that knows no such condition deletes it anyway.
    public static void delete(S3Client s3, String bucket, String key, String etag) {
        try {
            s3.deleteObject(r -> r.bucket(bucket).key(key).ifMatch(etag));
        } catch (S3Exception e) {
            if (e.statusCode() != CHANGED && e.statusCode() != CONFLICT && e.statusCode() != NOT_FOUND) {
                throw e;
            }
        }
    }

    /// Writes an object in place of the one with this ETag.
    ///
    /// @return false if it is another one by now, or gone, or is being written by somebody else
    public static boolean replace(S3Client s3, String bucket, String key, String etag, byte[] bytes) {
        try {
            s3.putObject(r -> r.bucket(bucket).key(key).ifMatch(etag), RequestBody.fromBytes(bytes));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == CHANGED || e.statusCode() == CONFLICT || e.statusCode() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
