package io.pairbatch.tests;

import static io.pairbatch.tests.KnownGaps.all;
import static io.pairbatch.tests.KnownGaps.gaps;

import io.pairbatch.standins.BucketContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;

/// The emulator keeps the same contract as S3 in memory, except for the gaps that are listed here.
@Tag("long")
@Tag("localstack")
class BucketContractIT extends BucketContract {

    @RegisterExtension
    static final KnownGaps GAPS = KnownGaps.of(
            all(
                    gaps("a GET of a version answers 200 and the whole object", "aRangeOfAnOldVersionIsThatVersions"),
                    gaps("small parts are accepted", "everyPartButTheLastHasFiveMebibytes"),
                    gaps("parts are accepted in any order", "partsAreNamedInAscendingOrder"),
                    gaps("an upload without parts is accepted", "anUploadOfNoPartsIsRefused"),
                    gaps("a range of any source is copied", "aRangeOfASmallSourceCannotBeCopied"),
                    gaps(
                            "checksums are checked only when they are sent",
                            "anUploadThatBeganWithAChecksumWantsThatOfEachPart"),
                    gaps(
                            "checksums are checked only when they are sent",
                            "aPartThatWasSentIsNamedWithItsChecksumAndACopiedOneWithout"),
                    gaps(
                            "an upload that completes is the current version",
                            "anUploadThatBeganEarlierLiesBelowWhatCameMeanwhile"),
                    gaps("a marker that is gone ends the listing", "aListingOfVersionsGoesOnAfterAPageThatWasRemoved"),
                    gaps("listings tell fractions of a second", "aListedObjectHasTheTimeThatItsHeadTells"),
                    gaps("a page of none says that there is more", "aPageOfNoneIsEmptyAndHasNoNext"),
                    gaps("any token is accepted", "aTokenThatNobodyGaveIsRefused"),
                    gaps("such an id is answered with NoSuchVersion", "aVersionIdThatCannotBeIsAnInvalidArgument"),
                    gaps("any id can be deleted", "aDeletionThatFailsIsNamedEvenQuietlyAndTheOthersAreDone"),
                    gaps("any number is deleted", "noMoreThanAThousandAreDeletedAtOnce"),
                    gaps("a key may have any length", "aKeyOfMoreThan1024BytesIsRefused"),
                    gaps("such a copy is made", "aCopyOntoItselfThatChangesNothingIsRefused")),
            all(
                    gaps(
                            "an upload that began without a checksum cannot be completed by parts that have one",
                            "aPartThatWasSentIsNamedWithItsChecksumAndACopiedOneWithout"),
                    gaps(
                            "an upload that completes is the current version",
                            "anUploadThatBeganEarlierLiesBelowWhatCameMeanwhile"),
                    gaps("a range of any source is copied", "aRangeOfASmallSourceCannotBeCopied"),
                    gaps("a page of none shows an object", "aPageOfNoneIsEmptyAndHasNoNext"),
                    gaps("any token is accepted", "aTokenThatNobodyGaveIsRefused"),
                    gaps("such an id is answered with NoSuchVersion", "aVersionIdThatCannotBeIsAnInvalidArgument"),
                    gaps("a version that is not there cannot be deleted", "aQuietDeletionNamesNothingThatWentWell"),
                    gaps("any number is deleted", "noMoreThanAThousandAreDeletedAtOnce"),
                    gaps("a copy of an old version changes nothing", "aCopyOfAnOldVersionBringsItBack")));

    private static final S3Client S3 = TestStack.shared().s3();
    private static final String BUCKET = TestStack.name("contract");

    @BeforeAll
    static void create() {
        S3.createBucket(r -> r.bucket(BUCKET));
        S3.putBucketVersioning(r -> r.bucket(BUCKET).versioningConfiguration(v -> v.status("Enabled")));
    }

    @AfterAll
    static void close() {
        S3.close();
    }

    @Override
    public S3Client s3() {
        return S3;
    }

    @Override
    public String bucket() {
        return BUCKET;
    }
}
