package io.pairbatch.tests;

import io.pairbatch.standins.BucketContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;

/// The emulator keeps the same contract as S3 in memory, except for the gaps that are listed here.
@Tag("long")
class BucketContractIT extends BucketContract {

    @RegisterExtension
    static final KnownGaps GAPS = new KnownGaps(Map.ofEntries(
            gap("aRangeOfAnOldVersionIsThatVersions", "a GET of a version answers 200 and the whole object"),
            gap("everyPartButTheLastHasFiveMebibytes", "small parts are accepted"),
            gap("partsAreNamedInAscendingOrder", "parts are accepted in any order"),
            gap("anUploadOfNoPartsIsRefused", "an upload without parts is accepted"),
            gap("aRangeOfASmallSourceCannotBeCopied", "a range of any source is copied"),
            gap("anUploadThatBeganWithAChecksumWantsThatOfEachPart", "checksums are checked only when they are sent"),
            gap(
                    "aPartThatWasSentIsNamedWithItsChecksumAndACopiedOneWithout",
                    "checksums are checked only when they are sent"),
            gap(
                    "anUploadThatBeganEarlierLiesBelowWhatCameMeanwhile",
                    "an upload that completes is the current version"),
            gap("aListingOfVersionsGoesOnAfterAPageThatWasRemoved", "a marker that is gone ends the listing"),
            gap("aListedObjectHasTheTimeThatItsHeadTells", "listings tell fractions of a second"),
            gap("aPageOfNoneIsEmptyAndHasNoNext", "a page of none says that there is more"),
            gap("aTokenThatNobodyGaveIsRefused", "any token is accepted"),
            gap("aVersionIdThatCannotBeIsAnInvalidArgument", "such an id is answered with NoSuchVersion"),
            gap("aDeletionThatFailsIsNamedEvenQuietlyAndTheOthersAreDone", "any id can be deleted"),
            gap("noMoreThanAThousandAreDeletedAtOnce", "any number is deleted"),
            gap("aKeyOfMoreThan1024BytesIsRefused", "a key may have any length"),
            gap("aCopyOntoItselfThatChangesNothingIsRefused", "such a copy is made")));

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

    private static Map.Entry<String, String> gap(String test, String reason) {
        return Map.entry(test, "the emulator differs: " + reason);
    }
}
