package io.pairbatch.standins;

import java.time.Clock;
import software.amazon.awssdk.services.s3.S3Client;

class MemoryBucketsContractTest extends BucketContract {

    private final S3Client s3 = new MemoryBuckets(Clock.systemUTC(), "contract");

    @Override
    public S3Client s3() {
        return s3;
    }

    @Override
    public String bucket() {
        return "contract";
    }
}
