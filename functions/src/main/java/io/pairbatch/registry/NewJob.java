package io.pairbatch.registry;

import java.time.Instant;

/// The data of a job in the JOB item from its first claim on.
///
/// @param name the dropped folder's name
/// @param sourceVersion the data file's object version
public record NewJob(
        String jobId,
        String name,
        String backend,
        String model,
        String sourceBucket,
        String sourceKey,
        String sourceVersion,
        long sourceSize,
        Instant createdAt) {}
