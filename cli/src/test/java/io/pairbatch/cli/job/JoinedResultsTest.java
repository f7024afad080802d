package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cli.fault.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinedResultsTest {

    private static final String HEADER = "ID1,\"a \"\"line\nbreak\",better_id\n";

    private static final String TEXTS = "text1,text2,ID1,ID2\n";
    private static final String FAILED = "ID1,text1,ID2,text2,error_code,error_detail\n";

    private static final String SUMMARY = "{\"resolved\": {\"ambiguous\": \"take\", \"tag_mode\": \"%s\"}}";

    @TempDir
    private Path folder;

    @Test
    void theRowsStandOneJobAfterTheOtherAsTheyAre() throws IOException {
        JoinedResults.Joined joined = JoinedResults.join(
                List.of(
                        job("one", HEADER + "a,\"x\ny\",a\nNA,\"NA\",b\n"),
                        job("none", HEADER),
                        job("two", HEADER + "c,,c\n")),
                folder);
        assertThat(joined.judged()).isEqualTo(3);
        assertThat(folder.resolve("combined_results.csv")).hasContent(HEADER + "a,\"x\ny\",a\nNA,\"NA\",b\nc,,c\n");
    }

    @Test
    void otherColumnsAreJoinedByTheirNames() throws IOException {
        Path one = job("one", HEADER + "a,\"x,\"\"\ny\",a\n");
        Path two = job("two", "better_id,order,ID1\n\"NA\",2,c\nNA,,\"d\"\n");

        JoinedResults.Joined joined = JoinedResults.join(List.of(one, two, job("three", HEADER)), folder);

        assertThat(joined.judged()).isEqualTo(3);
        assertThat(joined.partial()).containsExactly("a \"line\nbreak", "order");
        assertThat(folder.resolve("combined_results.csv")).hasContent("""
                ID1,"a ""line
                break",better_id,order
                a,"x,""
                y",a,NA
                c,NA,"NA",2
                "d",NA,NA,
                """);
    }

    @Test
    void onlyAnotherOrderOfTheColumnsIsNotTold() throws IOException {
        Path one = job("one", "ID1,ID2\na,b\n");
        JoinedResults.Joined joined = JoinedResults.join(List.of(one, job("two", "ID2,ID1\nc,d\n")), folder);
        assertThat(joined.partial()).isEmpty();
        assertThat(folder.resolve("combined_results.csv")).hasContent("ID1,ID2\na,b\nd,c\n");
    }

    /// With `pairing` the results hold no texts, and `failed_pairs.csv` does.
    @Test
    void jobsOfWhichOneHoldsNoTextsAreComparedByTheirIds() throws IOException {
        Path one = job("one", TEXTS + "x,y,a,b\n");
        Files.writeString(one.resolve("failed_pairs.csv"), FAILED + "a,x,c,z,timeout,\n");
        Path two = job("two", "ID1,ID2\na,c\n");
        Files.writeString(
                two.resolve("failed_pairs.csv"),
                "ID1,text1,ID1.grade,ID2,text2,error_code,error_detail\nb,y,5,c,z,refused,\"no\n\"\n");

        JoinedResults.Joined joined = JoinedResults.join(List.of(one, two), folder);

        assertThat(joined.texts()).isNull();
        assertThat(joined.partial()).containsExactly("text1", "text2", "ID1.grade");
        assertThat(folder.resolve("combined_results.csv")).hasContent("text1,text2,ID1,ID2\nx,y,a,b\nNA,NA,a,c\n");
        // What a table of ours is known by stays at its end.
        assertThat(folder.resolve("failed_pairs.csv"))
                .hasContent("ID1,text1,ID2,text2,ID1.grade,error_code,error_detail\nb,y,c,z,5,refused,\"no\n\"\n");
        assertThat(joined.open()).isEqualTo(1);
    }

    @Test
    void aJobWithoutResultsIsNamed() throws IOException {
        List<Path> jobs = List.of(job("one", HEADER), Files.createDirectory(folder.resolve("two")));
        assertThatThrownBy(() -> JoinedResults.join(jobs, folder))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("combined_results.csv is not there");
    }

    @Test
    void answersReadByOtherRulesAreNotJoined() throws IOException {
        Path silent = job("silent", HEADER);
        Path last = job("last", HEADER);
        Files.writeString(last.resolve("summary.json"), SUMMARY.formatted("last"));
        Path alike = job("alike", HEADER);
        Files.writeString(alike.resolve("summary.json"), SUMMARY.formatted("last"));
        assertThat(JoinedResults.join(List.of(silent, last, alike), folder).judged())
                .isZero();
        Files.delete(folder.resolve("combined_results.csv"));

        Files.writeString(alike.resolve("summary.json"), SUMMARY.formatted("exact"));
        assertThatThrownBy(() -> JoinedResults.join(List.of(last, silent, alike), folder))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("different rules: those of last with tag_mode \"last\", ambiguous \"take\","
                        + " those of alike with tag_mode \"exact\", ambiguous \"take\".");
        assertThat(folder.resolve("combined_results.csv")).doesNotExist();
    }

    @Test
    void jobsThatAskOtherThingsAreNotOneScale() throws IOException {
        List<Path> jobs = List.of(job("one", HEADER), job("two", HEADER), job("three", HEADER));
        String summary = "{\"resolved\": {\"trait_name\": \"%s\", \"run\": %d, \"pairing\": {\"k\": %2$d}}}";
        Files.writeString(jobs.get(0).resolve("summary.json"), summary.formatted("clarity", 1));
        // An older summary does not name what newer ones do.
        Files.writeString(
                jobs.get(1).resolve("summary.json"),
                summary.formatted("clarity", 2).replace("\"run\"", "\"both_orders\": false, \"repeats\": 1, \"run\""));
        Files.writeString(jobs.get(2).resolve("summary.json"), summary.formatted("style", 1));
        assertThat(JoinedResults.join(jobs.subList(0, 2), folder).judged()).isZero();
        assertThatThrownBy(() -> JoinedResults.join(jobs, folder))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("judge in different ways: they differ in trait_name");
    }

    @Test
    void whatFailedIsListedOnceUnlessAnotherJobJudgedIt() throws IOException {
        Path one = job("one", TEXTS + "x,y,a,b\nx,z,a,c\n");
        Files.writeString(one.resolve("failed_pairs.csv"), FAILED + """
                a,x,d,u,timeout,
                a,x,e,v,timeout,"two
                lines"
                a,x,b,y,timeout,
                """);
        // It judges the pair of a and d, in vain that of a and e; a and b stand twice in the first one, judged once.
        Path two = job("two", TEXTS + "x,u,a,d\n");
        Files.writeString(two.resolve("failed_pairs.csv"), FAILED + "a,x,e,v,refused,no\n");

        JoinedResults.Joined joined = JoinedResults.join(List.of(one, two), folder);

        assertThat(joined.judged()).isEqualTo(3);
        assertThat(joined.failed()).isEqualTo(4);
        assertThat(joined.open()).isEqualTo(2);
        assertThat(folder.resolve("failed_pairs.csv")).hasContent(FAILED + "a,x,b,y,timeout,\na,x,e,v,refused,no\n");
        assertThat(joined.texts()).isEmpty();
    }

    @Test
    void anIdWithTwoTextsIsNamedWithItsComparisons() throws IOException {
        Path one = job("one", TEXTS + "x,y,a,b\nx,z,a,c\ny,z,b,c\n");
        Path two = job("two", TEXTS + "x,y,a,b\nmended,y,a,b\n");

        assertThat(JoinedResults.join(List.of(one, two), folder).texts())
                .containsExactly(Map.entry("a", "2 in one, 1 in two, 1 in two"));
    }

    @Test
    void jobsWithoutTextsAreComparedByTheirIds() throws IOException {
        Path one = job("one", "ID1,ID2\na,b\n");
        Files.writeString(one.resolve("failed_pairs.csv"), FAILED + "a,x,c,z,timeout,\na,x,d,u,timeout,\n");
        Path two = job("two", "ID1,ID2\n'-1,d\na,c\n");
        Files.writeString(two.resolve("failed_pairs.csv"), FAILED + "-1,x,d,u,timeout,\n");

        JoinedResults.Joined joined = JoinedResults.join(List.of(one, two), folder);

        assertThat(joined.texts()).isNull();
        assertThat(folder.resolve("failed_pairs.csv")).hasContent(FAILED + "a,x,d,u,timeout,\n-1,x,d,u,timeout,\n");
    }

    private Path job(String name, String results) throws IOException {
        Path job = Files.createDirectory(folder.resolve(name));
        Files.writeString(job.resolve("combined_results.csv"), results);
        return job;
    }
}
