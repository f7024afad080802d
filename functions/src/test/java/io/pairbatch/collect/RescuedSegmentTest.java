package io.pairbatch.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.results.BatchEnd;
import io.pairbatch.results.EndedSegment;
import io.pairbatch.results.JobSettings;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.split.SplitCursor;
import io.pairbatch.split.Splitter;
import io.pairbatch.store.Draft;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.MemoryStore;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Answers to batches that somebody else has made join by what was sent there, and by nothing else.
class RescuedSegmentTest {

    private static final String CSV = "ID1,text1,ID2,text2\na,x,b,y\na,x,c,NA\na_1,x,d,z\na,x,b,y\n";

    private final MemoryStore store = new MemoryStore();

    private SegmentTally collect(String provider, List<String> lines) throws IOException {
        String fields = provider
                + "\"adopted_batches\": [{\"rows\": 3, \"batch_id\": \"b1\"}, {\"rows\": 1, \"batch_id\": \"b2\"}]";
        ResolvedJob job = JobFixture.resolved(fields);
        new Splitter(job, JobFixture.table("p.csv", CSV), store).run(SplitCursor.START, Deadline.NONE, segment -> {});
        try (Draft draft = store.create(JobFiles.output(1))) {
            draft.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
            draft.commit();
        }
        return new SegmentCollector(store, JobSettings.of(job, store), PriceTable.bundled())
                .collect(new EndedSegment(1, 1, "b1", new BatchEnd.Completed(), Instant.EPOCH));
    }

    private List<String> winners() {
        return Objects.requireNonNull(store.texts().get(JobFiles.results(1)))
                .lines()
                .skip(1)
                .toList();
    }

    @Test
    void theRPackagesIdsDecideWhateverTheOrderAndTheUnderscores() throws IOException {
        SegmentTally tally = collect("", List.of(openAi("EXP_a_1_vs_d", 2), openAi("EXP_a_vs_b", 1)));
        assertThat(tally.observed()).isEqualTo(2);
        assertThat(winners().get(0)).contains("EXP_a_vs_b").contains(",SAMPLE_1,a,");
        assertThat(winners().get(1)).contains("EXP_a_1_vs_d").contains(",SAMPLE_2,d,");
    }

    @Test
    void ourOwnIdsAndThoseOfRowsThatAreNotJudgedAreOfNoPair() throws IOException {
        SegmentTally tally = collect("", List.of(openAi("0123abcd-1", 1), openAi("EXP_a_vs_c", 1)));
        assertThat(tally.observed()).isZero();
        assertThat(store.texts().get(JobFiles.part(JobFiles.UNMATCHED_LINES, 1)))
                .contains("custom_id is of no pair of this segment")
                .contains("0123abcd-1")
                .contains("EXP_a_vs_c");
    }

    @Test
    void placesOfGeminiCountTheRowsThatAreNotJudged() throws IOException {
        String gemini = "\"backend\": \"gemini\", \"model\": \"gemini-2.5-flash\", ";
        SegmentTally tally = collect(gemini, List.of(gemini("1/3", 1), gemini("2/3", 1), gemini("3/3", 2)));
        assertThat(tally.observed()).isEqualTo(2);
        assertThat(winners().get(1)).contains("GEM_a_1_vs_d").contains(",SAMPLE_2,d,");
    }

    @Test
    void ofGeminisBatchWithOtherAnswersThanRequestsNothingIsMatched() throws IOException {
        String gemini = "\"backend\": \"gemini\", \"model\": \"gemini-2.5-flash\", ";
        SegmentTally tally = collect(gemini, List.of(gemini("1/2", 1), gemini("2/2", 2)));
        assertThat(tally.observed()).isZero();
    }

    private static String tag(int better) {
        return "<BETTER_SAMPLE>SAMPLE_" + better + "</BETTER_SAMPLE>";
    }

    private static String openAi(String id, int better) {
        return "{\"custom_id\":\"" + id
                + "\",\"response\":{\"status_code\":200,\"body\":{\"object\":\"chat.completion\","
                + "\"choices\":[{\"message\":{\"content\":\"" + tag(better) + "\"}}]}}}";
    }

    private static String gemini(String key, int better) {
        return "{\"key\":\"" + key + "\",\"response\":{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\""
                + tag(better) + "\"}]}}]}}";
    }
}
