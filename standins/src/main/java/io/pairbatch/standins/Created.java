package io.pairbatch.standins;

import org.jspecify.annotations.Nullable;

/// An object that was created: by a put, a copy or the completion of an upload.
///
/// @param versionId null in a bucket without versioning
/// @param etag without quotes, as in the event of the service
public record Created(String bucket, String key, @Nullable String versionId, long size, String etag) {}
