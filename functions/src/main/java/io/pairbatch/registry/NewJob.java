package io.pairbatch.registry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The data of a job in the JOB item from its first claim on.
///
/// @param name the dropped folder's name
/// @param sourceVersion the data file's object version
/// @param judged what its drops are known by again; null for one that cannot be done
/// @param tags for those who list and watch it
/// @param costLimit how much it may cost, in nano-USD; null for no limit
/// @param simulated whether the simulator answers in place of the provider
/// @param judges the names of its judges, if it has several
/// @param panel the job that has several judges, of the job of one of them; null for any other job
/// @param judge the name of that judge
public record NewJob(
        String jobId,
        String name,
        String backend,
        String model,
        String sourceBucket,
        String sourceKey,
        String sourceVersion,
        long sourceSize,
        Instant createdAt,
        @Nullable String judged,
        JobTags tags,
        @Nullable Long costLimit,
        boolean simulated,
        List<String> judges,
        @Nullable String panel,
        @Nullable String judge) {

    public NewJob {
        judges = List.copyOf(judges);
    }

    /// A job that no drop is known by again.
    public NewJob(
            String jobId,
            String name,
            String backend,
            String model,
            String sourceBucket,
            String sourceKey,
            String sourceVersion,
            long sourceSize,
            Instant createdAt) {
        this(
                jobId,
                name,
                backend,
                model,
                sourceBucket,
                sourceKey,
                sourceVersion,
                sourceSize,
                createdAt,
                null,
                JobTags.NONE,
                null,
                false,
                List.of(),
                null,
                null);
    }
}
