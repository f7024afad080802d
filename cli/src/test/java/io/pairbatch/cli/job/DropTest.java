package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DropTest {

    private final MemoryBucket bucket = new MemoryBucket();

    @TempDir
    private Path folder;

    private Path data = Path.of("");

    @BeforeEach
    void writeFiles() throws IOException {
        data = write("My Essays/pairs.csv", "ID1,text1,ID2,text2\na,b,c,d\n");
        write("My Essays/job.json", "{\"model\": \"gpt-4.1\"}\n");
    }

    @Test
    void storesTheDataFileLast() throws IOException {
        write("My Essays/job.json", "{\"model\": \"gpt-4.1\", \"prompt_template\": \"words/mine.txt\"}");
        write("My Essays/words/mine.txt", "{SAMPLE_1} {SAMPLE_2}");

        drop(Map.of());

        assertThat(bucket.written())
                .containsExactly(
                        "inbox/my-essays/job.json", "inbox/my-essays/words/mine.txt", "inbox/my-essays/pairs.csv");
    }

    @Test
    void storesTheJobFileByteForByte() throws IOException {
        drop(Map.of());

        assertThat(bucket.text("inbox/my-essays/job.json")).isEqualTo("{\"model\": \"gpt-4.1\"}\n");
    }

    @Test
    void putsSettingsOverTheJobFile() throws IOException {
        drop(new java.util.TreeMap<>(Map.of("model", "gpt-5.1", "run", "2", "notes", "a=b", "temperature", "0.25")));

        assertThat(bucket.text("inbox/my-essays/job.json"))
                .isEqualToIgnoringWhitespace(
                        "{\"model\": \"gpt-5.1\", \"notes\": \"a=b\", \"run\": 2, \"temperature\": 0.25}");
    }

    /// A whole job is dropped as it was frozen, but for what the frame says and what a later drop has changed.
    @Test
    void theFailedPairsOfAJobAreDroppedWithTheFrozenJobThatLiesBesideThem() throws IOException {
        data = write("results/essays-3f2a91bc/failed_pairs.csv", "ID1,text1,ID2,text2\na,b,c,d\n");
        write("results/essays-3f2a91bc/job.json", """
                {"job_id": "essays-3f2a91bc", "created_at": "2026-11-22T17:00:00Z", "pairbatch_version": "0.1.0",
                 "source": {"bucket": "b", "key": "k", "version": null, "etag": "e", "size": 1},
                 "prompt_template_sha256": "00", "spec": {"model": "gpt-4.1", "limit": 25, "interval_seconds": 60}}
                """);
        write("results/essays-3f2a91bc/policy.json", """
                {"job_id": "essays-3f2a91bc", "spec": {"interval_seconds": 30}}
                """);

        drop(Map.of("run", "2"));

        assertThat(bucket.written())
                .containsExactly("inbox/essays-retry/job.json", "inbox/essays-retry/failed_pairs.csv");
        assertThat(bucket.text("inbox/essays-retry/job.json"))
                .isEqualToIgnoringWhitespace("{\"model\": \"gpt-4.1\", \"interval_seconds\": 30, \"run\": 2}");
    }

    @Test
    void theFrozenJobOfAnotherTableKeepsItsLimit() throws IOException {
        write("My Essays/job.json", """
                {"job_id": "essays-3f2a91bc", "spec": {"model": "gpt-4.1", "limit": 25}}
                """);
        drop(Map.of());
        assertThat(bucket.text("inbox/my-essays/job.json"))
                .isEqualToIgnoringWhitespace("{\"model\": \"gpt-4.1\", \"limit\": 25}");
    }

    @Test
    void aSettingSaysAloneHowToSplit() throws IOException {
        write("My Essays/job.json", "{\"model\": \"m\", \"batch_size\": 100, \"n_segments\": null}");
        drop(Map.of("n_segments", "6"));
        assertThat(bucket.text("inbox/my-essays/job.json"))
                .isEqualToIgnoringWhitespace("{\"model\": \"m\", \"n_segments\": 6}");

        write("My Essays/job.json", "{\"model\": \"m\", \"n_segments\": 6}");
        drop(Map.of("batch_size", "100"));
        assertThat(bucket.text("inbox/my-essays/job.json"))
                .isEqualToIgnoringWhitespace("{\"model\": \"m\", \"batch_size\": 100}");
    }

    @Test
    void bothWaysToSplitOnTheCommandLineStayForTheStackToRefuse() throws IOException {
        drop(new java.util.TreeMap<>(Map.of("batch_size", "2", "n_segments", "6")));
        assertThat(bucket.text("inbox/my-essays/job.json")).contains("batch_size", "n_segments");
    }

    @Test
    void aSettingOfNullRemovesTheField() throws IOException {
        write("My Essays/job.json", "{\"model\": \"m\", \"limit\": 25, \"batch_size\": 3}");
        drop(new java.util.TreeMap<>(Map.of("limit", "null", "n_segments", "null")));
        assertThat(bucket.text("inbox/my-essays/job.json"))
                .isEqualToIgnoringWhitespace("{\"model\": \"m\", \"batch_size\": 3}");
    }

    @Test
    void leavesAFileOutsideOfTheJobsFolderAlone() throws IOException {
        write("secret.txt", "{SAMPLE_1}");
        write("My Essays/job.json", "{\"prompt_template\": \"../secret.txt\"}");

        drop(Map.of());

        assertThat(bucket.written()).noneMatch(key -> key.contains("secret"));
    }

    @Test
    void dropsTheSameFilesIntoTheSameFolder() throws IOException {
        assertThat(drop(Map.of()).known()).isFalse();
        assertThat(drop(Map.of())).isEqualTo(new Drop.Folder("inbox/my-essays/", true));
    }

    @Test
    void neverMixesTwoJobsInOneFolder() throws IOException {
        drop(Map.of());
        assertThat(drop(Map.of("run", "2")).prefix()).isEqualTo("inbox/my-essays-2/");
        assertThat(drop(Map.of("run", "3")).prefix()).isEqualTo("inbox/my-essays-3/");
        assertThat(drop(Map.of("run", "2")).prefix()).isEqualTo("inbox/my-essays-2/");
    }

    @Test
    void aLargerSampleAndAnotherWayToWorkAreTheSameJob() throws IOException {
        drop(Map.of("limit", "20"));
        assertThat(drop(Map.of("limit", "200"))).isEqualTo(new Drop.Folder("inbox/my-essays/", true));
        assertThat(drop(Map.of("interval_seconds", "30"))).isEqualTo(new Drop.Folder("inbox/my-essays/", true));
        assertThat(drop(Map.of("limit", "200", "temperature", "0.5")).prefix()).isEqualTo("inbox/my-essays-2/");
    }

    @Test
    void refusesANameThatAnotherJobHas() throws IOException {
        drop(Map.of());
        Drop drop = DropBuilder.build(data, null, Map.of("run", "2"), "my-essays");

        assertThatThrownBy(() -> drop.chooseFolder(bucket, true))
                .hasMessageContaining("holds the files of another job");
    }

    @Test
    void aMemberOfAFieldIsSetAndTheOthersStay() throws IOException {
        Path table = write("samples/samples.csv", "ID,text\na,x\nb,y\n");
        write("samples/job.json", "{\"model\": \"m\", \"pairing\": {\"design\": \"all\", \"seed\": 3}}");
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("pairing.design", "per_sample");
        settings.put("pairing.k", "10");
        settings.put("labels.wave", "two");

        assertThat(fields(table, settings).toString())
                .isEqualTo("{\"model\":\"m\",\"pairing\":{\"design\":\"per_sample\",\"seed\":3,\"k\":10},"
                        + "\"labels\":{\"wave\":\"two\"}}");

        assertThat(fields(table, Map.of("pairing", "{\"design\": \"random\"}")).path("pairing"))
                .hasToString("{\"design\":\"random\"}");
        assertThat(fields(table, Map.of("pairing", "null")).has("pairing")).isFalse();
    }

    /// A failed pair of a design stands in a table of pairs.
    @Test
    void theFailedPairsOfADesignAreATableOfPairs() throws IOException {
        write(
                "essays-0123abcd/job.json",
                "{\"job_id\": \"essays-0123abcd\", \"spec\": {\"model\": \"m\", \"pairing\": {\"design\": \"all\"},"
                        + " \"both_orders\": true}}");
        Path samples = write("essays-0123abcd/samples.csv", "ID,text\na,x\n");
        Path failed = write("essays-0123abcd/failed_pairs.csv", "ID1,text1,ID2,text2\na,x,b,y\n");

        assertThat(fields(samples, Map.of()).has("pairing")).isTrue();
        assertThat(fields(failed, Map.of()).has("pairing")).isFalse();
        assertThat(fields(samples, Map.of()).path("both_orders").asBoolean()).isTrue();
        assertThat(fields(failed, Map.of()).path("both_orders").asBoolean(true))
                .as("each is one comparison")
                .isFalse();
    }

    private static JsonNode fields(Path table, Map<String, String> settings) throws IOException {
        Drop drop = DropBuilder.build(table, null, settings, null);
        return Json.MAPPER.readTree(((Drop.FileToDrop.InMemory) drop.files().getFirst()).content());
    }

    @Test
    void callsTheJobAfterTheFile() throws IOException {
        Path named = write("Group B (final).jsonl.gz", "x");

        assertThat(DropBuilder.build(named, null, Map.of("model", "m"), null).name())
                .isEqualTo("group-b-final");
    }

    @Test
    void refusesWhatWouldOnlyWasteAWait() throws IOException {
        assertRefused(folder.resolve("none.csv"), Map.of(), "There is no file");
        assertRefused(write("empty.csv", ""), Map.of("model", "m"), "is empty.");
        assertRefused(write("alone/a.csv", "x"), Map.of(), "There is no job.json beside");
        assertRefused(folder, Map.of("model", "m"), "is a folder, not a file.");
    }

    @Test
    void aJobFileThatIsNoObjectIsToldInTheWordsOfAJob() throws IOException {
        Map<String, String> found = Map.of(
                "{\"model\": \"x\",\n  oops}", "job.json, line 2, column 3: found a name or text without quotes;",
                "{\"model\": \"x\",\n}", "job.json, line 1, column 14: found a comma after the last field or value;",
                "[]", "job.json: found JSON that is not an object;",
                "{} {}", "found text after the object;");
        for (Map.Entry<String, String> each : found.entrySet()) {
            write("My Essays/job.json", each.getKey());
            assertThatThrownBy(() -> DropBuilder.build(data, null, Map.of("run", "2"), null))
                    .isInstanceOf(JobRejectedException.class)
                    .hasMessageStartingWith("SPEC_NOT_JSON: ")
                    .hasMessageContaining(each.getValue());
        }
    }

    private static void assertRefused(Path file, Map<String, String> settings, String message) {
        assertThatThrownBy(() -> DropBuilder.build(file, null, settings, null))
                .isInstanceOf(CliException.class)
                .hasMessageContaining(message);
    }

    private Drop.Folder drop(Map<String, String> settings) throws IOException {
        Drop drop = DropBuilder.build(data, null, settings, null);
        Drop.Folder chosen = drop.chooseFolder(bucket, false);
        drop.into(bucket, chosen.prefix());
        return chosen;
    }

    private Path write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }
}
