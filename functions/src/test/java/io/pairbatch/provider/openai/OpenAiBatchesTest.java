package io.pairbatch.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// What OpenAI's batch object is taken for.
class OpenAiBatchesTest {

    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @CsvSource({
        "validating,RUNNING",
        "in_progress,RUNNING",
        "finalizing,RUNNING",
        "cancelling,RUNNING",
        "completed,COMPLETED",
        "failed,FAILED",
        "expired,EXPIRED",
        "cancelled,CANCELLED",
        "Completed,COMPLETED",
        "dreaming,RUNNING"
    })
    void everyStatusHasItsState(String word, BatchState state) {
        BatchStatus batch = status("{\"id\": \"b\", \"status\": \"" + word + "\"}");
        assertThat(batch.state()).isEqualTo(state);
        assertThat(batch.status()).isEqualTo(word);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token_limit_exceeded: Enqueued token limit reached for gpt-4.1 in organization org-x. Limit: 2,000,000"
                        + " enqueued tokens. Please try again once some in_progress batches have been completed. | 2000000",
                "Limit: 90 enqueued tokens | 90",
                "token_limit_exceeded | ",
                "Rate limit reached for gpt-4.1 (requests per day). Limit: 500 | ",
                "Limit: 99999999999999999999 enqueued tokens | "
            })
    void theLimitOfTheQueueIsReadFromTheProvidersWords(String says, @Nullable Long tokens) {
        OptionalLong limit = OpenAi.INSTANCE.queueLimit(says);
        assertThat(limit).isEqualTo(tokens == null ? OptionalLong.empty() : OptionalLong.of(tokens));
    }

    @Test
    void aBatchIsReadWhole() {
        assertThat(status("""
                {"id": "batch_1", "object": "batch", "endpoint": "/v1/responses", "status": "completed",
                 "input_file_id": "file-in", "output_file_id": "file-out", "error_file_id": "file-err",
                 "created_at": 1764000000, "request_counts": {"total": 100, "completed": 95, "failed": 5},
                 "metadata": {"pairbatch_submission": "t-1", "pairbatch_job": "j"}}"""))
                .isEqualTo(new BatchStatus(
                        "batch_1",
                        BatchState.COMPLETED,
                        "completed",
                        100,
                        95,
                        5,
                        "file-in",
                        "file-out",
                        "file-err",
                        null,
                        null,
                        Instant.ofEpochSecond(1764000000),
                        Map.of("pairbatch_submission", "t-1", "pairbatch_job", "j")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"output_file_id\": \"\", \"errors\": null, \"metadata\": null}"})
    void whatIsMissingOrEmptyIsAbsent(String json) {
        assertThat(status(json))
                .isEqualTo(new BatchStatus(
                        "", BatchState.RUNNING, "", 0, 0, 0, null, null, null, null, null, Instant.EPOCH, Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "failed    | token_limit_exceeded | 0 | ''    | NO_ROOM",
                "failed    | token_limit_exceeded | 1 | ''    | FAILED",
                "failed    | token_limit_exceeded | 0 | file1 | FAILED",
                "failed    | invalid_json_line    | 0 | ''    | FAILED",
                "cancelled | token_limit_exceeded | 0 | ''    | CANCELLED"
            })
    void aBatchThatFoundNoRoomMayBeCreatedAgainUnlessSomeOfItRan(
            String status, String code, int completed, String output, BatchState state) {
        BatchStatus batch = status("""
                {"id": "b", "status": "%s", "output_file_id": "%s", "request_counts": {"completed": %d},
                 "errors": {"object": "list", "data": [{"code": "%s", "message": "why"}, {"code": "second"}]}}""".formatted(status, output, completed, code));
        assertThat(batch.state()).isEqualTo(state);
        assertThat(batch.errorCode()).isEqualTo(code);
        assertThat(batch.errorMessage()).isEqualTo("why");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "billing_hard_limit_reached | Billing hard limit has been reached. | 0 | ''    | NO_CREDIT",
                "insufficient_quota         | You exceeded your current quota.     | 0 | ''    | NO_CREDIT",
                "billing_not_active         | Your account is not active.          | 0 | ''    | NO_CREDIT",
                "billing_hard_limit_reached | Billing hard limit has been reached. | 1 | ''    | FAILED",
                "billing_hard_limit_reached | Billing hard limit has been reached. | 0 | file1 | FAILED",
                "invalid_file_id            | Invalid file.                        | 0 | ''    | NO_FILE",
                "file_not_found             | gone                                 | 0 | ''    | NO_FILE",
                "invalid_request            | Cannot find file file-1              | 0 | ''    | NO_FILE",
                "invalid_request            | The input file 'a' could not be found| 0 | ''    | NO_FILE",
                "invalid_request            | The input file has expired           | 0 | ''    | NO_FILE",
                "invalid_file_id            | Invalid file.                        | 1 | ''    | FAILED",
                "invalid_request            | The model could not be found         | 0 | ''    | FAILED",
                "invalid_request            | Invalid file format                  | 0 | ''    | FAILED",
            })
    void aBatchThatNeverRanForWantOfCreditOrOfItsFileSaysSo(
            String code, String message, int failed, String errorFile, BatchState state) {
        BatchStatus batch = status("""
                {"id": "b", "status": "failed", "error_file_id": "%s", "request_counts": {"failed": %d},
                 "errors": {"object": "list", "data": [{"code": "%s", "message": "%s"}]}}""".formatted(errorFile, failed, code, message));
        assertThat(batch.state()).isEqualTo(state);
    }

    @Test
    void aBatchThatIsGoneKeepsItsId() {
        BatchStatus gone = BatchStatus.gone("batch_9", "not_found");
        assertThat(gone.id()).isEqualTo("batch_9");
        assertThat(gone.state()).isEqualTo(BatchState.GONE);
        assertThat(gone.status()).isEqualTo("not_found");
    }

    private static BatchStatus status(String json) {
        return new OpenAiBatches(OpenAiService.of(OpenAiService.OPENAI)).status(JSON.readTree(json));
    }
}
