package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossCounterTest {

    private final LossCounter counter = new LossCounter();

    @TempDir
    private Path folder;

    @Test
    void countsEachTextOverAllOfItsComparisons() {
        lost("a", "b", 3);
        lost("c", "a", 1);
        won("a", "d", 6);
        won("b", "d", 12);

        Losses losses = counter.losses(18, 4);
        assertThat(losses.worst()).containsExactly(new Losses.Text("a", 4, 10), new Losses.Text("b", 3, 15));
        assertThat(losses.hit()).isEqualTo(1);
    }

    @Test
    void countsAComparisonOfATextWithItselfOnce() {
        lost("a", "a", 2);
        won("a", "a", 1);

        assertThat(counter.losses(1, 2).worst()).containsExactly(new Losses.Text("a", 2, 3));
    }

    @Test
    void namesTheTextsThatWereHitBeforeThoseThatLostMore() {
        lost("much", "compared", 9);
        won("much", "other", 91);
        won("compared", "other", 91);
        lost("hit", "hit", 3);

        assertThat(counter.losses(182, 12).worst())
                .extracting(Losses.Text::id)
                .containsExactly("hit", "compared", "much");
    }

    @Test
    void holdsNoMoreTextsThanItMay() {
        LossCounter two = new LossCounter(2, 1000, 10);
        two.failed(row("a", "b", "timeout", ""));
        two.failed(row("c", "b", "timeout", ""));
        two.failed(row("a", "b", "timeout", ""));

        Losses losses = two.losses(0, 3);
        assertThat(losses.uncounted()).isEqualTo(1);
        assertThat(losses.worst()).containsExactly(new Losses.Text("b", 3, 3), new Losses.Text("a", 2, 2));
    }

    @Test
    void holdsNoMoreCharactersOfIdsThanItMay() {
        LossCounter short_ = new LossCounter(100, 5, 10);
        short_.failed(row("abcd", "e", "timeout", ""));
        short_.failed(row("abcd", "fg", "timeout", ""));

        assertThat(short_.losses(0, 2).uncounted()).isEqualTo(1);
    }

    @Test
    void groupsCausesWhateverIdsAndTimesAreInThem() {
        cause("http_error", "Rate limit reached, see req_0a1b2c", 1);
        cause("http_error", "Rate limit reached, see req_9f8e7d", 2);
        cause("http_error", "HTTP 429", 2);
        cause("http_error", "HTTP 500", 1);

        assertThat(counter.losses(0, 6).causes())
                .containsExactly(
                        new Losses.Cause("http_error", "Rate limit reached, see req_0a1b2c", 3),
                        new Losses.Cause("http_error", "HTTP 429", 2),
                        new Losses.Cause("http_error", "HTTP 500", 1));
    }

    @Test
    void showsTheFiveCommonestCausesAndCountsTheRest() {
        for (String word : new String[] {"a", "b", "c", "d", "e", "f", "g"}) {
            cause("http_error", word, word.equals("g") ? 2 : 1);
        }

        Losses losses = counter.losses(0, 8);
        assertThat(losses.causes()).hasSize(5).startsWith(new Losses.Cause("http_error", "g", 2));
        assertThat(losses.otherCauses()).isEqualTo(2);
    }

    @Test
    void aCommonCauseIsFoundHoweverManyOthersComeBeforeIt() {
        LossCounter few = new LossCounter(10, 1000, 4);
        for (char word = 'a'; word <= 'z'; word++) {
            few.failed(row("a", "b", "http_error", "at " + word));
        }
        for (char word = 'a'; word <= 'z'; word++) {
            few.failed(row("a", "b", "timeout", "timed out"));
            few.failed(row("a", "b", "http_error", "in " + word));
        }

        Losses losses = few.losses(0, 78);
        assertThat(losses.causes()).startsWith(new Losses.Cause("timeout", "timed out", 26));
        assertThat(losses.causes().size()).isLessThanOrEqualTo(4);
        assertThat(losses.causes().stream().mapToLong(Losses.Cause::count).sum() + losses.otherCauses())
                .isEqualTo(78);
    }

    @Test
    void showsTheProvidersWordsAndNeverTheModels() {
        cause("backend_missing_fields", "refused: I cannot judge what Anna wrote (finish_reason stop)", 2);
        cause("backend_missing_fields", "refused: prompt blocked: PROHIBITED_CONTENT", 1);
        cause("http_error", "x".repeat(500), 1);

        assertThat(counter.losses(0, 4).causes())
                .extracting(Losses.Cause::example)
                .containsExactly("refused", "refused: prompt blocked: PROHIBITED_CONTENT", "x".repeat(300) + "…");
    }

    @Test
    void allThatACauseExplainsIsNoOtherCause() {
        for (String word : new String[] {"a", "b", "c", "d", "e", "f", "g"}) {
            counter.failed(row("x", "y", "http_error", word));
            counter.attempt(new @Nullable String[] {"TRUE", "server_error", "http_error", word, null, "1"});
        }
        counter.failed(row("x", "y", "no_tag", "no tag"));
        counter.attempt(new @Nullable String[] {"TRUE", "no_tag", "no_tag", "no tag", null, "1"});

        Losses losses = counter.losses(0, 8);
        assertThat(losses.byCause().keySet()).containsExactly("no_tag", "server_error");
        assertThat(losses.byCause().values()).extracting(losses::explained).containsExactly(1L, 7L);
        assertThat(losses.otherCauses()).isZero();
    }

    @Test
    void saysOfABatchWhatNoCauseSays() {
        cause("http_error", "Batch status: failed", 100);
        cause("not_submitted", "HTTP 403: no", 50);
        counter.batch(new @Nullable String[] {"failed", "model_not_found: There is no gpt-99.", "2"});
        counter.batch(new @Nullable String[] {"failed", "model_not_found: There is no gpt-99.", "2"});
        counter.batch(new @Nullable String[] {"not_submitted", "HTTP 403: no", "3"});

        assertThat(counter.losses(0, 150).batches())
                .containsExactly(new Losses.Cause("failed", "model_not_found: There is no gpt-99.", 2));
    }

    @Test
    void nothingIsSaidOfABatchWhosePairsHaveALaterAttempt() throws IOException {
        write("failed_pairs.csv", "ID1,ID2,error_code,error_detail\na,b,http_error,expired\n");
        write("failed_attempts.csv", "final,segment\nFALSE,1\nFALSE,2\nTRUE,2\nTRUE,3\n");
        write("batch_failures.csv", """
                segment_index,status,error_detail
                1,budget_reached,a limit of then
                2,cancelled,stopped
                3,failed,a bad file
                """);

        assertThat(LossCounter.of(folder, 1, 1).batches())
                .extracting(Losses.Cause::code)
                .containsExactlyInAnyOrder("cancelled", "failed");
    }

    @Test
    void nothingIsSaidOfACancelledBatchOfWhichOnlyAnAnswerWithoutAWinnerIsLeft() throws IOException {
        write("failed_pairs.csv", "ID1,ID2,error_code,error_detail\na,b,no_tag,no tag\na,c,cancelled,stopped\n");
        write("failed_attempts.csv", """
                final,cause,error_code,segment
                TRUE,no_tag,no_tag,1
                FALSE,cancelled,cancelled,1
                TRUE,cancelled,cancelled,2
                """);
        write("batch_failures.csv", """
                segment_index,status,error_detail
                1,cancelled,by a person
                2,cancelled,by the provider
                """);

        assertThat(LossCounter.of(folder, 1, 2).batches())
                .extracting(Losses.Cause::example)
                .containsExactly("by the provider");
    }

    @Test
    void rejectedRowsAreNoLossesAndToldWhereNothingWasCompared() {
        counter.rejected(new @Nullable String[] {"missing_id"});
        counter.rejected(new @Nullable String[] {"missing_id"});

        assertThat(counter.losses(100, 0).verdict()).isEqualTo(Losses.Verdict.DONE);
        assertThat(counter.losses(100, 0).causes()).isEmpty();
        assertThat(counter.losses(0, 0).causes()).containsExactly(new Losses.Cause("missing_id", "", 2));
        assertThat(counter.losses(0, 0).rejected()).isEqualTo(2);
    }

    @Test
    void readsTheFilesOfAFolder() throws IOException {
        write("failed_pairs.csv", """
                ID1,text1,ID2,text2,error_code,error_detail
                a,"x, ""y""
                z",b,,timeout,timed out
                a,x,c,,timeout,timed out
                a,x,d,,timeout,timed out
                """);
        write("combined_results.csv", "ID1,ID2\na,b\na,b\na,b\na,b\n");
        assertThat(LossCounter.of(folder, 4, 3).worst()).containsExactly(new Losses.Text("a", 3, 7));

        try (OutputStream file = Files.newOutputStream(folder.resolve("judgements.csv.gz"))) {
            for (String member : new String[] {"row,ID1,ID2\n", "1,a,b\n", "2,c,a\n"}) {
                GZIPOutputStream gzip = new GZIPOutputStream(file);
                gzip.write(member.getBytes(StandardCharsets.UTF_8));
                gzip.finish();
            }
        }
        Losses losses = LossCounter.of(folder, 2, 3);
        assertThat(losses.worst()).containsExactly(new Losses.Text("a", 3, 5));
        assertThat(losses.causes()).containsExactly(new Losses.Cause("timeout", "timed out", 3));
    }

    @Test
    void aFolderWithoutTheFilesHasItsTotalsStill() throws IOException {
        Losses losses = LossCounter.of(folder, 90, 10);

        assertThat(losses.verdict()).isEqualTo(Losses.Verdict.LOSSES);
        assertThat(losses.otherCauses()).isZero();
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private void lost(String id1, String id2, int times) {
        for (int i = 0; i < times; i++) {
            counter.failed(row(id1, id2, "timeout", ""));
        }
    }

    private void won(String id1, String id2, int times) {
        for (int i = 0; i < times; i++) {
            counter.judged(new @Nullable String[] {id1, id2});
        }
    }

    private void cause(String code, String detail, int times) {
        for (int i = 0; i < times; i++) {
            counter.failed(row("a", "b", code, detail));
        }
    }

    private static @Nullable String[] row(String id1, String id2, String code, String detail) {
        return new @Nullable String[] {id1, id2, code, detail};
    }
}
