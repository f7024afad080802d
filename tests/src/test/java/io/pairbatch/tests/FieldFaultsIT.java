package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What providers have done to users of such tools (`field-faults/`): each folder holds the table, `job.json` and the
/// rules by which the simulator does it again. Each case says what its user gets, and reads. The jobs run side by side;
/// once each has met its fault, the accounts have credit again and the batch that hangs is cancelled.
class FieldFaultsIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;
    private static final Path CASES = Path.of("src/test/resources/field-faults");
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration OVER_A_DAY = Duration.ofHours(25);

    private static final String NOT_FOUND_ONCE = "70a-openai-404-once";
    private static final String CREATE_WITHOUT_FILE = "71b-create-400-no-file-second";
    private static final String VALIDATED_WITHOUT_FILE = "72-validation-no-file";
    private static final String BILLING_LIMIT = "73-validation-billing";
    private static final String EXPIRED = "75-expired-partial";
    private static final String ALL_FAILED = "76-all-failed-null-output";
    private static final String STUCK = "77-stuck-finalizing";
    private static final String SPENDING_CAP = "82-gemini-spending-cap";

    private final TestStack stack = TestStack.shared();
    private final Provider provider = stack.provider();

    @TempDir
    private Path work;

    @AfterEach
    void noFaults() {
        provider.faults("[]");
    }

    /// @param fault members of the rule that are not as in the folder
    private record Case(String folder, Backend backend, Map<String, Object> fault, Consumer<Met> test) {

        String name() {
            return folder + ", " + backend.code() + (fault.isEmpty() ? "" : ": " + fault.get("message"));
        }

        boolean waitsForCredit() {
            return folder.equals(BILLING_LIMIT) || folder.equals(SPENDING_CAP);
        }

        String pairs() throws IOException {
            return Files.readString(CASES.resolve(folder).resolve("pairs.csv"));
        }

        /// The folder's job, judged by this case's provider.
        String job() throws IOException {
            ObjectNode job = (ObjectNode) JSON.readTree(CASES.resolve(folder).resolve("job.json"));
            // Each gets its own, for some cases have the same pairs.
            job.remove("run");
            job.put("max_attempts", 1);
            if (!job.path("backend").asString(Backend.DEFAULT.code()).equals(backend.code())) {
                job.put("backend", backend.code())
                        .put("model", Tables.model(backend))
                        .remove("metadata");
            }
            return job.toString();
        }

        /// The folder's rules, for this job alone.
        ArrayNode rules(String jobId, String token) throws IOException {
            ArrayNode rules = (ArrayNode) JSON.readTree(CASES.resolve(folder).resolve("faults.json"));
            for (JsonNode node : rules) {
                ObjectNode rule = (ObjectNode) node;
                rule.put("api", backend.code());
                fault.forEach((member, value) -> rule.set(member, JSON.valueToTree(value)));
                switch (backend) {
                    case OPENAI -> rule.withObject("/metadata").put("pairbatch_job", jobId);
                    case ANTHROPIC -> rule.put("custom_id_prefix", token + "-").remove("metadata");
                    case GEMINI ->
                        rule.put("display_name_prefix", "pairbatch " + token + "-")
                                .remove("metadata");
                }
            }
            return rules;
        }
    }

    /// A job that has met its fault and come to its end.
    ///
    /// @param before what the commands said while it could not go on, in order
    /// @param end what was said of its end
    private record Met(DroppedJob job, List<Cli.Said> before, Cli.Said end) {}

    private List<Case> field() {
        return List.of(
                field(NOT_FOUND_ONCE, Backend.OPENAI, this::aDenialThatPassesIsWaitedOut),
                field(CREATE_WITHOUT_FILE, Backend.OPENAI, this::aFileThatIsNotFoundAtTheCreateIsUploadedAgain),
                field(VALIDATED_WITHOUT_FILE, Backend.OPENAI, this::aBatchThatDidNotFindItsFileIsMadeAgain),
                field(BILLING_LIMIT, Backend.OPENAI, this::aBatchAtTheBillingLimitWaitsForCredit),
                field(EXPIRED, Backend.OPENAI, this::whatWasAnsweredBeforeABatchExpiredCounts),
                field(ALL_FAILED, Backend.OPENAI, this::aJobOfWhichEverythingFailedSaysSoAndWhy),
                field(STUCK, Backend.OPENAI, this::aBatchThatHangsIsNamedWithWhatCanBeDone),
                field(SPENDING_CAP, Backend.GEMINI, this::aSpendingCapIsToldAndWaitedFor));
    }

    private static Case field(String folder, Backend backend, Consumer<Met> test) {
        return new Case(folder, backend, Map.of(), test);
    }

    private List<Case> siblings() {
        return List.of(
                field(NOT_FOUND_ONCE, Backend.ANTHROPIC, this::aDenialThatPassesIsWaitedOut),
                field(NOT_FOUND_ONCE, Backend.GEMINI, this::aDenialThatPassesIsWaitedOut),
                field(EXPIRED, Backend.ANTHROPIC, this::whatWasAnsweredBeforeABatchExpiredCounts),
                field(EXPIRED, Backend.GEMINI, this::aBatchThatExpiredWithoutAnswersSaysSo),
                field(ALL_FAILED, Backend.ANTHROPIC, this::aJobOfWhichEverythingFailedSaysSoAndWhy),
                field(ALL_FAILED, Backend.GEMINI, this::aJobOfWhichEverythingFailedSaysSoAndWhy),
                poor(
                        Backend.OPENAI,
                        429,
                        "billing_not_active",
                        "Your account is not active, please check your billing details on our website."),
                poor(
                        Backend.ANTHROPIC,
                        400,
                        "invalid_request_error",
                        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."),
                poor(
                        Backend.GEMINI,
                        429,
                        "RESOURCE_EXHAUSTED",
                        "Your prepayment credits are depleted. Please go to AI Studio to manage your billing."));
    }

    private Case poor(Backend backend, int status, String code, String message) {
        return new Case(
                SPENDING_CAP,
                backend,
                Map.of("status", status, "code", code, "message", message),
                met -> waitedForCredit(met, message));
    }

    @TestFactory
    Stream<DynamicTest> theUserGetsWhatIsRightAndReadsWhy() throws Exception {
        List<Case> cases = field();
        try (Stream<Path> folders = Files.list(CASES)) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            cases.stream().map(Case::folder).toList());
        }
        return run(cases);
    }

    @TestFactory
    @Tag("long")
    Stream<DynamicTest> soDoThoseOfTheOtherProviders() throws Exception {
        return run(siblings());
    }

    private Stream<DynamicTest> run(List<Case> cases) throws Exception {
        List<DroppedJob> jobs = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        ArrayNode rules = JSON.createArrayNode();
        for (Case one : cases) {
            DroppedJob job = DroppedJob.named(TestStack.name("field"));
            job.put("pairs.csv", one.pairs());
            String token = job.tokenWith(one.job());
            ids.add(job.folder() + "-" + token);
            rules.addAll(one.rules(ids.getLast(), token));
            jobs.add(job);
        }
        provider.faults(rules.toString());
        for (int i = 0; i < jobs.size(); i++) {
            jobs.get(i).put("job.json", cases.get(i).job());
        }
        Cli cli = new Cli(stack, work);
        List<List<Cli.Said>> before = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            before.add(met(cases.get(i), jobs.get(i), ids.get(i), cli));
        }
        provider.faults("[]");
        List<Future<Cli.Said>> ends = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(jobs.size())) {
            for (int i = 0; i < jobs.size(); i++) {
                Case one = cases.get(i);
                DroppedJob job = jobs.get(i);
                ends.add(executor.submit(() -> end(one, job, cli)));
            }
        }
        return IntStream.range(0, jobs.size())
                .mapToObj(i -> DynamicTest.dynamicTest(
                        cases.get(i).name(),
                        () -> cases.get(i)
                                .test()
                                .accept(new Met(
                                        jobs.get(i), before.get(i), ends.get(i).get()))))
                .toList()
                .stream();
    }

    /// Waits until a job has met its fault, and where it cannot go on now asks what is said of that.
    private List<Cli.Said> met(Case one, DroppedJob job, String id, Cli cli) {
        if (one.waitsForCredit()) {
            job.awaitState("WAITING_FOR_KEY", PATIENCE);
            return List.of(cli.run("watch", job.id()), cli.run("doctor", job.id()));
        }
        DroppedJob.await(PATIENCE, "the fault of " + one.name(), () -> provider.faultsOf(id) > 0);
        if (!one.folder().equals(STUCK)) {
            return List.of();
        }
        DroppedJob.await(
                PATIENCE,
                "the stuck batch",
                () -> job.segments().stream()
                        .anyMatch(segment ->
                                DroppedJob.text(segment, "provider_status").equals("finalizing")));
        return List.of(cli.run("doctor", job.id()), cli.later(OVER_A_DAY).run("doctor", job.id()));
    }

    private Cli.Said end(Case one, DroppedJob job, Cli cli) throws Exception {
        if (one.waitsForCredit()) {
            return cli.run("continue", job.id());
        }
        return one.folder().equals(STUCK)
                ? watchedAndCancelled(cli.later(OVER_A_DAY), job)
                : cli.run("watch", job.id());
    }

    /// A watch that is under way while the batch is cancelled at the provider.
    private Cli.Said watchedAndCancelled(Cli cli, DroppedJob job) throws Exception {
        StringWriter printed = new StringWriter();
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<Integer> exit = executor.submit(() -> cli.run(printed, "watch", job.id()));
            DroppedJob.await(
                    PATIENCE, "the batch to be shown", () -> printed.toString().contains("overdue:"));
            provider.cancel(job.batchIds().getFirst(), key());
            return new Cli.Said(exit.get(), Cli.words(printed));
        }
    }

    private String key() {
        try (SecretsManagerClient secrets = stack.secrets()) {
            String secret = stack.deployment().secretArn(Backend.OPENAI);
            return JSON.readTree(secrets.getSecretValue(r -> r.secretId(secret)).secretString())
                    .path("api_key")
                    .stringValue();
        }
    }

    private void aDenialThatPassesIsWaitedOut(Met met) {
        ended(met, 4, 0, 1, 0);
        assertThat(met.end().exit()).isEqualTo(ExitStatus.DONE);
    }

    private void aFileThatIsNotFoundAtTheCreateIsUploadedAgain(Met met) {
        ended(met, 4, 0, 2, 0);
        assertThat(provider.uploadsOf(met.job().id())).isEqualTo(3);
        assertThat(met.end().exit()).isEqualTo(ExitStatus.DONE);
    }

    private void aBatchThatDidNotFindItsFileIsMadeAgain(Met met) {
        ended(met, 4, 0, 2, 1);
        assertThat(provider.uploadsOf(met.job().id())).isEqualTo(3);
        assertThat(met.end().exit()).isEqualTo(ExitStatus.DONE);
    }

    private void aBatchAtTheBillingLimitWaitsForCredit(Met met) {
        waits(met, "found billing_hard_limit_reached: Billing hard limit has been reached");
        assertThat(met.before().getFirst().words()).contains("expected credit, or a higher spending limit");
        ended(met, 4, 0, 2, (int) provider.faultsOf(met.job().id()));
        assertThat(met.end().exit()).isEqualTo(ExitStatus.DONE);
    }

    private void aSpendingCapIsToldAndWaitedFor(Met met) {
        waitedForCredit(met, "Your billing account has exceeded its monthly spending cap. Please go to AI Studio");
    }

    /// A create that is refused for lack of money.
    private void waitedForCredit(Met met, String message) {
        waits(met, message);
        assertThat(met.before().getFirst().words()).contains("expected a key that it accepts, or credit");
        ended(met, 3, 0, 1, 0);
        assertThat(met.end().exit()).isEqualTo(ExitStatus.DONE);
    }

    /// Told by `watch` and `doctor`, with what to do.
    private static void waits(Met met, String message) {
        assertThat(met.before()).hasSize(2).allSatisfy(said -> {
            assertThat(said.exit()).isEqualTo(ExitStatus.JOB_FAILED);
            assertThat(said.words()).contains("KEY_REFUSED", message, "or buy credit");
        });
        assertThat(met.before().getLast().words())
                .contains("./pairbatch continue " + met.job().id());
    }

    /// About half of the requests are answered before the end.
    private void whatWasAnsweredBeforeABatchExpiredCounts(Met met) {
        List<String> failures = failures(met.job());
        int lost = failures.size();
        ended(met, 10 - lost, lost, 1, 0);
        assertThat(failures).allMatch(failure -> failure.startsWith("http_error: ") && failure.contains("expired"));
        assumeThat(lost).isBetween(1, 9);
        assertThat(met.end().exit()).isEqualTo(ExitStatus.LOSSES);
        assertThat(met.end().words())
                .contains(
                        "Done with losses: " + lost + " of 10 comparisons (" + lost + "0.0%)",
                        "Why: " + lost + " the batch ran out of time (expired, ",
                        failures.getFirst().substring("http_error: ".length()));
    }

    private void aBatchThatExpiredWithoutAnswersSaysSo(Met met) {
        ended(met, 0, 10, 1, 0);
        nothingJudged(met, 10, "EXPIRED");
    }

    private void aJobOfWhichEverythingFailedSaysSoAndWhy(Met met) {
        ended(met, 0, 6, 1, 0);
        nothingJudged(met, 6, "rror");
    }

    private void nothingJudged(Met met, int pairs, String why) {
        assertThat(failures(met.job()))
                .hasSize(pairs)
                .allMatch(failure -> failure.startsWith("http_error: ") && failure.contains(why));
        Cli.Said results = new Cli(stack, work).run("results", met.job().id());
        for (Cli.Said said : List.of(met.end(), results)) {
            assertThat(said.exit()).isEqualTo(ExitStatus.LOSSES);
            assertThat(said.words())
                    .contains(
                            "Nothing was judged: none of the " + pairs + " comparisons has a winner.",
                            "Why: " + pairs + " ",
                            failures(met.job()).getFirst().substring("http_error: ".length()));
        }
    }

    private void aBatchThatHangsIsNamedWithWhatCanBeDone(Met met) {
        ended(met, 3, 0, 1, 0);
        String hangs = "batch " + met.job().batchIds().getFirst() + " (segment 1): finalizing, ";
        String batch = hangs + "submitted ";
        String overdue = hangs + "it should have ended by ";
        assertThat(met.before().getFirst().words())
                .contains(batch, ", should end by ")
                .doesNotContain("overdue");
        assertThat(met.before().getLast().words())
                .contains(batch, "Overdue is " + overdue, "cancel it at the provider", "its answers are collected");
        assertThat(met.end().words())
                .contains("overdue: " + overdue, "wait, or cancel it at the provider")
                .contains("collected 1 of 1")
                .doesNotContain("lost");
        assertThat(met.end().exit()).isEqualTo(ExitStatus.DONE);
    }

    /// Each row is in one file, once, and has been paid once.
    ///
    /// @param batches what the registry holds, all of them paid
    /// @param unpaid those that the provider failed before anything of them ran
    private void ended(Met met, int observed, int failed, int batches, int unpaid) {
        DroppedJob job = met.job();
        assertThat(job.text("state")).isEqualTo("DONE");
        assertThat(job.text("error_code")).isEmpty();
        assertThat(job.counts()).isEqualTo(List.of(observed, failed, 0));
        assertThat(job.judged())
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, observed + failed)
                        .mapToObj(i -> "a" + i)
                        .toList());
        List<String> created = provider.batchesOf(job.id());
        assertThat(created).hasSize(batches + unpaid);
        assertThat(job.batchIds()).hasSize(batches).doesNotHaveDuplicates().isSubsetOf(created);
        assertThat(met.end().words())
                .contains((observed + failed) + " rows = " + observed + " judged + " + failed + " failed + 0 rejected");
    }

    /// Code and detail of each failed pair.
    private static List<String> failures(DroppedJob job) {
        List<String> header = List.of(
                job.file("failed_pairs.csv").lines().findFirst().orElse("").split(","));
        int code = header.indexOf("error_code");
        int detail = header.indexOf("error_detail");
        return job.records("failed_pairs.csv").stream()
                .map(pair -> pair.getField(code) + ": " + pair.getField(detail))
                .toList();
    }
}
