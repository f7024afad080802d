package io.pairbatch.cli.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// The data bucket in S3. Bodies are streamed both ways.
public final class S3Bucket implements Bucket {

    /// Name of the fingerprint in an object's user metadata.
    private static final String FINGERPRINT = "pairbatch-sha256";

    /// Files above this go in parts of this size; S3 takes 10,000 parts.
    private static final long PART_BYTES = 128L << 20;

    /// Of each part, named when the upload begins: else S3 refuses the completion, since the client sends one anyway.
    private static final ChecksumAlgorithm CHECKSUM = ChecksumAlgorithm.CRC32;

    private final S3Client s3;
    private final String bucket;

    public S3Bucket(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    @Override
    public String name() {
        return bucket;
    }

    @Override
    public void visit(String prefix, Consumer<Entry> visitor) {
        try {
            for (S3Object object : s3.listObjectsV2Paginator(
                            r -> r.bucket(bucket).prefix(prefix))
                    .contents()) {
                visitor.accept(new Entry(object.key(), object.size()));
            }
        } catch (SdkException e) {
            throw AwsErrors.explain("listing the bucket", e);
        }
    }

    @Override
    public List<String> folders(String prefix) {
        try {
            return s3
                    .listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix).delimiter("/"))
                    .commonPrefixes()
                    .stream()
                    .map(folder -> folder.prefix()
                            .substring(prefix.length(), folder.prefix().length() - 1))
                    .toList();
        } catch (SdkException e) {
            throw AwsErrors.explain("listing the bucket", e);
        }
    }

    @Override
    public Optional<InputStream> open(String key, @Nullable String version) {
        try {
            return Optional.of(s3.getObject(
                    r -> r.bucket(bucket).key(key).versionId(version == null || version.isEmpty() ? null : version)));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (S3Exception e) {
            if (e.awsErrorDetails() != null && e.awsErrorDetails().errorCode().equals("NoSuchVersion")) {
                return Optional.empty();
            }
            throw AwsErrors.explain("reading s3://" + bucket + "/" + key, e);
        } catch (SdkException e) {
            throw AwsErrors.explain("reading s3://" + bucket + "/" + key, e);
        }
    }

    @Override
    public Optional<String> fingerprint(String key) {
        try {
            return Optional.ofNullable(
                    s3.headObject(r -> r.bucket(bucket).key(key)).metadata().get(FINGERPRINT));
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw AwsErrors.explain("looking at s3://" + bucket + "/" + key, e);
        } catch (SdkException e) {
            throw AwsErrors.explain("looking at s3://" + bucket + "/" + key, e);
        }
    }

    @Override
    public void put(String key, byte[] content, String fingerprint) {
        putWhole(key, fingerprint, RequestBody.fromBytes(content));
    }

    @Override
    public void put(String key, Path file, String fingerprint) throws IOException {
        if (Files.size(file) > PART_BYTES) {
            putInParts(key, file, fingerprint);
        } else {
            putWhole(key, fingerprint, RequestBody.fromFile(file));
        }
    }

    @Override
    public void delete(String key) {
        try {
            s3.deleteObject(r -> r.bucket(bucket).key(key));
        } catch (SdkException e) {
            throw AwsErrors.explain("removing s3://" + bucket + "/" + key, e);
        }
    }

    private void putWhole(String key, String fingerprint, RequestBody body) {
        try {
            s3.putObject(r -> r.bucket(bucket).key(key).metadata(Map.of(FINGERPRINT, fingerprint)), body);
        } catch (SdkException e) {
            throw AwsErrors.explain("writing s3://" + bucket + "/" + key, e);
        }
    }

    private void putInParts(String key, Path file, String fingerprint) throws IOException {
        try {
            String upload = s3.createMultipartUpload(r -> r.bucket(bucket)
                            .key(key)
                            .checksumAlgorithm(CHECKSUM)
                            .metadata(Map.of(FINGERPRINT, fingerprint)))
                    .uploadId();
            try {
                List<CompletedPart> parts = putParts(key, file, upload);
                s3.completeMultipartUpload(
                        r -> r.bucket(bucket).key(key).uploadId(upload).multipartUpload(m -> m.parts(parts)));
            } catch (SdkException | IOException e) {
                s3.abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(upload));
                throw e;
            }
        } catch (SdkException e) {
            throw AwsErrors.explain("writing s3://" + bucket + "/" + key, e);
        }
    }

    private List<CompletedPart> putParts(String key, Path file, String upload) throws IOException {
        List<CompletedPart> parts = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            for (long offset = 0; offset < size; offset += PART_BYTES) {
                int number = parts.size() + 1;
                long start = offset;
                long length = Math.min(PART_BYTES, size - offset);
                RequestBody body = RequestBody.fromContentProvider(
                        () -> new FileSection(channel, start, length), length, "application/octet-stream");
                UploadPartResponse part = s3.uploadPart(
                        r -> r.bucket(bucket)
                                .key(key)
                                .uploadId(upload)
                                .partNumber(number)
                                .checksumAlgorithm(CHECKSUM),
                        body);
                parts.add(CompletedPart.builder()
                        .partNumber(number)
                        .eTag(part.eTag())
                        .checksumCRC32(part.checksumCRC32())
                        .build());
            }
        }
        return parts;
    }
}
