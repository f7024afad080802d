package io.pairbatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {

    @Test
    void theCitationNamesTheVersionAndTheDayThatTheBuildHas() throws IOException {
        String pom = Files.readString(Path.of("../pom.xml"));
        String citation = Files.readString(Path.of("../CITATION.cff"));
        String version = found("(?m)^  <version>([^<]+)</version>$", pom);
        String day = found("<pairbatch.released>([^<]+)</pairbatch.released>", pom);
        assertThat(version).isEqualTo(Version.CURRENT);
        assertThat(found("(?m)^version: (.+)$", citation)).isEqualTo(version);
        assertThat(found("(?m)^date-released: (.+)$", citation))
                .isEqualTo(day)
                .isEqualTo(LocalDate.parse(day).toString());
        assertThat(citation).contains("cff-version: 1.2.0\n", "\ntitle: Pairbatch\n", "\nauthors:\n");
    }

    @Test
    void aCommitIsKnownOnlyWhereTheBuildToldIt() {
        String commit = "e4b350c21765d8018666bb728f379e13e96be9d0";
        assertThat(Version.commit(commit)).isEqualTo(commit);
        assertThat(Version.commit(commit + "-changed")).isEqualTo(commit + "-changed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "", "${pairbatch.commit}", "-changed", "main"})
    void anythingElseIsNoCommit(String written) {
        assertThat(Version.commit(written)).isNull();
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
