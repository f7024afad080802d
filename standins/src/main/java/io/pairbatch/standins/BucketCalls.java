package io.pairbatch.standins;

import java.util.Set;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;

/// Calls on buckets. Versioning can be enabled, but not disabled.
final class BucketCalls {

    private static final Set<String> NAMED = Set.of("Bucket");

    private final Buckets buckets;

    BucketCalls(Buckets buckets) {
        this.buckets = buckets;
    }

    CreateBucketResponse create(CreateBucketRequest request) {
        Strict.only(request, NAMED);
        String name = Strict.named("Bucket", request.bucket());
        if (buckets.all().putIfAbsent(name, new BucketState(false)) != null) {
            throw Refusals.alreadyOwned();
        }
        return Buckets.ok(CreateBucketResponse.builder().location("/" + name));
    }

    HeadBucketResponse head(HeadBucketRequest request) {
        Strict.only(request, NAMED);
        buckets.bucket(request.bucket());
        return Buckets.ok(HeadBucketResponse.builder());
    }

    DeleteBucketResponse delete(DeleteBucketRequest request) {
        Strict.only(request, NAMED);
        if (!buckets.bucket(request.bucket()).isEmpty()) {
            throw Refusals.refusal(
                    Refusals.CONFLICT,
                    "BucketNotEmpty",
                    "The bucket you tried to delete is not empty. You must delete all versions in the bucket.");
        }
        buckets.all().remove(request.bucket());
        DeleteBucketResponse.Builder answer = DeleteBucketResponse.builder();
        answer.sdkHttpResponse(Buckets.status(204));
        return answer.build();
    }

    ListBucketsResponse list(ListBucketsRequest request) {
        Strict.only(request, Set.of());
        return Buckets.ok(ListBucketsResponse.builder()
                .buckets(buckets.all().keySet().stream()
                        .map(name -> Bucket.builder().name(name).build())
                        .toList()));
    }

    PutBucketVersioningResponse putVersioning(PutBucketVersioningRequest request) {
        Strict.only(request, Set.of("Bucket", "VersioningConfiguration", "ChecksumAlgorithm"));
        BucketState bucket = buckets.bucket(request.bucket());
        if (request.versioningConfiguration() == null
                || request.versioningConfiguration().status() != BucketVersioningStatus.ENABLED
                || request.versioningConfiguration().mfaDelete() != null) {
            throw Strict.notUnderstood(request, "another status than Enabled");
        }
        bucket.keepVersions();
        return Buckets.ok(PutBucketVersioningResponse.builder());
    }

    GetBucketVersioningResponse versioning(GetBucketVersioningRequest request) {
        Strict.only(request, NAMED);
        return Buckets.ok(GetBucketVersioningResponse.builder()
                .status(buckets.bucket(request.bucket()).versioned() ? BucketVersioningStatus.ENABLED : null));
    }
}
