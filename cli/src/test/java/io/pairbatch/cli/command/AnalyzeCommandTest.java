package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.analysis.AnalysisFiles;
import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `analyze` says and writes, and what it refuses.
class AnalyzeCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path results;
    private Path to;

    /// Three texts in a circle with two judgements each, one that never lost, and two that nothing connects to
    /// them.
    @BeforeEach
    void someResults() throws IOException {
        results = Files.writeString(folder.resolve("combined_results.csv"), """
                text1,text2,A_id,B_id,better_id,ID1,ID2,winner_pos,judge
                "a ""text"", with quotes",t,007,b,007,007,b,1,m
                t,t,b,007,007,b,007,2,m
                t,t,b,NA1,b,b,NA1,1,m
                t,t,NA1,007,NA1,NA1,007,1,m
                t,t,007,NA1,007,007,NA1,1,m
                t,t,"NA",b,"NA","NA",b,1,m
                t,t,x,y,x,x,y,1,m
                t,t,007,b,b,007,b,2,n
                """);
        to = folder.resolve("analysis");
    }

    @Test
    void aRankingIsWrittenAndItsEndsAreShown() throws IOException {
        assertThat(analyze()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(said())
                .startsWith("8 judgements of 6 samples in 5 pairs, by 2 judges")
                .contains("RANK ID ABILITY 95% INTERVAL RANK BETWEEN WON 1 NA ")
                .contains("never lost: 2 (NA, x)", "never won: 1 (y)", "not connected: 2 (x, y)")
                .contains("agreement, judge m with itself, in the other order: 50% of 2 pairs")
                .contains("agreement, judges m and n: 0% of 1 pair")
                .contains("Files in " + to + ": ranking.csv");
        List<String> ranking = Files.readAllLines(to.resolve(AnalysisFiles.RANKING));
        assertThat(ranking.getFirst())
                .isEqualTo("rank,ID,component,ability,ability_se,ability_br,se,se_clustered,lwr,upr,rank_lwr,rank_upr,"
                        + "comparisons,wins,infit,outfit,flag");
        assertThat(ranking.get(1)).startsWith("1,\"NA\",1,NA,NA,").endsWith(",never lost");
        assertThat(ranking).hasSize(7);
        assertThat(Files.readAllLines(to.resolve(AnalysisFiles.CONSISTENCY)))
                .containsExactly(
                        "judge,key,better_id_main,ID1_main,ID2_main,n_main_votes,n_main_A,n_main_B,is_main_tie,"
                                + "better_id_rev,ID1_rev,ID2_rev,n_rev_votes,n_rev_A,n_rev_B,is_rev_tie,is_consistent,"
                                + "winner_pos_main,winner_pos_rev,is_pos1_bias,is_pos2_bias",
                        "m,007||NA1,NA1,NA1,007,1,1,0,FALSE,007,007,NA1,1,1,0,FALSE,FALSE,pos1,pos1,TRUE,FALSE",
                        "m,007||b,007,007,b,1,1,0,FALSE,007,b,007,1,0,1,FALSE,TRUE,pos1,pos2,NA,NA");
        assertThat(Files.readAllLines(to.resolve(AnalysisFiles.POSITION)).get(2))
                .startsWith("n,NA,NA,")
                .contains("not scoreable: no pair has a winner in both orders");
        JsonNode fit =
                JsonMapper.shared().readTree(to.resolve(AnalysisFiles.FIT).toFile());
        assertThat(fit.path("components_in_all").asInt()).isEqualTo(2);
        assertThat(fit.path("flagged").path("never_lost").path("first").path(0).asString())
                .isEqualTo("NA");
    }

    @Test
    void theSameCommandWritesTheSameBytesAndReplacesThem() throws IOException {
        assertThat(analyze()).isEqualTo(ExitStatus.DONE);
        List<String> first = contents();
        assertThat(analyze()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(contents()).isEqualTo(first);
        try (Stream<Path> files = Files.list(to)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrderElementsOf(AnalysisFiles.ALL);
        }
    }

    private List<String> contents() throws IOException {
        List<String> contents = new ArrayList<>();
        for (String name : AnalysisFiles.ALL) {
            contents.add(Files.readString(to.resolve(name)));
        }
        return contents;
    }

    @Test
    void filesOfOthersAreKept() throws IOException {
        Files.createDirectories(to);
        Files.writeString(to.resolve("ranking.csv"), "mine");
        assertThat(analyze()).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("has files of these names that no analysis has written: ranking.csv");
        Files.writeString(to.resolve("fit.json"), "{\"made_by\": \"hand\"}");
        assertThat(analyze()).isEqualTo(ExitStatus.USAGE);
        assertThat(to.resolve("ranking.csv")).hasContent("mine");
        assertThat(analyze("--out", results.toString())).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("is a file, not a folder");
    }

    @Test
    void aFolderStandsForItsJudgements() throws IOException {
        assertThat(execute("analyze", folder.toString())).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(to.resolve(AnalysisFiles.FIT)).content().contains("combined_results.csv");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThat(execute("analyze", empty.toString())).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("has no judgements.csv.gz and no combined_results.csv");
    }

    @Test
    void twoSamplesAreComparedOnDemand() {
        assertThat(analyze("--versus", "007", "b")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(said()).containsPattern("007 beats b with a probability of \\d+% \\(95%: \\d+% to \\d+%\\)");
        assertThat(analyze("--versus", "007", "x")).isEqualTo(ExitStatus.DONE);
        assertThat(said()).contains("007 and x are not on one scale");
        assertThat(analyze("--versus", "007", "7")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("there is no sample \"7\"");
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        Files.writeString(results, "ID1,ID2,better_id\na,b,a\na,b,z\n");
        assertThat(analyze()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString())
                .contains(
                        "combined_results.csv, row 2 (line 3), column better_id: found \"z\"; expected \"a\" or \"b\".");
        Files.writeString(results, "ID1,ID2,better_id\na,b,NA\n");
        assertThat(analyze()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("says which of two samples is better");
        assertThat(analyze("--judge", "who")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("has no column who");
        assertThat(execute("analyze", folder.resolve("none.csv").toString())).isEqualTo(ExitStatus.USAGE);
        assertThat(to).doesNotExist();
    }

    private String said() {
        return out.toString().replaceAll("\\s+", " ");
    }

    private int analyze(String... more) {
        String[] all = Stream.concat(Stream.of("analyze", results.toString()), Arrays.stream(more))
                .toArray(String[]::new);
        return execute(all);
    }

    private int execute(String... args) {
        return new NoStack(folder, out, err, new FakeLive(Deployed.STACK)).execute(args);
    }
}
