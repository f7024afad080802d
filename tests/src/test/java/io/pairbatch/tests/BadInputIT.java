package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import tools.jackson.databind.JsonNode;

/// What users read if they have dropped something that cannot be judged: one complete message, in `error.json` and in
/// the registry, and nothing is sent to the provider.
class BadInputIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;
    private static final int MAX_PAYLOAD = 32_000;

    private final TestStack stack = TestStack.shared();
    private final Provider provider = stack.provider();

    /// @param files by name, in the order in which they are dropped
    private record Case(String name, Map<String, byte[]> files, String message, String remedies) {}

    @TestFactory
    Stream<DynamicTest> sayWhatIsWrongAndSendNothing() {
        return refused().map(bad -> DynamicTest.dynamicTest(bad.name(), () -> isRefused(dropped(bad), bad)));
    }

    private static DroppedJob dropped(Case bad) {
        DroppedJob job = DroppedJob.named(TestStack.name("bad"));
        bad.files().forEach(job::put);
        return job;
    }

    private void isRefused(DroppedJob job, Case bad) {
        assertThat(job.await(PATIENCE)).isEqualTo("REJECTED");
        JsonNode error = job.json("error.json");
        assertThat(error.path("message").stringValue())
                .isEqualTo(bad.message().strip().replace("FOLDER", job.folder()));
        assertThat(job.text("error_message")).isEqualTo(error.path("message").stringValue());
        assertThat(job.text("error_code")).isEqualTo(error.path("code").stringValue());
        assertThat(error.path("problems")
                        .valueStream()
                        .map(p -> p.path("remedy").stringValue())
                        .distinct()
                        .collect(Collectors.joining("\n")))
                .isEqualTo(bad.remedies().strip());
        assertThat(error.path("problems")
                        .valueStream()
                        .map(p -> String.join(
                                "",
                                p.path("code").stringValue() + ": ",
                                p.path("where").stringValue() + ": found ",
                                p.path("found").stringValue() + "; expected ",
                                p.path("expected").stringValue()))
                        .toList())
                .isEqualTo(error.path("message")
                        .stringValue()
                        .lines()
                        .filter(line -> !line.startsWith("and "))
                        .toList());
        assertThat(error.path("state").stringValue()).isEqualTo("REJECTED");
        nothingSent(job);
        assertThat(new Executions().longestPayload(error.path("execution").stringValue()))
                .isLessThan(MAX_PAYLOAD);
    }

    private void nothingSent(DroppedJob job) {
        assertThat(provider.batchesOf(job.id())).isEmpty();
        assertThat(provider.uploadsOf(job.id())).isZero();
        assertThat(job.batchIds()).isEmpty();
        assertThat(job.has("combined_results.csv")).isFalse();
    }

    private static Stream<Case> refused() {
        return Stream.concat(wrongTables(), wrongSpecifications());
    }

    private static Stream<Case> wrongTables() {
        String good = Tables.job(10);
        String columns = "Give a table of pairs the columns ID1, text1, ID2 and text2; one of samples has ID and text,"
                + " and needs `pairing` in job.json.";
        return Stream.of(
                new Case("wrong columns", csv(good, "id1,Text1,ID2,essay\nA,x,B,y\n"), """
                        INPUT_COLUMNS: pairs.csv: found the columns id1, Text1, ID2, essay (`id1` for `ID1`, `Text1` for `text1`); expected ID1, text1, ID2 and text2; missing: ID1, text1, text2
                        """, columns),
                new Case(
                        "columns that the table has not",
                        csv(Tables.job(10, "\"columns\": {\"ID1\": \"left\"}"), "ID1,text1,ID2,text2\nA,x,B,y\n"),
                        """
                        INPUT_COLUMNS: pairs.csv: found the columns ID1, text1, ID2, text2; expected those that `columns` in job.json names: `left` for `ID1`; missing: `left`
                        """,
                        columns),
                new Case(
                        "two files",
                        files("a.csv", Tables.csv(1), "b.csv", Tables.csv(2), "job.json", good),
                        """
                        INPUT_AMBIGUOUS: inbox/FOLDER/: found more than one file beside job.json, `a.csv` and `b.csv`; expected one file of pairs (and the template that job.json names)
                        """,
                        "Keep one file of pairs in the folder; a folder is one job."),
                new Case(
                        "bad rows",
                        csv(Tables.job(10, "\"max_bad_rows\": 0"), Tables.csv(2) + "C,only two\nD,x,,y\n"),
                        """
                        INPUT_TOO_MANY_BAD_ROWS: pairs.csv: found 2 bad rows of 4, the first of them at rows 3, 4; expected 0 rows at most, as `max_bad_rows` says; to judge the other rows all the same, set `max_bad_rows` in the job file (2, or "100%" for any number)
                        """,
                        "Fix the rows that the message names; ./pairbatch split lists all of them in rejected_rows.csv."));
    }

    private static Stream<Case> wrongSpecifications() {
        String table = Tables.csv(1);
        String unknown =
                "Correct or remove the field; docs/JOB.md lists every field of job.json, docs/DESIGNS.md those in `pairing`.";
        String later = "Leave the field out: this version does not support it yet.";
        return Stream.of(
                new Case("several fields", csv("""
                        {"trait_nmae": "overall_quality", "batch_size": 5, "n_segments": 2, "notify": "a@b.c",
                         "temperature": 7, "api_key": "sk-secret"}
                        """, table), """
                        SPEC_UNKNOWN_FIELD: job.json, field `trait_nmae`: found a field that a job does not have; expected perhaps `trait_name`
                        SPEC_UNKNOWN_FIELD: job.json, field `api_key`: found a field that a job does not have; expected nothing here: keys, addresses and roles belong to the deployment, not to a job
                        SPEC_NOT_AVAILABLE: job.json, field `notify`: found the text "a@b.c"; expected nothing: nobody is told yet
                        SPEC_MISSING_FIELD: job.json, field `model`: found nothing; expected the name of a model
                        SPEC_MISSING_FIELD: job.json, field `trait_name`: found nothing; expected the trait's name
                        SPEC_INVALID_VALUE: job.json, field `temperature`: found the number 7; expected a number from 0 to 2
                        SPEC_CONFLICT: job.json, field `batch_size`: found `n_segments` beside it; expected one of the two
                        """, unknown + "\n" + later + """

                        Add the field to the job file.
                        Give the field a value of the kind and range that docs/JOB.md states, within `pairing` docs/DESIGNS.md.
                        Keep one of the contradicting fields.
                        """),
                new Case(
                        "more wrong fields than are listed",
                        csv(
                                IntStream.range(0, 40)
                                        .mapToObj(i -> "\"unheard_of_%02d%s\": 1".formatted(i, "_more".repeat(50)))
                                        .collect(Collectors.joining(
                                                ", ",
                                                "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\", ",
                                                "}")),
                                table),
                        IntStream.range(0, 20)
                                .mapToObj(i ->
                                        "SPEC_UNKNOWN_FIELD: job.json, field `unheard_of_%02d_more_more_more_more_more_m…`: found a field that a job does not have; expected a field that docs/JOB.md lists\n"
                                                .formatted(i))
                                .collect(Collectors.joining("", "", "and 20 more problems\n")),
                        unknown),
                new Case(
                        "a job.json as large as a table",
                        csv(" ".repeat(1_100_000), table),
                        """
                        SPEC_INVALID_VALUE: inbox/FOLDER/job.json: found more than 1 MiB; expected a file of 1 MiB at most
                        """,
                        "Give the field a value of the kind and range that docs/JOB.md states, within `pairing` docs/DESIGNS.md."));
    }

    @Test
    void aHeaderWithoutRowsIsAnEmptyJob() {
        DroppedJob job = DroppedJob.drop("empty", "ID1,text1,ID2,text2,topic\n", Tables.job(10));
        assertThat(job.await(PATIENCE)).isEqualTo("DONE");
        assertThat(job.counts()).isEqualTo(List.of(0, 0, 0));
        assertThat(job.file("combined_results.csv"))
                .contains("topic")
                .endsWith("\n")
                .hasLineCount(1);
        assertThat(job.has("summary.json")).isTrue();
        assertThat(job.text("rows_read")).isEqualTo("0");
        assertThat(provider.batchesOf(job.id())).isEmpty();
        assertThat(provider.uploadsOf(job.id())).isZero();
    }

    /// The secret is shared, so this is one test, and the key is restored in any case.
    @Test
    void withoutAKeyTheJobWaitsAndContinuesWhenTheFileIsDroppedAgain() {
        String secret = stack.deployment().secretArn(Backend.OPENAI);
        try (SecretsManagerClient secrets = stack.secrets()) {
            String right = secrets.getSecretValue(r -> r.secretId(secret)).secretString();
            DroppedJob job = DroppedJob.named(TestStack.name("key"));
            try {
                secrets.putSecretValue(r -> r.secretId(secret).secretString("{\"api_key\":\"\"}"));
                waitsForKey(job, """
                        KEY_MISSING: secret SECRET: found no `api_key`; expected JSON {"api_key": "…"} with the provider's key
                        """);
                secrets.putSecretValue(r -> r.secretId(secret).secretString("{\"api_key\":\"sk-wrong\"}"));
                waitsForKey(job, """
                        KEY_REFUSED: the provider, uploading batch_01_input.jsonl: found HTTP 401 invalid_api_key: Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.; expected a key that it accepts
                        """);
            } finally {
                secrets.putSecretValue(r -> r.secretId(secret).secretString(right));
            }
            drop(job);
            job.awaitState("DONE", PATIENCE);
            assertThat(provider.batchesOf(job.id())).hasSize(2).containsExactlyInAnyOrderElementsOf(job.batchIds());
            assertThat(job.has("error.json")).isFalse();
            assertThat(job.text("error_message")).isEmpty();
            assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(5);
        }
    }

    private static void drop(DroppedJob job) {
        job.put("job.json", Tables.job(3));
        job.put("pairs.csv", Tables.csv(5));
    }

    private void waitsForKey(DroppedJob job, String message) {
        drop(job);
        String expected = message.strip().replace("SECRET", stack.deployment().secretArn(Backend.OPENAI));
        job.awaitState("WAITING_FOR_KEY", PATIENCE);
        job.awaitText("error_message", expected, PATIENCE);
        JsonNode error = job.json("error.json");
        assertThat(error.path("message").stringValue()).isEqualTo(expected);
        assertThat(error.path("resumable").booleanValue()).isTrue();
        nothingSent(job);
    }

    @Test
    void badRowsAreListedAndTheRestIsJudged() throws IOException {
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        table.writeBytes(
                "\uFEFFID1,text1,ID2,text2\r\nA,one,B,two\r\nA,ragged,B\r\nA,".getBytes(StandardCharsets.UTF_8));
        table.write(0xFF);
        table.writeBytes(",B,two\r\nA,NA,B,two\r\n,one,B,two\r\nC,\"three, and\",D,four\r\nE,\"open,F,six\r\n"
                .getBytes(StandardCharsets.UTF_8));
        DroppedJob csv =
                DroppedJob.drop("rows", "pairs.csv", table.toByteArray(), Tables.job(10, "\"max_bad_rows\": \"100%\""));
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write("""
                    {"ID1": "A", "text1": "one", "ID2": "B", "text2": "two"}
                    {"ID1": "A", "text1": "one", "ID2": "B"}
                    {"ID1": "A", "text1":
                    {"ID1": "", "text1": "one", "ID2": "B", "text2": "two"}
                    ["A", "one", "B", "two"]
                    {"ID1": "C", "text1": "one", "ID2": "D", "text2": "\u00e9"}
                    """.getBytes(StandardCharsets.UTF_8));
        }
        DroppedJob jsonl = DroppedJob.drop("rows", "pairs.jsonl.gz", zipped.toByteArray(), Tables.job(10));

        assertThat(csv.await(PATIENCE)).isEqualTo("DONE");
        assertThat(csv.file("rejected_rows.csv")).isEqualTo("""
                row,reason,detail
                2,ragged_row,3 fields instead of 4
                3,invalid_utf8,byte 3 of the row
                4,missing_text,text1 is missing
                5,missing_id,ID1 is empty
                7,unparseable_row,a quote opens and does not close
                """);
        assertConserved(csv, 2, 5);
        assertThat(jsonl.await(PATIENCE)).isEqualTo("DONE");
        assertThat(jsonl.records("rejected_rows.csv").stream().map(r -> r.getField(0) + " " + r.getField(1)))
                .containsExactly("2 missing_text", "3 unparseable_row", "4 missing_id", "5 unparseable_row");
        assertConserved(jsonl, 2, 4);
    }

    private void assertConserved(DroppedJob job, int accepted, int rejected) {
        List<Integer> counts = job.counts();
        assertThat(counts.get(0) + counts.get(1)).isEqualTo(accepted);
        assertThat(counts.get(2)).isEqualTo(rejected);
        assertThat(job.text("rows_read")).isEqualTo(Integer.toString(accepted + rejected));
        assertThat(job.text("rows_rejected")).isEqualTo(Integer.toString(rejected));
        assertThat(provider.batchesOf(job.id())).hasSize(1).isEqualTo(job.batchIds());
    }

    private static Map<String, byte[]> csv(String jobJson, String table) {
        return files("job.json", jobJson, "pairs.csv", table);
    }

    private static Map<String, byte[]> files(String... namesAndTexts) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            files.put(namesAndTexts[i], namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return files;
    }
}
