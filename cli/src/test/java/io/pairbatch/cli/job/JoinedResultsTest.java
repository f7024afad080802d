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

    private Path job(String name, String results) throws IOException {
        Path job = Files.createDirectory(folder.resolve(name));
        Files.writeString(job.resolve("combined_results.csv"), results);
        return job;
    }
}
