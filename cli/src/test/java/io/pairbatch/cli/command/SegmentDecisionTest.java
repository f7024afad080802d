package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.job.StackFunction;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import io.pairbatch.registry.JobState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/// What `resolve` and `give-up` show, ask and have recorded.
class SegmentDecisionTest {

    private static final String DOUBT = """
            {"outcome": "shown", "state": "IN_DOUBT", "rows": 48, "token": "0123abcd-000001-01-x9y8z7",
             "file_id": "file-1", "account": "openai#1a2b", "intended_at": "2026-11-22T10:00:00Z",
             "lease_until": "2026-11-22T10:16:00Z", "proof": "the list\\u001b shows nothing of ours",
             "intent": "registry/segment_000001_sub_01_intent.json"}
            """;
    private static final String TROUBLED = """
            {"outcome": "shown", "state": "SUBMITTED", "rows": 1, "batch_id": "batch_6789", "requests_completed": 3,
             "missing_since": "2026-11-22T10:00:00Z", "provider_says": "HTTP 404", "missing_files": 0}
            """;

    private static final String COLLECTED = """
            {"outcome": "shown", "state": "COLLECTED", "rows": 2, "batch_id": "batch_6789", "requests_completed": 1,
             "provider_status": "completed", "received_at": "2026-11-22T12:00:00Z"}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeTime time = new FakeTime();
    private final MemoryJobSource jobs = new MemoryJobSource();
    private final List<String> asked = new ArrayList<>();
    private String shown = DOUBT;
    private String decided = "{\"outcome\": \"started\"}";
    private @Nullable String typed;

    @TempDir
    private Path folder;

    @BeforeEach
    void aJobThatWaits() {
        jobs.then(Jobs.snapshot(JobState.WAITING_FOR_DECISION));
    }

    @Test
    void withoutADecisionTheEvidenceIsShownAndNothingElseHappens() {
        assertThat(resolve()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString("""
                Segment 1 of job essays-3f2a91bc (48 pairs) is in doubt: its create may have been sent, and nobody is sending it now
                  token        0123abcd-000001-01-x9y8z7
                  input file   file-1
                  intended at  2026-11-22T10:00:00Z
                  over since   2026-11-22T10:16:00Z
                  account      openai#1a2b
                  the list     the list  shows nothing of ours
                  recorded in  s3://data/jobs/essays-3f2a91bc/registry/segment_000001_sub_01_intent.json
                Look for a batch with this token or input file at the provider, then type one of
                  ./pairbatch resolve essays-3f2a91bc 1 --look        have the list read again; safe whatever happened
                  ./pairbatch resolve essays-3f2a91bc 1 --batch ID    the batch exists
                  ./pairbatch resolve essays-3f2a91bc 1 --none        it certainly does not; if that is wrong, it is paid twice
                """);
        assertThat(asked).containsExactly("{\"job_id\":\"essays-3f2a91bc\",\"segment\":1,\"decide\":\"doubt\"}");
    }

    @Test
    void theListIsReadAgainForTheCreateThatWasShown() {
        assertThat(resolve("--look")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(asked.getLast())
                .isEqualTo("{\"job_id\":\"essays-3f2a91bc\",\"segment\":1,\"decide\":\"look\","
                        + "\"token\":\"0123abcd-000001-01-x9y8z7\"}");
        assertThat(out.toString()).endsWith("""
                The provider's list is read again for it.
                Job essays-3f2a91bc continues
                To follow it: ./pairbatch watch essays-3f2a91bc
                """);
    }

    @Test
    void aBatchIsRecorded() {
        decided = "{\"outcome\": \"noted\", \"message\": \"An execution is already working on the job.\"}";
        assertThat(resolve("--batch", "batch_7")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(asked.getLast()).contains("\"decide\":\"batch\"", "\"batch_id\":\"batch_7\"", "\"token\":\"0123");
        assertThat(out.toString()).contains("An execution is already working on the job.");
    }

    @Test
    void thatThereIsNoneIsConfirmed() {
        typed = " x9y8z7 ";
        assertThat(resolve("--none")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(err.toString()).contains("it is paid twice", "Type the last 6 characters of 0123abcd-");
        assertThat(asked.getLast()).contains("\"decide\":\"none\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "0123abcd-000001-01-x9y8z7"})
    void withoutTheTokensEndNothingIsDecided(String answer) {
        typed = answer;
        assertThat(resolve("--none")).isEqualTo(ExitStatus.USAGE);
        assertThat(asked).singleElement().asString().contains("\"doubt\"");
    }

    @Test
    void withoutATerminalItNeedsYes() {
        assertThat(resolve("--none")).isEqualTo(ExitStatus.USAGE);
        assertThat(asked).hasSize(1);
        assertThat(resolve("--none", "--yes")).isEqualTo(ExitStatus.DONE);
        assertThat(asked.getLast()).contains("\"decide\":\"none\"");
    }

    @Test
    void onlyOneThingIsDecided() {
        assertThat(resolve("--none", "--batch", "batch_7")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(asked).isEmpty();
    }

    @Test
    void aRefusalIsTold() {
        decided = "{\"outcome\": \"refused\", \"message\": \"Batch b is owned.\", \"remedy\": \"Look.\"}";
        assertThat(resolve("--batch", "b")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("Batch b is owned.");
        assertThat(out.toString()).doesNotContain("recorded.", "continues");
    }

    @Test
    void anOlderStackIsNotAskedToDecide() {
        shown = "{\"outcome\": \"started\"}";
        assertThat(resolve("--none", "--yes")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("The stack is older than this command");
        assertThat(asked).hasSize(1);
    }

    @Test
    void aBatchIsGivenUpOnceItsIdIsTyped() {
        shown = TROUBLED;
        typed = "h_6789";
        assertThat(giveUp()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString("""
                Segment 1 of job essays-3f2a91bc (1 pair) has a batch that could not be read or collected
                  batch        batch_6789
                  completed    3
                  denied since 2026-11-22T10:00:00Z
                  last words   HTTP 404
                Given up: what is there is collected at the next look.
                Job essays-3f2a91bc continues
                To follow it: ./pairbatch watch essays-3f2a91bc
                """);
        assertThat(err.toString()).contains("they were paid for");
        assertThat(asked.getLast())
                .isEqualTo("{\"job_id\":\"essays-3f2a91bc\",\"segment\":1,\"decide\":\"give_up\","
                        + "\"batch_id\":\"batch_6789\"}");
    }

    @Test
    void aBatchIsNotGivenUpUnasked() {
        shown = TROUBLED;
        assertThat(giveUp()).isEqualTo(ExitStatus.USAGE);
        assertThat(asked).singleElement().asString().contains("\"troubled\"");
    }

    @Test
    void theAnswersOfACollectedSegmentAreFetchedOnceMore() {
        shown = COLLECTED;
        assertThat(collectAgain()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString("""
                Segment 1 of job essays-3f2a91bc (2 pairs) is collected
                  batch        batch_6789
                  status       completed
                  completed    1
                  collected at 2026-11-22T12:00:00Z
                Its answers are fetched once more: nothing is sent. What was collected stays until they are complete.
                Job essays-3f2a91bc continues
                To follow it: ./pairbatch watch essays-3f2a91bc
                """);
        assertThat(asked.getLast())
                .isEqualTo("{\"job_id\":\"essays-3f2a91bc\",\"segment\":1,\"decide\":\"collect_again\","
                        + "\"batch_id\":\"batch_6789\"}");
    }

    @Test
    void whatIsNotFetchedOnceMoreIsToldWithItsReason() {
        shown = "{\"outcome\": \"refused\", \"message\": \"Segment 1 is not collected yet.\", \"remedy\": \"Wait.\"}";
        assertThat(collectAgain()).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("Segment 1 is not collected yet.");
        assertThat(asked).hasSize(1);
    }

    private int collectAgain(String... more) {
        return execute(new CollectAgainCommand(app(), stack -> reviver()), more);
    }

    private int resolve(String... more) {
        return execute(new ResolveCommand(app(), stack -> reviver(), () -> typed), more);
    }

    private int giveUp(String... more) {
        return execute(new GiveUpCommand(app(), stack -> reviver(), () -> typed), more);
    }

    private StackFunction reviver() {
        return event -> {
            asked.add(event.toString());
            boolean asks = List.of("doubt", "troubled", "collected")
                    .contains(event.path("decide").asString(""));
            return JsonMapper.shared().readTree(asks ? shown : decided);
        };
    }

    private App app() {
        Console console = new Console(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                false,
                Glyphs.UNICODE,
                () -> TerminalSize.USUAL);
        return new App(
                console,
                stack -> Deployed.STACK,
                deployment -> new Session(deployment, jobs, new MemoryBucket(), Pacing.EMBEDDED, () -> {}),
                (keep, progress) -> {
                    throw new UnsupportedOperationException();
                },
                folder,
                folder,
                time,
                time,
                new FakeLive(Deployed.STACK));
    }

    private int execute(Callable<Integer> command, String... more) {
        List<String> args = new ArrayList<>(List.of(Jobs.ID, "1", "--no-wait"));
        args.addAll(List.of(more));
        return new CommandLine(command)
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    err.append(String.valueOf(e.getMessage()));
                    return e instanceof CliException fault ? fault.exitStatus() : ExitStatus.JOB_FAILED;
                })
                .execute(args.toArray(String[]::new));
    }
}
