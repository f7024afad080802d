package io.pairbatch.revive;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.results.RetryList;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.step.Again;
import io.pairbatch.step.Mirror;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.S3JobStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/// The folders under `jobs/` in the data bucket.
public final class JobFolders implements ReviveStep.Folders {

    private static final String PREFIX = "jobs/";

    private final S3Client s3;
    private final String bucket;

    public JobFolders(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    @Override
    public void each(Predicate<String> wanted, Consumer<String> jobId) {
        for (CommonPrefix folder : s3.listObjectsV2Paginator(
                        r -> r.bucket(bucket).prefix(PREFIX).delimiter("/"))
                .commonPrefixes()) {
            String id =
                    folder.prefix().substring(PREFIX.length(), folder.prefix().length() - 1);
            if (wanted.test(id)) {
                jobId.accept(id);
            }
        }
    }

    @Override
    public boolean frozen(String jobId) {
        try {
            s3.headObject(r -> r.bucket(bucket).key(PREFIX + jobId + "/" + JobFiles.JOB));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    @Override
    public int limits(String jobId) {
        try {
            return Mirror.limits(new S3JobStore(s3, bucket, jobId)).size();
        } catch (IOException e) {
            throw new RetryableException("the limits of " + jobId + " could not be read", e);
        }
    }

    @Override
    public int lastRetry(String jobId) {
        int[] last = {0};
        try {
            RetryList.each(new S3JobStore(s3, bucket, jobId), segment -> last[0] = Math.max(last[0], segment));
        } catch (IOException e) {
            throw new RetryableException("the segments of " + jobId + " could not be listed", e);
        }
        return last[0];
    }

    @Override
    public boolean collectsAgain(String jobId, @Nullable Instant merged) {
        try {
            return Again.anyOpen(new S3JobStore(s3, bucket, jobId), merged);
        } catch (IOException e) {
            throw new RetryableException("what of " + jobId + " is to be fetched again could not be read", e);
        }
    }

    @Override
    public Optional<JobSpec> policy(String jobId) {
        JobStore store = new S3JobStore(s3, bucket, jobId);
        try (InputStream policy = store.open(JobFiles.POLICY).orElse(null);
                InputStream job =
                        policy == null ? null : store.open(JobFiles.JOB).orElse(null)) {
            if (job == null) {
                return Optional.empty();
            }
            return Optional.of(ResolvedJob.read(job, policy, Providers::options).spec());
        } catch (IOException e) {
            throw new RetryableException("the policy of " + jobId + " could not be read", e);
        }
    }
}
