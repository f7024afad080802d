package io.pairbatch.store;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Writes an object that is written once.
public final class NewObject {

    private static final int CONFLICT = 409;
    private static final int THERE_ALREADY = 412;

    private NewObject() {}

    /// Writes an object if it does not exist yet.
    ///
    /// @return false if it exists, or is being written by somebody else
    public static boolean put(S3Client s3, String bucket, String key, byte[] bytes) {
        try {
            s3.putObject(r -> r.bucket(bucket).key(key).ifNoneMatch("*"), RequestBody.fromBytes(bytes));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == THERE_ALREADY || e.statusCode() == CONFLICT) {
                return false;
            }
            throw e;
        }
    }
}
