package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// Segments whose results are so large that the merge copies them as parts of an upload. S3 refuses it if a part but
/// the last has less than 5 MiB, or is named without its checksum; the embedded emulator does not.
@Tag(OnLocalStack.ONLY)
class CopiedPartsIT {

    private static final int ROWS = 120;
    /// Of a column that is carried into the results: 12 MB a segment, of which the first 5 MiB follow the header.
    private static final int NOTE = 200_000;

    @Test
    void theResultIsMadeOfPartsAndEveryRowIsInIt() {
        StringBuilder table = new StringBuilder("ID1,text1,ID2,text2,note\n");
        for (int i = 0; i < ROWS; i++) {
            table.append("A%d,one,B%d,two,".formatted(i, i))
                    .append(Integer.toString(i % 10).repeat(NOTE))
                    .append('\n');
        }
        DroppedJob job = DroppedJob.drop("parts", table.toString(), Tables.job(ROWS / 2));

        assertThat(job.await(TestStack.PATIENCE)).isEqualTo("DONE");
        assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(ROWS);
        TestStack stack = TestStack.shared();
        try (S3Client s3 = stack.s3()) {
            HeadObjectResponse results =
                    s3.headObject(r -> r.bucket(stack.deployment().bucket())
                            .key("jobs/" + job.id() + "/combined_results.csv")
                            .checksumMode(ChecksumMode.ENABLED));
            assertThat(results.eTag()).as("an upload of several parts").matches("\"[0-9a-f]{32}-[3-9]\"");
            assertThat(results.checksumCRC32()).isNotNull();
        }
    }
}
