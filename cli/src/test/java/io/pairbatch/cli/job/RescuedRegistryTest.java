package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.fault.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Registries as the R package writes them, and what is wrong with others.
class RescuedRegistryTest {

    /// By readr 2.1.4, from a data frame as pairwiseLLM 1.3.0 makes it.
    private static final String HEADER =
            "segment_index,provider,model,batch_id,batch_input_path,batch_output_path,csv_path,pairs_path,done\n";

    @TempDir
    private Path folder;

    private RescuedRegistry read(String text) throws IOException {
        return RescuedRegistry.read(Files.writeString(folder.resolve("jobs_registry.csv"), text));
    }

    private static String line(int segment, String provider, String model, String id, String done) {
        return segment + "," + provider + "," + model + "," + id + ",\"out, 1/batch_0" + segment
                + "_input.jsonl\",\"out, 1/batch_0" + segment + "_output.jsonl\",NA,out/batch_0" + segment
                + "_pairs.rds,"
                + done + "\n";
    }

    private static String openAi(int segment, String id) {
        return line(segment, "openai", "gpt-4.1", id, "FALSE");
    }

    private void refused(String text, String... words) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(CliException.class).hasMessageContainingAll(words);
    }

    @Test
    void whatTheRPackageWritesIsReadWithQuotesMissingValuesAndFlags() throws IOException {
        RescuedRegistry registry = read(HEADER
                + line(2, "anthropic", "claude-sonnet-4-5", "NA", "FALSE")
                + line(1, "anthropic", "claude-sonnet-4-5", "msgbatch_1", "TRUE"));
        assertThat(registry.provider()).isEqualTo(Backend.ANTHROPIC);
        assertThat(registry.model()).isEqualTo("claude-sonnet-4-5");
        assertThat(registry.batches())
                .containsExactly(
                        new RescuedRegistry.Batch(1, "msgbatch_1", "batch_01_input.jsonl", true),
                        new RescuedRegistry.Batch(2, null, "batch_02_input.jsonl", false));
    }

    @Test
    void namesOfColumnsAndFlagsOfOtherProgramsAreReadAlike() throws IOException {
        RescuedRegistry registry =
                read("\uFEFFDone,Batch.ID,Model,Provider,Segment index\r\nTrue,b1,m,OpenAI,1\r\n,,m,OpenAI,2\r\n");
        assertThat(registry.batches())
                .containsExactly(
                        new RescuedRegistry.Batch(1, "b1", null, true),
                        new RescuedRegistry.Batch(2, null, null, false));
    }

    @Test
    void eachThingThatIsWrongIsNamed() {
        refused(HEADER, "names no batches");
        refused(HEADER + openAi(1, "NA"), "nothing was sent");
        refused(HEADER + openAi(1, "b1") + openAi(3, "b3"), "no segment 2");
        refused(HEADER + openAi(1, "b1") + openAi(1, "b2"), "segment 1 twice");
        refused(HEADER + openAi(1, "b1") + openAi(2, "b1"), "batch b1 twice", "segment 2");
        refused(HEADER + openAi(1, "b 1"), "line 2", "batch_id");
        refused(HEADER + "x" + openAi(1, "b1"), "line 2", "segment_index is `x1`");
        refused(
                HEADER + openAi(1, "b1") + line(2, "gemini", "gpt-4.1", "b2", "FALSE"),
                "more than one provider",
                "gemini (segments 2)");
        refused(
                HEADER + openAi(1, "b1") + line(2, "openai", "gpt-5", "b2", "FALSE"),
                "more than one model",
                "gpt-5 (segments 2)");
        refused(HEADER + line(1, "mistral", "m", "b1", "FALSE"), "`mistral`");
        refused("segment_index,provider,model\n1,openai,m\n", "has no batch_id");
        refused("segment_index,provider,batch_id\n1,openai,b\n", "has no model");
        assertThatThrownBy(() -> RescuedRegistry.read(folder.resolve("none.csv")))
                .hasMessageContaining("no file");
    }

    @Test
    void theRowsFollowTheRPackagesRule() {
        assertThat(new RescuedRows(10, 4).of(3, null)).containsExactly(3, 3, 3, 1);
        assertThat(new RescuedRows(10, 4).of(null, 4)).containsExactly(3, 3, 2, 2);
        assertThat(new RescuedRows(2, 4).of(null, 4)).containsExactly(1, 1, 0, 0);
        assertThat(new RescuedRows(7, 1).only()).containsExactly(7);
        assertThat(new RescuedRows(3, 3).only()).containsExactly(1, 1, 1);
        assertThatThrownBy(() -> new RescuedRows(10, 4).of(2, null))
                .hasMessageContainingAll("4 segments", "batches of 2 make 5");
        assertThatThrownBy(() -> new RescuedRows(10, 4).of(null, 5)).hasMessageContainingAll("4 segments", "make 5");
        assertThatThrownBy(() -> new RescuedRows(10, 4).only())
                .hasMessageContainingAll("--n-segments 4 (3, 3, 2, 2)", "--batch-size 3 (3, 3, 3, 1)");
    }

    @Test
    void theFilesThatWereSentSayHowManyRequestsEachBatchHas() throws IOException {
        Files.writeString(
                folder.resolve("batch_01_input.jsonl"),
                "{\"custom_id\":\"a\",\"body\":{\"x\":[1]}}\n{\"custom_id\":\"b\"}\n");
        Files.writeString(
                folder.resolve("batch_02_input.jsonl"),
                "{\n  \"requests\": [\n    {\"custom_id\": \"c\"},\n    {\"custom_id\": \"d\"}, {\"custom_id\": \"e\"}\n  ]\n}\n");
        List<RescuedRegistry.Batch> batches = List.of(
                new RescuedRegistry.Batch(1, "b1", "batch_01_input.jsonl", false),
                new RescuedRegistry.Batch(2, "b2", "batch_02_input.jsonl", false));
        assertThat(new RescuedRows(5, 2).ofFiles(folder, batches)).containsExactly(2, 3);
        assertThatThrownBy(() -> new RescuedRows(6, 2).ofFiles(folder, batches)).hasMessageContaining("5 requests");
        Files.delete(folder.resolve("batch_02_input.jsonl"));
        assertThat(new RescuedRows(5, 2).ofFiles(folder, batches)).isNull();
    }
}
