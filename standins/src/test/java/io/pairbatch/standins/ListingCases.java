package io.pairbatch.standins;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Listings and their pages.
interface ListingCases extends BucketCases {

    private List<String> all(int page, String delimiter) {
        List<String> found = new ArrayList<>();
        for (ListObjectsV2Response answer : s3().listObjectsV2Paginator(r ->
                r.bucket(bucket()).prefix(prefix()).delimiter(delimiter).maxKeys(page))) {
            assertThat(answer.contents().size() + answer.commonPrefixes().size())
                    .isLessThanOrEqualTo(page)
                    .isEqualTo(answer.keyCount());
            found.addAll(names(answer));
            answer.commonPrefixes().stream()
                    .map(CommonPrefix::prefix)
                    .map(prefix -> prefix.substring(prefix().length()))
                    .forEach(found::add);
        }
        return found;
    }

    private void putAll(String... names) {
        for (String name : names) {
            put(name, name);
        }
    }

    @Test
    default void objectsAreListedInTheOrderOfTheirKeysBytes() {
        // U+FF5E comes before U+1F600 in UTF-8 and after it among Java's characters.
        putAll("\uFF5E", "b", "a/b", "a", "\uD83D\uDE00", "Z", "a-b", "é");

        ListObjectsV2Response page = s3().listObjectsV2(r -> r.bucket(bucket()).prefix(prefix()));

        assertThat(names(page)).containsExactly("Z", "a", "a-b", "a/b", "b", "é", "\uFF5E", "\uD83D\uDE00");
        assertThat(page.isTruncated()).isFalse();
        assertThat(page.keyCount()).isEqualTo(8);
        assertThat(page.nextContinuationToken()).isNull();
    }

    @Test
    default void aListedObjectHasItsSizeAndItsEtag() {
        String etag = put("a", "hello").eTag();

        S3Object object = s3().listObjectsV2(r -> r.bucket(bucket()).prefix(prefix()))
                .contents()
                .getFirst();

        assertThat(object.size()).isEqualTo(5);
        assertThat(object.eTag()).isEqualTo(etag);
    }

    @Test
    default void aListedObjectHasTheTimeThatItsHeadTells() {
        put("a", "hello");

        assertThat(s3().listObjectsV2(r -> r.bucket(bucket()).prefix(prefix()))
                        .contents()
                        .getFirst()
                        .lastModified())
                .isEqualTo(
                        s3().headObject(r -> r.bucket(bucket()).key(key("a"))).lastModified());
    }

    @Test
    default void aListingHoldsWhatItsPrefixBeginsAndNoDeletedObject() {
        putAll("a1", "a2", "a3", "b1");
        delete("a2");

        assertThat(names(s3().listObjectsV2(r -> r.bucket(bucket()).prefix(key("a")))))
                .containsExactly("a1", "a3");
    }

    @Test
    default void thePagesOfAListingHoldEachObjectOnce() {
        putAll("a", "b", "c", "d", "e");
        delete("e");

        ListObjectsV2Response first =
                s3().listObjectsV2(r -> r.bucket(bucket()).prefix(prefix()).maxKeys(2));
        assertThat(names(first)).containsExactly("a", "b");
        assertThat(first.isTruncated()).isTrue();
        ListObjectsV2Response second = s3().listObjectsV2(r ->
                r.bucket(bucket()).prefix(prefix()).maxKeys(2).continuationToken(first.nextContinuationToken()));
        assertThat(names(second)).containsExactly("c", "d");
        assertThat(second.isTruncated()).as("only a deleted object is left").isFalse();
    }

    @Test
    default void aPageGoesOnWhereTheLastEndedWhateverWasDeletedMeanwhile() {
        putAll("a", "b", "c");
        ListObjectsV2Response first =
                s3().listObjectsV2(r -> r.bucket(bucket()).prefix(prefix()).maxKeys(2));
        delete("a");
        delete("b");
        put("a2", "new");

        assertThat(names(s3().listObjectsV2(r ->
                        r.bucket(bucket()).prefix(prefix()).continuationToken(first.nextContinuationToken()))))
                .containsExactly("c");
    }

    @Test
    default void aDelimiterRollsKeysUpIntoCommonPrefixesThatCountAsOne() {
        putAll("a/1", "a/2", "a/3", "b", "c/1", "c/2", "d");

        assertThat(all(1000, "/")).containsExactly("b", "d", "a/", "c/");
        assertThat(all(1, "/")).containsExactly("a/", "b", "c/", "d");
        assertThat(all(2, "/")).containsExactly("b", "a/", "d", "c/");
    }

    @Test
    default void aCommonPrefixOfDeletedObjectsIsNotListed() {
        putAll("a/1", "b/1");
        delete("a/1");

        assertThat(all(1000, "/")).containsExactly("b/");
    }

    @Test
    default void aListingCanStartAfterAnyKey() {
        putAll("a", "b", "c");

        assertThat(names(s3().listObjectsV2(
                                r -> r.bucket(bucket()).prefix(prefix()).startAfter(key("b")))))
                .containsExactly("c");
        assertThat(names(s3().listObjectsV2(
                                r -> r.bucket(bucket()).prefix(prefix()).startAfter(key("aa")))))
                .containsExactly("b", "c");
    }

    @Test
    default void aPageOfNoneIsEmptyAndHasNoNext() {
        put("a", "one");

        ListObjectsV2Response page =
                s3().listObjectsV2(r -> r.bucket(bucket()).prefix(prefix()).maxKeys(0));

        assertThat(page.contents()).isEmpty();
        assertThat(page.isTruncated()).isFalse();
    }

    @Test
    default void aTokenThatNobodyGaveIsRefused() {
        assertThat(status(() -> s3().listObjectsV2(r -> r.bucket(bucket()).continuationToken("?"))))
                .isEqualTo(400);
    }

    @Test
    default void versionsAreListedByKeyTheNewestFirst() {
        String first = put("a", "1").versionId();
        String second = put("a", "22").versionId();
        delete("a");
        String other = put("b", "333").versionId();

        ListObjectVersionsResponse page =
                s3().listObjectVersions(r -> r.bucket(bucket()).prefix(prefix()));

        assertThat(page.versions()).extracting(ObjectVersion::versionId).containsExactly(second, first, other);
        assertThat(page.versions()).extracting(ObjectVersion::isLatest).containsExactly(false, false, true);
        assertThat(page.versions()).extracting(ObjectVersion::size).containsExactly(2L, 1L, 3L);
        assertThat(page.deleteMarkers()).extracting(m -> m.key() + m.isLatest()).containsExactly(key("a") + true);
        assertThat(page.isTruncated()).isFalse();
    }

    @Test
    default void thePagesOfAListingOfVersionsHoldEachOnce() {
        for (int i = 0; i < 3; i++) {
            put("a", "a" + i);
            put("b", "b" + i);
            delete("b");
        }
        for (int size = 1; size <= 9; size++) {
            int max = size;
            List<String> found = new ArrayList<>();
            for (ListObjectVersionsResponse page : s3().listObjectVersionsPaginator(
                            r -> r.bucket(bucket()).prefix(prefix()).maxKeys(max))) {
                assertThat(page.versions().size() + page.deleteMarkers().size()).isLessThanOrEqualTo(size);
                page.versions().forEach(v -> found.add(v.versionId()));
                page.deleteMarkers().forEach(m -> found.add(m.versionId()));
            }
            assertThat(found).as("pages of " + size).hasSize(9).doesNotHaveDuplicates();
        }
    }

    @Test
    default void aListingOfVersionsGoesOnAfterAPageThatWasRemoved() {
        for (int i = 0; i < 5; i++) {
            put("a", "a" + i);
        }
        delete("a");
        put("b", "b");
        ListObjectVersionsRequest.Builder next = ListObjectVersionsRequest.builder()
                .bucket(bucket())
                .prefix(prefix())
                .maxKeys(2);
        Set<String> removed = new HashSet<>();
        boolean more = true;
        while (more) {
            ListObjectVersionsResponse page = s3().listObjectVersions(next.build());
            page.versions().forEach(v -> remove(v.key(), v.versionId(), removed));
            page.deleteMarkers().forEach(m -> remove(m.key(), m.versionId(), removed));
            next.keyMarker(page.nextKeyMarker()).versionIdMarker(page.nextVersionIdMarker());
            more = page.isTruncated();
        }
        assertThat(removed).hasSize(7);
    }

    private void remove(String key, String version, Set<String> removed) {
        s3().deleteObject(r -> r.bucket(bucket()).key(key).versionId(version));
        removed.add(version);
    }

    @Test
    default void aListingOfVersionsRollsUpToo() {
        putAll("a/1", "a/2", "b");
        delete("a/1");

        ListObjectVersionsResponse page =
                s3().listObjectVersions(r -> r.bucket(bucket()).prefix(prefix()).delimiter("/"));

        assertThat(page.commonPrefixes()).extracting(CommonPrefix::prefix).containsExactly(key("a/"));
        assertThat(page.versions()).extracting(ObjectVersion::key).containsExactly(key("b"));
        assertThat(page.deleteMarkers()).isEmpty();
    }

    @Test
    default void uploadsAreListedByKeyAndByPage() {
        String second = begin("b");
        String third = begin("c");
        String first = begin("a");
        s3().createMultipartUpload(r -> r.bucket(bucket()).key("elsewhere/" + prefix()));

        ListMultipartUploadsResponse page =
                s3().listMultipartUploads(r -> r.bucket(bucket()).prefix(prefix()));

        assertThat(page.uploads()).extracting(MultipartUpload::uploadId).containsExactly(first, second, third);
        assertThat(page.uploads().getFirst().key()).isEqualTo(key("a"));
        assertThat(s3().listMultipartUploadsPaginator(
                                r -> r.bucket(bucket()).prefix(prefix()).maxUploads(1))
                        .uploads())
                .extracting(MultipartUpload::uploadId)
                .containsExactly(first, second, third);
    }

    @Test
    default void severalUploadsOfOneKeyAreListedEachOnce() {
        List<String> begun = List.of(begin("a"), begin("a"), begin("a"));

        assertThat(s3().listMultipartUploadsPaginator(
                                r -> r.bucket(bucket()).prefix(prefix()).maxUploads(1))
                        .uploads())
                .extracting(MultipartUpload::uploadId)
                .containsExactlyInAnyOrderElementsOf(begun);
    }

    private String begin(String name) {
        return s3().createMultipartUpload(r -> r.bucket(bucket()).key(key(name)))
                .uploadId();
    }
}
