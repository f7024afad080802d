package io.pairbatch.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.standins.S3Wire;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/// What a job's S3 calls look like on the wire: a new version of the client that sends other headers, checksums or
/// conditions shows in a diff. `-Dpairbatch.snapshots=write` rewrites it.
class S3WireTest {

    private static final Path SNAPSHOT = Path.of("src/test/resources/s3-wire.txt");

    private final S3Wire wire = new S3Wire();
    private final S3Client s3 = wire.client();
    private final S3JobStore store = new S3JobStore(s3, "bucket", "job");

    @Test
    void theCallsOfAJobAreOnTheWireAsTheyWere() throws IOException {
        files();
        objects();
        versions();
        String text = wire.text();
        if ("write".equals(System.getProperty("pairbatch.snapshots"))) {
            Files.writeString(SNAPSHOT, text);
        }
        assertThat(text).isEqualTo(Files.readString(SNAPSHOT));
    }

    private void files() throws IOException {
        wire.next("a small file");
        try (Draft draft = store.create("f")) {
            draft.write("text".getBytes(StandardCharsets.UTF_8));
            draft.commit();
        }
        wire.next("a file that is not there yet");
        store.putNew("f", new byte[] {'x'});
        wire.next("a file from copied parts");
        try (Draft draft = store.create("f")) {
            draft.append("g", 0, S3Draft.MIN_PART);
            draft.commit();
        }
        wire.next("a file that was given up");
        try (Draft draft = store.create("f")) {
            draft.append("g", 0, S3Draft.MIN_PART);
        }
        wire.next("reading a file");
        read("f", 0);
        wire.next("reading from a byte on");
        read("f", 4);
        wire.next("its size");
        store.size("f");
        wire.next("the files' names and sizes");
        store.list("parts/", name -> {});
        wire.next("deleting one");
        store.delete("f");
    }

    private void read(String name, long offset) throws IOException {
        try (InputStream in = store.open(name, offset).orElseThrow()) {
            in.readNBytes(1);
        }
    }

    private void objects() throws IOException {
        wire.next("the version of a table, from a byte on");
        GetObjectRequest table = GetObjectRequest.builder()
                .bucket("bucket")
                .key("inbox/a b/é.csv")
                .versionId("v")
                .build();
        try (InputStream in = S3Body.open(s3, table, 4)) {
            in.readNBytes(1);
        }
        wire.next("an object in the place of the one that was seen");
        NewObject.replace(s3, "bucket", "claims/c.json", "\"e\"", new byte[] {'x'});
        wire.next("deleting an object if it is the one that was seen");
        NewObject.delete(s3, "bucket", "claims/c.json", "\"e\"");
        wire.next("the folders of the inbox");
        s3.listObjectsV2(r -> r.bucket("bucket").prefix("inbox/").delimiter("/").startAfter("inbox/a"));
        wire.next("a table that lies in the bucket already");
        s3.copyObject(r -> r.sourceBucket("bucket")
                .sourceKey("tables/a b/é.csv")
                .destinationBucket("bucket")
                .destinationKey("inbox/a/pairs.csv")
                .taggingDirective(TaggingDirective.REPLACE));
    }

    /// What `forget.Versions` calls.
    private void versions() {
        wire.next("the versions under a prefix, and deleting them");
        List<ObjectIdentifier> found =
                s3.listObjectVersions(r -> r.bucket("bucket").prefix("jobs/job/")).versions().stream()
                        .map(v -> ObjectIdentifier.builder()
                                .key(v.key())
                                .versionId(v.versionId())
                                .build())
                        .toList();
        s3.deleteObjects(r -> r.bucket("bucket").delete(d -> d.objects(found).quiet(true)));
        wire.next("unfinished uploads, and ending them");
        s3.listMultipartUploads(r -> r.bucket("bucket").prefix("jobs/job/"))
                .uploads()
                .forEach(upload -> s3.abortMultipartUpload(
                        r -> r.bucket("bucket").key(upload.key()).uploadId(upload.uploadId())));
    }
}
