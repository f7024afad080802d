package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.problem.FailureCause;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AdviceTest {

    private static final String HEADER = "error_code,final,row,cause,error_detail,provider_error\n";
    private static final Job DONE = Jobs.in(JobState.DONE);

    private final MemoryBucket bucket = new MemoryBucket();

    @ParameterizedTest
    @CsvSource({
        "expired, retry essays-3f2a91bc",
        "rate_limit, retry essays-3f2a91bc",
        "not_submitted, retry essays-3f2a91bc --codes not_submitted",
        "batch_lost, retry essays-3f2a91bc --codes batch_lost",
        "budget_reached, continue essays-3f2a91bc --max-cost USD",
        "truncated, run results/essays-3f2a91bc/failed_pairs.csv --set FIELD=VALUE",
        "refused, run results/essays-3f2a91bc/failed_pairs.csv --set model=MODEL",
        "request, run results/essays-3f2a91bc/failed_pairs.csv --set FIELD=VALUE"
    })
    void theCauseSaysWhatToType(String cause, String command) throws IOException {
        assertThat(commands(DONE, cause(cause), cause(cause))).containsExactly(command);
    }

    @ParameterizedTest
    @CsvSource({"no_tag, --tag-mode tolerant", "both_tags, --ambiguous take"})
    void anAnswerIsReadAgainBeforeItIsPaidForAgain(String cause, String rule) throws IOException {
        assertThat(commands(DONE, cause(cause), cause(cause)))
                .containsExactly("reread essays-3f2a91bc " + rule, "retry essays-3f2a91bc --codes " + cause);
    }

    @Test
    void pairsOfJudgesAreSentAgainInTheJobThatHasTheJudges() throws IOException {
        Job panel = Jobs.of(DONE, "gpt-4.1", "claude");
        assertThat(commands(panel, cause("expired"), cause("request"), cause("budget_reached")))
                .containsExactly("continue JUDGE_JOB --max-cost USD", "retry essays-3f2a91bc", "run TABLE --job FILE");
        Job claude = Jobs.judgeOf(DONE, panel, "claude");
        bucket.put("jobs/" + claude.id() + "/failed_attempts.csv", HEADER + cause("expired") + "\n");
        assertThat(Advice.of(claude, FailedPairs.read(bucket, claude.id()), null)
                        .steps())
                .extracting(Advice.Step::command)
                .containsExactly("retry essays-3f2a91bc");
    }

    @Test
    void theModelThatWasPerhapsMeantIsFilledIn() throws IOException {
        Job misspelt = Jobs.judging(DONE, "gpt-4.1-nanoo");
        String attempt = "http_error,TRUE,1,request,model_not_found: no such model,NA";
        assertThat(commands(misspelt, attempt))
                .containsExactly("run results/essays-3f2a91bc/failed_pairs.csv --set model=gpt-4.1-nano");
        assertThat(says(misspelt, attempt)).contains("does not have the model gpt-4.1-nanoo");
    }

    @ParameterizedTest
    @EnumSource(FailureCause.class)
    void onlyWhatRetrySendsByItselfIsLeftToRetryAlone(FailureCause cause) throws IOException {
        boolean alone = FailureCause.retriedByDefault().contains(cause);
        if (FailureCause.ofPairs().contains(cause)) {
            assertThat(commands(DONE, cause(cause.code())).equals(List.of("retry essays-3f2a91bc")))
                    .isEqualTo(alone);
        }
    }

    @Test
    void eachStepSaysHowManyPairsItIsFor() throws IOException {
        Advice advice = advice(DONE, cause("no_tag"), cause("no_tag"), cause("expired"), cause("server_error"));

        assertThat(advice.steps()).extracting(Advice.Step::pairs).containsExactly(2L, 2L, 2L);
        assertThat(advice.steps().getFirst().says())
                .isEqualTo("2 pairs failed for a cause that may pass (1 expired, 1 server_error). To send them again in"
                        + " the same job:");
        assertThat(advice.steps().getLast().says())
                .startsWith(
                        "2 pairs failed with no_tag (the answer names no winner), which `retry` alone does not send.");
    }

    @ParameterizedTest
    @CsvSource({
        "model_not_found, model",
        "not_found_error: model: claude-9, model",
        "The model `gpt-99` does not exist, model",
        "models/gemini-0 is not found for API version v1beta, model",
        "DeploymentNotFound, model",
        "context_length_exceeded, too long",
        "prompt is too long: 300000 tokens > 200000 maximum, too long",
        "Invalid type for temperature, as wrong"
    })
    void whatTheProviderSaysIsWrongIsNamed(String words, String named) throws IOException {
        String says = says(DONE, "http_error,TRUE,1,request," + words + ",NA");
        switch (named) {
            case "model" -> assertThat(says).contains("correct `model` in job.json");
            case "too long" -> assertThat(says).contains("too long for the model");
            default -> assertThat(says).contains("correct in the job what the provider's words name");
        }
    }

    @Test
    void aBatchThatNamesTheWrongModelIsNotSentAgain() throws IOException {
        bucket.put(
                "jobs/essays-3f2a91bc/batch_failures.csv",
                "segment_index,status,error_detail\n1,failed,model_not_found: There is no gpt-99.\n");
        assertThat(commands(DONE, cause("not_submitted")))
                .containsExactly("run results/essays-3f2a91bc/failed_pairs.csv --set model=MODEL");
        assertThat(says(DONE, cause("request"))).contains("correct `model`");
        // What a model has written is no word of the provider's.
        assertThat(says(DONE, cause("no_tag"))).doesNotContain("correct `model`");
    }

    @Test
    void aCancelledJobContinuesWithWhatItLacks() throws IOException {
        Job cancelled = Jobs.cancelled(DONE);
        assertThat(commands(cancelled, cause("cancelled"), cause("not_submitted"), cause("expired"), cause("refused")))
                .containsExactly(
                        "continue essays-3f2a91bc", "run results/essays-3f2a91bc/failed_pairs.csv --set model=MODEL");
        assertThat(advice(cancelled, cause("cancelled")).steps().getFirst().says())
                .matches("1 pair has no winner \\(1 \\w+\\), and nothing is sent, because the job was cancelled\\..*");
        // All was answered.
        assertThat(commands(cancelled, cause("no_tag"))).endsWith("retry essays-3f2a91bc --codes no_tag");
    }

    @Test
    void aLimitThatIsEnoughIsNamed() throws IOException {
        Job poor = Jobs.costing(DONE, new Costs(null, 0, 0, 0, 1_230_000_000L, 0, 0, null));
        assertThat(commands(poor, cause("budget_reached"))).containsExactly("continue essays-3f2a91bc --max-cost 1.23");
    }

    @Test
    void whatAnOlderVersionHasCollectedIsNamedByItsCode() throws IOException {
        assertThat(commands(DONE, "http_error,TRUE,1,NA,x,NA"))
                .containsExactly("retry essays-3f2a91bc --codes http_error");
    }

    @Test
    void aSampleGoesOnToTheOtherRows() {
        assertThat(Advice.sample(DONE)).isEmpty();
        Job sample = Jobs.judged(DONE, 24, 1);
        assertThat(Advice.sample(sample).orElseThrow().typed())
                .isEqualTo("./pairbatch continue essays-3f2a91bc --limit all");
        assertThat(Advice.sample(sample).orElseThrow().says()).startsWith("165 rows are not in the sample.");
        assertThat(Advice.sample(Jobs.judged(Jobs.in(JobState.RUNNING), 24, 1))).isEmpty();
        assertThat(Advice.sample(Jobs.judged(DONE, 0, 25)))
                .as("the others would have no winner either")
                .isEmpty();
    }

    @Test
    void aFolderSaysTheSameAsTheBucket(@TempDir Path folder) throws IOException {
        String attempts = HEADER + cause("no_tag") + "\n" + cause("expired") + "\n";
        Files.writeString(folder.resolve("failed_attempts.csv"), attempts);
        bucket.put("jobs/" + Jobs.ID + "/failed_attempts.csv", attempts);
        FailedPairs failed = FailedPairs.read(bucket, Jobs.ID);
        assertThat(failed.counts()).hasSize(2);
        assertThat(LossCounter.of(folder, 1, 2).failed()).isEqualTo(failed);
    }

    @Test
    void theDocumentSaysOfEachCauseWhatIsAdvised() throws IOException {
        String document = Files.readString(Path.of("../docs/JOB.md"));
        assertThat(FailureCause.ofPairs())
                .allSatisfy(cause -> assertThat(document).contains(row(cause)));
    }

    private static String row(FailureCause cause) {
        boolean alone = cause.way() == FailureCause.Way.RETRY;
        return "| `%s` | %s | %s | %s |".formatted(cause.code(), alone ? "yes" : "no", cause.meaning(), cause.remedy());
    }

    private static String cause(String cause) {
        return "some_code,TRUE,1," + cause + ",NA,NA";
    }

    private Advice advice(Job job, String... attempts) throws IOException {
        bucket.put("jobs/essays-3f2a91bc/failed_attempts.csv", HEADER + String.join("\n", attempts) + "\n");
        return Advice.of(job, FailedPairs.read(bucket, job.id()), null);
    }

    private List<String> commands(Job job, String... attempts) throws IOException {
        return advice(job, attempts).steps().stream().map(Advice.Step::command).toList();
    }

    private String says(Job job, String... attempts) throws IOException {
        return advice(job, attempts).steps().getFirst().says();
    }
}
