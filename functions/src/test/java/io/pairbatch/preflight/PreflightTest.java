package io.pairbatch.preflight;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.Answer;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.LiveAnswer;
import io.pairbatch.provider.LiveRequest;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.PreflightMark;
import io.pairbatch.registry.Reservation;
import io.pairbatch.results.PreflightFile;
import io.pairbatch.results.PreflightOutcome;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Settings;
import io.pairbatch.step.Stop;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PreflightTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String FIRST_LINE = "{\"custom_id\":\"0123abcd-1\",\"body\":{\"model\":\"gpt-4.1\"}}";

    private final JobFixture fixture = new JobFixture();
    private final SettableClock clock = fixture.clock;
    private final JobRegistry jobs = fixture.jobs;
    private final List<String> asked = new ArrayList<>();
    private final Deque<LiveAnswer> answers = new ArrayDeque<>();
    private @Nullable Duration timeout;
    private Runnable whileAsking = () -> {};

    @BeforeEach
    void aJobIsSplit() throws Exception {
        fixture.split(JobFixture.segment(1, 1, 2));
        fixture.files.put(JobFiles.input(1), FIRST_LINE + "\n{\"custom_id\":\"0123abcd-2\"}\n");
        fixture.files.put(
                JobFiles.pairs(1),
                "{\"row\":1,\"pair\":{\"ID1\":\"S01\",\"text1\":\"one\",\"ID2\":\"S02\",\"text2\":\"two\"}}\n");
    }

    @Test
    void aWinnerLetsTheJobContinueAndIsShown() throws Exception {
        answers.add(answered("<BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>", "stop", null));
        whileAsking = () -> clock.advance(Duration.ofMillis(840));

        assertThat(check()).isEqualTo(new Preflight.Result.GoOn(PreflightOutcome.PASSED));
        assertThat(asked).containsExactly("key " + FIRST_LINE);
        assertThat(timeout).isEqualTo(Duration.ofSeconds(60));
        assertThat(text("preflight_says"))
                .isEqualTo("gpt-4.1-2025-04-14 answered in 0.8 s: S02 is better than S01 (412 + 12 tokens)");
        JsonNode file = file();
        assertThat(file.path("outcome").stringValue()).isEqualTo("PASSED");
        assertThat(file.path("content").stringValue()).isEqualTo("<BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>");
        assertThat(file.path("winner").stringValue()).isEqualTo("SAMPLE_2");
        assertThat(file.path("better_id").stringValue()).isEqualTo("S02");
        assertThat(file.path("request_id").stringValue()).isEqualTo("req_1");
        assertThat(file.path("response_id").isNull()).isTrue();
        assertThat(file.path("duration_ms").longValue()).isEqualTo(840);
        // 2 and 8 USD per million tokens, twice the batch price.
        assertThat(file.path("cost_usd").decimalValue()).isEqualByComparingTo("0.00092");
    }

    @Test
    void itIsMadeOnce() throws Exception {
        answers.add(answered("<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>", "stop", null));
        check();
        assertThat(check()).isEqualTo(new Preflight.Result.GoOn(null));
        assertThat(asked).hasSize(1);
    }

    @Test
    void aLostRegistryDoesNotRepeatIt() throws Exception {
        answers.add(answered("<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>", "stop", null));
        check();
        fixture.table.edit(JOB, "JOB", item -> item.keySet().removeIf(name -> name.startsWith("preflight")));
        assertThat(check()).isEqualTo(new Preflight.Result.GoOn(null));
        assertThat(asked).hasSize(1);
    }

    @Test
    void aCallThatDiedDuringTheRequestIsNotFollowedByAnother() throws Exception {
        whileAsking = () -> {
            throw new IllegalStateException("the function dies");
        };
        assertThatThrownBy(this::check).hasMessage("the function dies");
        assertThat(text("preflight")).isEqualTo("STARTED");

        assertThat(check()).isEqualTo(new Preflight.Result.GoOn(PreflightOutcome.UNDECIDED));
        assertThat(check()).isEqualTo(new Preflight.Result.GoOn(null));
        assertThat(asked).hasSize(1);
        assertThat(text("preflight")).isEqualTo("UNDECIDED");
        assertThat(file().path("outcome").stringValue()).isEqualTo("UNDECIDED");
        assertThat(PreflightFile.notice(fixture.files))
                .hasValueSatisfying(notice -> assertThat(notice).contains("ended before it had recorded"));
    }

    /// AWS may run a function a second time while the first one is still running.
    @Test
    void onlyOneOfTwoConcurrentCallsAsks() throws Exception {
        OpenJob seenBefore = fixture.open();
        answers.add(answered("<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>", "stop", null));
        whileAsking = () -> {
            try {
                assertThat(check(seenBefore)).isEqualTo(new Preflight.Result.GoOn(PreflightOutcome.UNDECIDED));
            } catch (IOException | FencedException e) {
                throw new IllegalStateException(e);
            }
        };
        check();
        assertThat(asked).hasSize(1);
        assertThat(text("preflight")).isEqualTo("UNDECIDED");
    }

    @ParameterizedTest
    @CsvSource({
        "REQUEST, 400, unsupported_value, FAILED, PREFLIGHT_REFUSED",
        "NOT_FOUND, 404, model_not_found, FAILED, PREFLIGHT_REFUSED",
        "KEY, 403, model_not_found, FAILED, PREFLIGHT_REFUSED",
        "KEY, 401, invalid_api_key, WAITING_FOR_KEY, KEY_REFUSED"
    })
    void aRefusalStopsTheJobAndTheRequestMayBeRepeated(
            Kind kind, int status, String code, JobState state, ErrorCode error) throws Exception {
        answers.add(refused(kind, status, code));
        Stop why = stopped();
        assertThat(why.state()).isEqualTo(state);
        assertThat(why.code()).isEqualTo(error);
        assertThat(why.message()).contains("HTTP " + status + " " + code + ": because");
        assertThat(jobs.require(fixture.fence()).preflight()).isNull();
        assertThat(file().path("outcome").stringValue()).isEqualTo("REFUSED");

        answers.add(answered("<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>", "stop", null));
        assertThat(check()).isEqualTo(new Preflight.Result.GoOn(PreflightOutcome.PASSED));
        assertThat(file().path("outcome").stringValue()).isEqualTo("PASSED");
    }

    @Test
    void theMessageNamesTheModel() throws Exception {
        answers.add(refused(Kind.NOT_FOUND, 404, "model_not_found"));
        assertThat(stopped().message())
                .isEqualTo("PREFLIGHT_REFUSED: the provider, asked live for the first pair by model `gpt-4.1`:"
                        + " found HTTP 404 model_not_found: because; expected a model and options that it takes");
    }

    @Test
    void aRefusedKeyIsFollowedByTheNextOne() throws Exception {
        answers.add(refused(Kind.KEY, 401, "invalid_api_key"));
        answers.add(answered("<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>", "stop", null));
        Account second = new Account(provider("second"), "w");
        Account first = new Account(provider("first"), "w", () -> Optional.of(second));
        assertThat(preflight("on").check(fixture.open(), first, fixture.within(Duration.ofMinutes(10))))
                .isEqualTo(new Preflight.Result.GoOn(PreflightOutcome.PASSED));
        assertThat(asked).containsExactly("first " + FIRST_LINE, "second " + FIRST_LINE);
    }

    @Test
    void noAnswerLetsTheJobContinueWithANotice() throws Exception {
        answers.add(new LiveAnswer.Lost("HTTP 503: busy"));
        assertThat(check()).isEqualTo(new Preflight.Result.GoOn(PreflightOutcome.UNDECIDED));
        assertThat(text("preflight_says")).isEqualTo("undecided, the job continues: HTTP 503: busy");
        assertThat(PreflightFile.notice(fixture.files))
                .contains("the preflight decided nothing (HTTP 503: busy): the batches were sent without it");
        check();
        assertThat(asked).hasSize(1);
    }

    @Test
    void aRateLimitDecidesNothing() throws Exception {
        answers.add(refused(Kind.LATER, 429, "rate_limit_exceeded"));
        assertThat(check()).isEqualTo(new Preflight.Result.GoOn(PreflightOutcome.UNDECIDED));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "a long thought about both | length | - | an answer that was cut off (finish reason `length`) before a winner's tag",
                "the second is better | stop | - | no winner's tag (finish reason `stop`)",
                "- | refusal | I will not | a refusal to answer (finish reason `refusal`)"
            })
    void anAnswerWithoutAWinnerStopsTheJobAndStaysInItsFile(
            @Nullable String content, String finish, @Nullable String refusal, String found) throws Exception {
        answers.add(answered(content, finish, refusal));
        Stop why = stopped();
        assertThat(why.state()).isEqualTo(JobState.FAILED);
        assertThat(why.message())
                .isEqualTo("PREFLIGHT_NO_WINNER: the answer to the first pair, asked live of model `gpt-4.1`: found "
                        + found + "; it is in jobs/a-0123abcd/preflight.json; expected"
                        + " `<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>`, or the same with SAMPLE_2");
        assertThat(file().path("content").asString(null)).isEqualTo(content);
        assertThat(file().path("refusal").asString(null)).isEqualTo(refusal);
        assertThat(fixture.table.item(JOB, "JOB").toString())
                .as("the model's text is in no item")
                .doesNotContain(content == null ? "I will not" : content);
        assertThat(jobs.require(fixture.fence()).preflight()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"on, '', 1", "off, '', 0", "auto, '', 0", "auto, true, 1", "off, true, 1", "on, false, 0"})
    void theJobDecidesThenTheDeployment(String setting, String field, int requests) throws Exception {
        answers.add(new LiveAnswer.Lost("x"));
        String spec = field.isEmpty() ? "" : "\"preflight\": " + field;
        preflight(setting).check(fixture.open(spec), account(), fixture.within(Duration.ofMinutes(10)));
        assertThat(asked).hasSize(requests);
    }

    @Test
    void aJobThatHasAlreadySubmittedNeedsNone() throws Exception {
        fixture.table.edit(JOB, "SEGMENT#000001", item -> item.put("submissions", AttributeValue.fromN("1")));
        assertThat(check()).isEqualTo(new Preflight.Result.GoOn(null));
        assertThat(asked).isEmpty();
    }

    @Test
    void withTooLittleTimeLeftTheNextCallAsks() throws Exception {
        assertThat(preflight("on").check(fixture.open(), account(), fixture.within(Duration.ofSeconds(19))))
                .isEqualTo(new Preflight.Result.OutOfTime());
        answers.add(new LiveAnswer.Lost("x"));
        preflight("on").check(fixture.open(), account(), fixture.within(Duration.ofSeconds(40)));
        assertThat(timeout).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void anExecutionThatHasLostItsJobAsksNothing() throws Exception {
        OpenJob job = fixture.open();
        jobs.claims().take(JOB, "other", fixture.fence().epoch() + 1);
        assertThatThrownBy(() -> check(job)).isInstanceOf(FencedException.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void aJobThatIsNoLongerRunningAsksNothing() throws Exception {
        OpenJob job = fixture.open();
        jobs.move(fixture.fence(), JobState.CANCELLING);
        assertThatThrownBy(() -> check(job)).isInstanceOf(FencedException.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void anAnswerForAnExecutionThatHasLostItsJobDoesNotCount() throws Exception {
        answers.add(answered("<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>", "stop", null));
        whileAsking = () -> jobs.claims().take(JOB, "other", fixture.fence().epoch() + 1);
        assertThatThrownBy(this::check).isInstanceOf(FencedException.class);
        assertThat(text("preflight")).isEqualTo(PreflightMark.STARTED.name());
    }

    @Test
    void aMarkThatTheSdkWritesTwiceIsTheExecutionsOwn() throws Exception {
        assertThat(jobs.startPreflight(fixture.fence(), "one", Costs.NONE, Reservation.NONE))
                .isTrue();
        assertThat(jobs.startPreflight(fixture.fence(), "one", Costs.NONE, Reservation.NONE))
                .isTrue();
        assertThat(jobs.startPreflight(fixture.fence(), "two", Costs.NONE, Reservation.NONE))
                .isFalse();
    }

    @Test
    void theSummaryListsTheCostButNotTheText() throws Exception {
        answers.add(answered("<BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>", "stop", null));
        check();
        java.io.StringWriter text = new java.io.StringWriter();
        try (tools.jackson.core.JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            PreflightFile.writeSummary(fixture.files, json);
            json.writeEndObject();
        }
        JsonNode summary = JSON.readTree(text.toString()).path("preflight");
        assertThat(summary.path("outcome").stringValue()).isEqualTo("PASSED");
        assertThat(summary.path("prompt_tokens").intValue()).isEqualTo(412);
        assertThat(summary.path("cost_usd").decimalValue()).isEqualByComparingTo("0.00092");
        assertThat(summary.path("cost_basis").stringValue()).startsWith("the live price as of ");
        assertThat(text.toString()).doesNotContain("BETTER_SAMPLE", "S01", "S02");
    }

    private Preflight.Result check() throws IOException, FencedException {
        return check(fixture.open());
    }

    private Preflight.Result check(OpenJob job) throws IOException, FencedException {
        return preflight("on").check(job, account(), fixture.within(Duration.ofMinutes(10)));
    }

    private Stop stopped() throws IOException, FencedException {
        return ((Preflight.Result.Stopped) check()).why();
    }

    private Preflight preflight(String setting) {
        Settings settings = Settings.from(Map.of(
                "PAIRBATCH_BUCKET", "b",
                "PAIRBATCH_TABLE", "t",
                "PAIRBATCH_OPENAI_BASE_URL", "http://127.0.0.1:1/v1",
                "PAIRBATCH_PREFLIGHT", setting));
        return new Preflight(jobs, fixture.segments, settings, PriceTable::bundled, clock, new Random());
    }

    private Account account() {
        return new Account(provider("key"), "openai#x");
    }

    private BatchProvider provider(String name) {
        return (BatchProvider) Proxy.newProxyInstance(
                PreflightTest.class.getClassLoader(), new Class<?>[] {BatchProvider.class}, (proxy, method, a) -> {
                    assertThat(method.getName()).isEqualTo("ask");
                    asked.add(
                            name + " " + new String(((LiveRequest) a[0]).line().array(), StandardCharsets.UTF_8));
                    timeout = (Duration) a[1];
                    whileAsking.run();
                    return answers.remove();
                });
    }

    private static LiveAnswer refused(Kind kind, int status, String code) {
        return new LiveAnswer.Refused(new RefusedException(kind, status, code, "because"));
    }

    private static LiveAnswer answered(@Nullable String content, String finish, @Nullable String refusal) {
        return new LiveAnswer.Answered(
                new Answer(
                        null,
                        "gpt-4.1-2025-04-14",
                        "chat.completion",
                        200,
                        null,
                        null,
                        null,
                        null,
                        content,
                        new Answer.Tokens(412L, 12L, 424L, null, null, null),
                        null,
                        finish,
                        refusal),
                "req_1",
                "");
    }

    private JsonNode file() {
        return JSON.readTree(fixture.files.text(JobFiles.PREFLIGHT));
    }

    private String text(String attribute) {
        AttributeValue value = fixture.table.item(JOB, "JOB").get(attribute);
        return value == null ? "" : value.s();
    }
}
