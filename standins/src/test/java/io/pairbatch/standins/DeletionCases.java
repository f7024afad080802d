package io.pairbatch.standins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/// Deletions, with versions and without.
interface DeletionCases extends BucketCases {

    private ObjectIdentifier object(String name, String version) {
        return ObjectIdentifier.builder().key(key(name)).versionId(version).build();
    }

    private ListObjectVersionsResponse versions() {
        return s3().listObjectVersions(r -> r.bucket(bucket()).prefix(prefix()));
    }

    @Test
    default void aDeletionPutsAMarkerOnTopAndKeepsTheVersions() {
        String first = put("a", "one").versionId();

        DeleteObjectResponse deleted = s3().deleteObject(r -> r.bucket(bucket()).key(key("a")));

        assertThat(deleted.deleteMarker()).isTrue();
        assertThat(deleted.versionId()).isNotEmpty().isNotEqualTo(first);
        assertThatThrownBy(() -> text("a")).isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> s3().headObject(r -> r.bucket(bucket()).key(key("a"))))
                .isInstanceOf(NoSuchKeyException.class);
        assertThat(text("a", first)).isEqualTo("one");
    }

    @Test
    default void anObjectIsBackWhenItsMarkerIsRemoved() {
        put("a", "one");
        String marker = s3().deleteObject(r -> r.bucket(bucket()).key(key("a"))).versionId();

        DeleteObjectResponse removed =
                s3().deleteObject(r -> r.bucket(bucket()).key(key("a")).versionId(marker));

        assertThat(removed.deleteMarker()).isTrue();
        assertThat(removed.versionId()).isEqualTo(marker);
        assertThat(text("a")).isEqualTo("one");
    }

    @Test
    default void aVersionThatIsDeletedIsGoneAndTheOneBeforeIsCurrent() {
        put("a", "one");
        String second = put("a", "two").versionId();

        s3().deleteObject(r -> r.bucket(bucket()).key(key("a")).versionId(second));

        assertThat(text("a")).isEqualTo("one");
        assertThat(versions().versions()).hasSize(1);
        assertThat(versions().deleteMarkers()).isEmpty();
    }

    @Test
    default void aMarkerCannotBeRead() {
        put("a", "one");
        String marker = s3().deleteObject(r -> r.bucket(bucket()).key(key("a"))).versionId();

        assertThat(status(() -> text("a", marker))).isEqualTo(405);
    }

    @Test
    default void whatIsNotThereCanBeDeleted() {
        String gone = put("a", "one").versionId();
        s3().deleteObject(r -> r.bucket(bucket()).key(key("a")).versionId(gone));
        s3().deleteObject(r -> r.bucket(bucket()).key(key("a")).versionId(gone));
        assertThat(versions().versions()).isEmpty();

        delete("never");

        assertThat(versions().deleteMarkers()).hasSize(1);
    }

    @Test
    default void manyVersionsAndMarkersAreRemovedAtOnce() {
        String first = put("a", "one").versionId();
        String second = put("a", "two").versionId();
        String marker = s3().deleteObject(r -> r.bucket(bucket()).key(key("a"))).versionId();
        put("b", "stays");

        DeleteObjectsResponse answer = s3().deleteObjects(r -> r.bucket(bucket())
                .delete(d -> d.objects(object("a", first), object("a", second), object("a", marker))));

        assertThat(answer.errors()).isEmpty();
        assertThat(answer.deleted())
                .extracting(d -> d.key() + " " + d.versionId())
                .containsExactlyInAnyOrder(key("a") + " " + first, key("a") + " " + second, key("a") + " " + marker);
        assertThat(versions().versions()).extracting(v -> v.key()).containsExactly(key("b"));
        assertThat(versions().deleteMarkers()).isEmpty();
    }

    @Test
    default void aQuietDeletionNamesNothingThatWentWell() {
        String first = put("a", "one").versionId();

        DeleteObjectsResponse answer = s3().deleteObjects(r -> r.bucket(bucket())
                .delete(d ->
                        d.objects(object("a", first), object("never", first)).quiet(true)));

        assertThat(answer.deleted()).isEmpty();
        assertThat(answer.errors()).isEmpty();
        assertThat(versions().versions()).isEmpty();
    }

    @Test
    default void aDeletionThatFailsIsNamedEvenQuietlyAndTheOthersAreDone() {
        String first = put("a", "one").versionId();

        DeleteObjectsResponse answer = s3().deleteObjects(r -> r.bucket(bucket())
                .delete(d -> d.objects(object("a", "../x"), object("a", first)).quiet(true)));

        assertThat(answer.errors()).hasSize(1);
        assertThat(answer.errors().getFirst().key()).isEqualTo(key("a"));
        assertThat(answer.errors().getFirst().code()).isNotEmpty();
        assertThat(versions().versions()).isEmpty();
    }

    @Test
    default void noMoreThanAThousandAreDeletedAtOnce() {
        List<ObjectIdentifier> objects = IntStream.rangeClosed(0, 1000)
                .mapToObj(i -> ObjectIdentifier.builder().key(key("a" + i)).build())
                .toList();

        assertThat(status(() -> s3().deleteObjects(r -> r.bucket(bucket()).delete(d -> d.objects(objects)))))
                .isEqualTo(400);
        assertThat(status(() -> s3().deleteObjects(r -> r.bucket(bucket()).delete(d -> d.objects(List.of())))))
                .isEqualTo(400);
    }

    @Test
    default void aBucketWithoutVersionsHoldsTheLastObjectAlone() {
        String plain = "plain-" + prefix().replace("/", "");
        s3().createBucket(r -> r.bucket(plain));
        assertThat(s3().putObject(r -> r.bucket(plain).key("a"), RequestBody.fromString("one"))
                        .versionId())
                .isNull();
        s3().putObject(r -> r.bucket(plain).key("a"), RequestBody.fromString("two"));

        assertThat(s3().listObjectVersions(r -> r.bucket(plain)).versions())
                .extracting(v -> v.versionId() + " " + v.isLatest())
                .containsExactly("null true");
        assertThat(Objects.requireNonNullElse(
                        s3().deleteObject(r -> r.bucket(plain).key("a")).deleteMarker(), false))
                .isFalse();

        assertThat(s3().listObjectVersions(r -> r.bucket(plain)).versions()).isEmpty();
        assertThat(s3().listObjectVersions(r -> r.bucket(plain)).deleteMarkers())
                .isEmpty();
        s3().deleteBucket(r -> r.bucket(plain));
    }

    @Test
    default void whatABucketHeldBeforeItKeptVersionsIsTheNullVersion() {
        String plain = "later-" + prefix().replace("/", "");
        s3().createBucket(r -> r.bucket(plain));
        s3().putObject(r -> r.bucket(plain).key("a"), RequestBody.fromString("one"));
        s3().putBucketVersioning(r -> r.bucket(plain).versioningConfiguration(v -> v.status("Enabled")));
        s3().putObject(r -> r.bucket(plain).key("a"), RequestBody.fromString("two"));

        assertThat(s3().listObjectVersions(r -> r.bucket(plain)).versions())
                .extracting(v -> v.versionId().equals("null"))
                .containsExactly(false, true);
        assertThat(s3().getObjectAsBytes(r -> r.bucket(plain).key("a").versionId("null"))
                        .asUtf8String())
                .isEqualTo("one");
        assertThat(code(() -> s3().deleteBucket(r -> r.bucket(plain)))).isEqualTo("BucketNotEmpty");
    }
}
