package io.pairbatch.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// An object being written: with one put if it fits into the buffer, otherwise with a multipart upload. Holds one
/// buffer of 8 MiB.
final class S3Draft extends Draft {

    /// Every part but the last must have at least 5 MiB
    /// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).
    static final int MIN_PART = 5 * 1024 * 1024;

    private static final int BUFFER = 8 * 1024 * 1024;
    /// Of each part, copied ones too, named when the upload begins: else S3 refuses the completion, since the client
    /// sends
    /// one anyway.
    private static final ChecksumAlgorithm CHECKSUM = ChecksumAlgorithm.CRC32;
    /// A copied part may have up to 5 GiB; smaller parts keep each call short.
    private static final long MAX_COPY = 256L * 1024 * 1024;
    /// From this part on the copied ones are larger, so that the 10,000 that there may be hold the 5 TiB of an object.
    private static final int FEW_PARTS = 5_000;
    private static final long LARGE_COPY = 4 * MAX_COPY;

    private final S3Client s3;
    private final String bucket;
    private final String key;
    private final S3JobStore store;
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] buffer = new byte[64 * 1024];
    private int buffered;
    private int numbered;
    private @Nullable String uploadId;
    private boolean ended;

    S3Draft(S3Client s3, String bucket, String key, S3JobStore store) {
        this.s3 = s3;
        this.bucket = bucket;
        this.key = key;
        this.store = store;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int done = 0;
        while (done < length) {
            if (buffered == BUFFER) {
                uploadBuffer();
            }
            int n = Math.min(length - done, BUFFER - buffered);
            grow(buffered + n);
            System.arraycopy(bytes, offset + done, buffer, buffered, n);
            buffered += n;
            done += n;
        }
    }

    /// Most drafts are small, so the buffer grows as it fills.
    private void grow(int needed) {
        if (needed > buffer.length) {
            buffer = java.util.Arrays.copyOf(buffer, Math.min(BUFFER, Math.max(needed, buffer.length * 2)));
        }
    }

    @Override
    public void append(String name, long offset, long length) throws IOException {
        append(List.of(new Piece(name, offset, length)), Lanes.ONE);
    }

    @Override
    public void append(List<Piece> pieces, Lanes lanes) throws IOException {
        List<Copy> copies = new ArrayList<>();
        for (Piece piece : pieces) {
            plan(piece, copies);
        }
        if (!copies.isEmpty()) {
            String upload = uploadId();
            lanes.each(copies, copy -> copy(copy, upload), parts::add);
        }
    }

    /// A part to be copied.
    private record Copy(int number, Piece from) {}

    /// Reads what is too small to be copied, and gives the parts that are copied their numbers.
    private void plan(Piece piece, List<Copy> copies) throws IOException {
        long from = piece.offset();
        long left = piece.length();
        while (left > 0) {
            if (left < MIN_PART) {
                read(piece.name(), from, left);
                return;
            }
            if (buffered > 0 && buffered < MIN_PART) {
                int fill = MIN_PART - buffered;
                read(piece.name(), from, fill);
                from += fill;
                left -= fill;
            } else {
                if (buffered > 0) {
                    uploadBuffer();
                }
                long n = Math.min(left, numbered < FEW_PARTS ? MAX_COPY : LARGE_COPY);
                copies.add(new Copy(++numbered, new Piece(piece.name(), from, n)));
                from += n;
                left -= n;
            }
        }
    }

    private void read(String name, long offset, long length) throws IOException {
        try (InputStream in = store.open(name, offset)
                .orElseThrow(() -> new IOException("cannot append " + name + ": there is no such file"))) {
            byte[] chunk = new byte[64 * 1024];
            long left = length;
            while (left > 0) {
                int n = in.read(chunk, 0, (int) Math.min(chunk.length, left));
                if (n < 0) {
                    throw new IOException("cannot append " + name + ": it is shorter than " + (offset + length));
                }
                write(chunk, 0, n);
                left -= n;
            }
        }
    }

    private CompletedPart copy(Copy copy, String upload) {
        Piece from = copy.from();
        CopyPartResult result = s3.uploadPartCopy(r -> r.sourceBucket(bucket)
                        .sourceKey(store.key(from.name()))
                        .copySourceRange("bytes=" + from.offset() + "-" + (from.offset() + from.length() - 1))
                        .destinationBucket(bucket)
                        .destinationKey(key)
                        .uploadId(upload)
                        .partNumber(copy.number()))
                .copyPartResult();
        return CompletedPart.builder()
                .partNumber(copy.number())
                .eTag(result.eTag())
                .checksumCRC32(result.checksumCRC32())
                .build();
    }

    private void uploadBuffer() {
        int number = ++numbered;
        UploadPartResponse part = s3.uploadPart(
                r -> r.bucket(bucket)
                        .key(key)
                        .uploadId(uploadId())
                        .partNumber(number)
                        .checksumAlgorithm(CHECKSUM),
                body());
        parts.add(CompletedPart.builder()
                .partNumber(number)
                .eTag(part.eTag())
                .checksumCRC32(part.checksumCRC32())
                .build());
        buffered = 0;
    }

    private String uploadId() {
        if (uploadId == null) {
            uploadId = s3.createMultipartUpload(r -> r.bucket(bucket).key(key).checksumAlgorithm(CHECKSUM))
                    .uploadId();
        }
        return uploadId;
    }

    private RequestBody body() {
        return RequestBody.fromRemainingByteBuffer(ByteBuffer.wrap(buffer, 0, buffered));
    }

    @Override
    public void commit() {
        if (ended) {
            throw new UncheckedIOException(new IOException("the draft of " + key + " is already closed"));
        }
        if (uploadId == null) {
            s3.putObject(r -> r.bucket(bucket).key(key), body());
        } else {
            if (buffered > 0) {
                uploadBuffer();
            }
            // Copied ones may have come before written ones of lower numbers.
            parts.sort(Comparator.comparing(CompletedPart::partNumber));
            s3.completeMultipartUpload(
                    r -> r.bucket(bucket).key(key).uploadId(uploadId()).multipartUpload(m -> m.parts(parts)));
        }
        ended = true;
    }

    @Override
    public void close() {
        if (!ended && uploadId != null) {
            s3.abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(uploadId()));
        }
        ended = true;
    }
}
