package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cli.fault.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinedResultsTest {

    private static final String HEADER = "ID1,\"a \"\"line\nbreak\",better_id\n";

    private static final String SUMMARY = "{\"resolved\": {\"ambiguous\": \"take\", \"tag_mode\": \"%s\"}}";

    @TempDir
    private Path folder;

    @Test
    void theRowsStandOneJobAfterTheOtherAsTheyAre() throws IOException {
        long rows = JoinedResults.join(
                List.of(
                        job("one", HEADER + "a,\"x\ny\",a\nNA,\"NA\",b\n"),
                        job("none", HEADER),
                        job("two", HEADER + "c,,c\n")),
                folder);
        assertThat(rows).isEqualTo(3);
        assertThat(folder.resolve("combined_results.csv")).hasContent(HEADER + "a,\"x\ny\",a\nNA,\"NA\",b\nc,,c\n");
    }

    @Test
    void otherColumnsAreNotPutUnderTheSameHeader() throws IOException {
        List<Path> jobs = List.of(job("one", HEADER + "a,x,a\n"), job("two", "ID1,better_id\nc,c\n"));
        assertThatThrownBy(() -> JoinedResults.join(jobs, folder))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("the columns of " + jobs.getLast());
        assertThat(folder.resolve("combined_results.csv")).doesNotExist();
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
        assertThat(JoinedResults.join(List.of(silent, last, alike), folder)).isZero();
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
        String summary = "{\"resolved\": {\"trait_name\": \"%s\", \"run\": %d}}";
        Files.writeString(jobs.get(0).resolve("summary.json"), summary.formatted("clarity", 1));
        Files.writeString(jobs.get(1).resolve("summary.json"), summary.formatted("clarity", 2));
        Files.writeString(jobs.get(2).resolve("summary.json"), summary.formatted("style", 1));
        assertThat(JoinedResults.join(jobs.subList(0, 2), folder)).isZero();
        assertThatThrownBy(() -> JoinedResults.join(jobs, folder))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("judge in different ways: they differ in trait_name");
    }

    private Path job(String name, String results) throws IOException {
        Path job = Files.createDirectory(folder.resolve(name));
        Files.writeString(job.resolve("combined_results.csv"), results);
        return job;
    }
}
