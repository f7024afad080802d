package io.pairbatch.infra;

import io.pairbatch.backend.Backend;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.SecretValue;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.CfnBucket;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.secretsmanager.CfnSecret;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.constructs.Construct;

/// The bucket for incoming jobs and their results, and the secrets with the providers' keys.
final class Storage extends Construct {

    /// As long as the logs: enough to find out what was lost, and to get it back.
    private static final int KEPT_DAYS = 30;

    private final Bucket bucket;
    private final Map<Backend, Secret> keys = new EnumMap<>(Backend.class);

    Storage(Construct scope, Settings settings) {
        super(scope, "Storage");
        bucket = Bucket.Builder.create(this, "Bucket")
                .bucketName(settings.bucketName())
                .versioned(true)
                .encryption(BucketEncryption.S3_MANAGED)
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .enforceSsl(!settings.embedded())
                .lifecycleRules(List.of(
                        LifecycleRule.builder()
                                .id("abandoned-uploads")
                                .abortIncompleteMultipartUploadAfter(Duration.days(2))
                                .build(),
                        LifecycleRule.builder()
                                // What the API remembers about a request in case it is repeated.
                                .id("answered-requests")
                                .prefix("requests/")
                                .expiration(Duration.days(2))
                                .noncurrentVersionExpiration(Duration.days(1))
                                .build(),
                        noLonger("jobs/"),
                        noLonger("claims/"),
                        noLonger("library/")))
                .removalPolicy(settings.embedded() ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN)
                .build();
        announceObjects(bucket);
        Accepted.finding(
                bucket,
                "AwsSolutions-S1",
                "Access logs belong into a bucket of the account's owner with its own retention, which a deployment"
                        + " cannot make up; CloudTrail's data events can record the same. A setting for such a bucket is"
                        + " planned.");
        if (settings.embedded()) {
            Accepted.finding(bucket, "AwsSolutions-S10", Settings.WITHOUT_TLS);
        }
        for (Backend provider : settings.providers()) {
            keys.put(provider, key(settings, provider));
        }
    }

    /// What was replaced or deleted goes after a month. Not so in `inbox/`: a job reads the version of its table that
    /// it began with as long as it can grow.
    private static LifecycleRule noLonger(String prefix) {
        return LifecycleRule.builder()
                .id("replaced-in-" + prefix.replace("/", ""))
                .prefix(prefix)
                .noncurrentVersionExpiration(Duration.days(KEPT_DAYS))
                .expiredObjectDeleteMarker(true)
                .build();
    }

    private Secret key(Settings settings, Backend provider) {
        Secret key = Secret.Builder.create(this, provider.label() + "Key")
                .secretName(settings.stackName() + "/" + provider.code())
                .description("Key of the " + provider.label() + " API: {\"api_key\": \"...\"}")
                .secretObjectValue(Map.of("api_key", SecretValue.unsafePlainText("")))
                .build();
        Accepted.finding(
                key,
                "AwsSolutions-SMG4",
                "The provider issues this key to a person. A function that replaced it would need an administrator's key"
                        + " of the provider, which may do far more than this one. A person puts a new one into the"
                        + " secret.");
        return key;
    }

    /// Set on the resource itself: `eventBridgeEnabled(true)` adds a custom resource with its own function for
    /// something that CloudFormation does with a property.
    private static void announceObjects(Bucket bucket) {
        CfnBucket resource = (CfnBucket) bucket.getNode().getDefaultChild();
        resource.setNotificationConfiguration(CfnBucket.NotificationConfigurationProperty.builder()
                .eventBridgeConfiguration(CfnBucket.EventBridgeConfigurationProperty.builder()
                        .eventBridgeEnabled(true)
                        .build())
                .build());
    }

    Bucket bucket() {
        return bucket;
    }

    /// Its name in the template.
    String bucketId() {
        return Stack.of(this).getLogicalId((CfnBucket) bucket.getNode().getDefaultChild());
    }

    /// From the attribute: the emulator answers a reference with the name, which would match no policy.
    String keyArn(Backend provider) {
        CfnSecret resource =
                (CfnSecret) Objects.requireNonNull(keys.get(provider)).getNode().getDefaultChild();
        return resource.getAttrId();
    }
}
