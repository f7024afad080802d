package io.pairbatch.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.split.SplitTotals;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineSplitTest {

    private static final String SPEC = """
            {"model": "gpt-4.1", "trait_name": "overall_quality", "batch_size": 2}
            """;

    @TempDir
    Path folder;

    @Test
    void writesWhatWouldBeSent() throws IOException {
        Path table = write("pairs.csv", "ID1,text1,ID2,text2\nA,one,B,two\nA,one,,three\nB,two,C,\nE,x,D,y\n");
        OfflineSplit.Report report = split(table);

        assertThat(report.totals().with(TableReport.NONE)).isEqualTo(new SplitTotals(4, 3, 1, 1, 2, TableReport.NONE));
        assertThat(report.totals().table().sentences())
                .containsExactly(
                        "1 row rejected: 1 missing_id (row 2)",
                        "1 row with a text that is empty or holds only blanks, which is sent as it is: row 3");
        assertThat(out("jobs_registry.csv")).isEqualTo("""
                segment_index,provider,model,batch_id,batch_input_path,batch_output_path,csv_path,pairs_path,done
                1,openai,gpt-4.1,NA,batch_01_input.jsonl,batch_01_output.jsonl,batch_01_results.csv,batch_01_pairs.jsonl,FALSE
                2,openai,gpt-4.1,NA,batch_02_input.jsonl,batch_02_output.jsonl,batch_02_results.csv,batch_02_pairs.jsonl,FALSE
                """);
        assertThat(out("batch_01_pairs.jsonl")).isEqualTo("""
                {"row":1,"pair":{"ID1":"A","text1":"one","ID2":"B","text2":"two"}}
                {"row":3,"pair":{"ID1":"B","text1":"two","ID2":"C","text2":""}}
                """);
        assertThat(out("parts/batch_01_rejected_rows.csv")).isEqualTo("2,missing_id,ID2 is empty\n");
        assertThat(out("parts/columns.json")).isEqualTo("[\"ID1\",\"text1\",\"ID2\",\"text2\"]\n");
        assertThat(out("batch_02_input.jsonl"))
                .startsWith("{\"custom_id\":\"" + report.job().token() + "-4\",\"method\":\"POST\"");
    }

    @Test
    void freezesTheJobUnderAnIdOfBothFiles() throws IOException {
        Path table = write("pairs.csv", "ID1,text1,ID2,text2\nA,one,B,two\n");
        OfflineSplit.Report first = split(table);
        try (InputStream in = Files.newInputStream(folder.resolve("out/job.json"))) {
            assertThat(ResolvedJob.read(in, Providers::options)).isEqualTo(first.job());
        }
        write("pairs.csv", "ID1,text1,ID2,text2\nA,one,B,three\n");
        assertThat(split(table).job().jobId()).isNotEqualTo(first.job().jobId());
    }

    @Test
    void anEmptyTableIsAnEmptyJob() throws IOException {
        OfflineSplit.Report report = split(write("pairs.csv", "ID1,text1,ID2,text2\n"));
        assertThat(report.segments()).isEmpty();
        assertThat(report.totals()).isEqualTo(SplitTotals.NONE);
        assertThat(out("jobs_registry.csv").lines()).hasSize(1);
    }

    @Test
    void reportsAMissingTable() {
        assertThatThrownBy(() -> split(folder.resolve("nothing.csv")))
                .isInstanceOfSatisfying(
                        JobRejectedException.class,
                        e -> assertThat(e.problems().getFirst().code()).isEqualTo(ErrorCode.INPUT_NOT_FOUND));
    }

    private OfflineSplit.Report split(Path table) throws IOException {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z"));
        return new OfflineSplit("0.1.0", clock).run(table, write("job.json", SPEC), folder.resolve("out"));
    }

    private String out(String name) throws IOException {
        return Files.readString(folder.resolve("out").resolve(name));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
