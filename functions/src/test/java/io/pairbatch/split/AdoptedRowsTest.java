package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.Segment;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.results.SentIds;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.spec.TagMode;
import io.pairbatch.spec.TextsPerId;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.MemoryStore;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A table is cut where the batches that somebody else has made of it are, and each row is known by what was sent.
class AdoptedRowsTest {

    private static final String HEAD = "ID1,text1,ID2,text2\n";

    private final MemoryStore store = new MemoryStore();
    private final List<String> segments = new ArrayList<>();

    private void split(String fields, String csv, Deadline deadline) throws IOException {
        SplitCursor at = SplitCursor.START;
        SplitResult result;
        do {
            result = new Splitter(JobFixture.resolved(fields), JobFixture.table("p.csv", csv), store)
                    .run(at, deadline, this::told);
            at = result instanceof SplitResult.Paused paused ? paused.cursor() : at;
        } while (result instanceof SplitResult.Paused);
    }

    private void told(Segment s) {
        segments.add(s.index() + ": " + s.firstRow() + "-" + s.lastRow() + " (" + s.rows() + ")");
    }

    private static String batches(int... rows) {
        StringBuilder list = new StringBuilder("\"adopted_batches\": [");
        for (int i = 0; i < rows.length; i++) {
            list.append(i == 0 ? "" : ", ").append("{\"rows\": " + rows[i] + ", \"batch_id\": \"b" + (i + 1) + "\"}");
        }
        return list.append("]").toString();
    }

    private void refused(String fields, String csv, ErrorCode code, String... words) {
        assertThatThrownBy(() -> split(fields, csv, Deadline.NONE))
                .isInstanceOfSatisfying(
                        JobRejectedException.class,
                        e -> assertThat(e.problems().getFirst().code()).isEqualTo(code))
                .hasMessageContainingAll(words);
    }

    @Test
    void rowsThatAreNotJudgedCountForTheCut() throws IOException {
        String csv = HEAD + "a,x,b,y\na,x,c,NA\na,x,d,z\nb,y,c,w\n";
        split(batches(2, 2), csv, Deadline.NONE);
        assertThat(segments).containsExactly("1: 1-1 (1)", "2: 3-4 (2)");
        assertThat(store.texts().get(JobFiles.input(2)))
                .isEqualTo("{\"row\":3,\"custom_id\":\"EXP_a_vs_d\"}\n{\"row\":4,\"custom_id\":\"EXP_b_vs_c\"}\n");
        assertThat(SentIds.read(store, 2).row("EXP_b_vs_c")).isEqualTo(4);
        assertThat(SentIds.read(store, 2).row("EXP_a_vs_b")).isZero();
    }

    @Test
    void aSplitThatPausesWritesTheSame() throws IOException {
        String csv = HEAD + "a,x,b,y\na,x,c,w\na,x,d,z\nb,y,c,w\n";
        split(batches(1, 2, 1), csv, new Deadline(Instant.EPOCH, Clock.systemUTC()));
        assertThat(segments).containsExactly("1: 1-1 (1)", "2: 2-3 (2)", "3: 4-4 (1)");
    }

    @Test
    void ofGeminiAnAnswerIsKnownByItsPlaceAmongAllRequests() throws IOException {
        String csv = HEAD + "a,x,b,y\na,x,c,NA\na,x,b,y\n";
        split("\"backend\": \"gemini\", \"model\": \"gemini-2.5-flash\", " + batches(3), csv, Deadline.NONE);
        assertThat(store.texts().get(JobFiles.input(1)))
                .isEqualTo("{\"row\":1,\"custom_id\":\"1/3\"}\n{\"row\":3,\"custom_id\":\"3/3\"}\n");
    }

    @Test
    void ofAnthropicTheIdsHaveItsPrefixAndAPairUidIsTheId() throws IOException {
        String model = "\"backend\": \"anthropic\", \"model\": \"claude-sonnet-4-5\", ";
        split(model + batches(1), HEAD + "a,x,b,y\n", Deadline.NONE);
        assertThat(store.texts().get(JobFiles.input(1))).contains("\"ANTH_a_vs_b\"");
        split(model + batches(1), "pair_uid,ID1,text1,ID2,text2\nu1,a,x,b,y\n", Deadline.NONE);
        assertThat(store.texts().get(JobFiles.input(1))).contains("\"u1\"");
    }

    @Test
    void otherNumbersOfRowsAreRefused() {
        String csv = HEAD + "a,x,b,y\na,x,c,w\na,x,d,z\n";
        refused(batches(2, 2), csv, ErrorCode.RESCUE_ROWS, "3 rows", "4 rows");
        refused(batches(1, 1), csv, ErrorCode.RESCUE_ROWS, "row 3", "2 rows");
        refused(batches(2, 1), HEAD + "a,x,b,y\na,x,c,w\na,x,d,NA\n", ErrorCode.RESCUE_ROWS, "rows 3 to 3 of batch 2");
        refused(batches(1, 2), HEAD + "a,x,b,NA\na,x,c,w\na,x,d,v\n", ErrorCode.RESCUE_ROWS, "rows 1 to 1 of batch 1");
    }

    @Test
    void rowsOfABatchThatCannotBeToldApartAreRefused() throws IOException {
        String same = HEAD + "a,x,b,y\nc,v,d,z\na,x,b,y\n";
        refused(batches(3), same, ErrorCode.RESCUE_AMBIGUOUS, "rows 1 and 3 of batch 1", "EXP_a_vs_b");
        split(batches(2, 1), same, Deadline.NONE);
        refused(
                batches(2),
                HEAD + "a_vs_b,x,c,y\na,x,b_vs_c,y\n",
                ErrorCode.RESCUE_AMBIGUOUS,
                "rows 1 and 2 of batch 1");
        refused(
                batches(1),
                "pair_uid,ID1,text1,ID2,text2\nNA,a,x,b,y\n",
                ErrorCode.RESCUE_AMBIGUOUS,
                "row 1, without a `pair_uid`");
    }

    @Test
    void whatIsLeftOutIsReadAsTheRPackageReadsIt() throws IOException {
        JobSpec spec = read("{\"model\": \"gpt-4.1\", " + batches(1) + "}");
        assertThat(spec.prompt().rules().tagMode()).isEqualTo(TagMode.EXACT);
        assertThat(spec.batching().textsPerId()).isEqualTo(TextsPerId.ANY);
        assertThat(spec.isPromptKnown()).isFalse();
        assertThat(spec.attemptsUnasked()).isEqualTo(1);
        JobSpec said = read("{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\", \"tag_mode\": \"last\", "
                + batches(1) + "}");
        assertThat(said.isPromptKnown()).isTrue();
        assertThat(said.prompt().rules().tagMode()).isEqualTo(TagMode.LAST);
    }

    @Test
    void aListThatIsNoneIsRefused() {
        for (String list : List.of(
                "{}",
                "[{\"batch_id\": \"b\"}]",
                "[{\"rows\": 0, \"batch_id\": \"b\"}]",
                "[{\"rows\": 1, \"batch_id\": \"a b\"}]",
                "[{\"rows\": 1, \"batch_id\": \"b\"}, {\"rows\": 1, \"batch_id\": \"b\"}]",
                "[{\"rows\": 1}]")) {
            assertThatThrownBy(() -> read("{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\","
                            + " \"adopted_batches\": " + list + "}"))
                    .as(list)
                    .hasMessageContaining("adopted_batches");
        }
        assertThatThrownBy(() -> read("{\"model\": \"gpt-4.1\", \"limit\": 1, " + batches(1) + "}"))
                .hasMessageContaining("limit");
    }

    private static JobSpec read(String json) throws IOException {
        SpecLayer layer = SpecLayer.parse("job.json", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        return StandardRules.reader().read(List.of(layer), name -> Optional.empty());
    }
}
