package io.pairbatch.panel;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.JobFiles;
import io.pairbatch.results.ResultTables;
import io.pairbatch.store.FolderStore;
import io.pairbatch.store.GzipMember;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinedFilesTest {

    @TempDir
    Path folder;

    private List<JoinedTable.Part> parts = List.of();

    @BeforeEach
    void twoJudges() throws IOException {
        for (String judge : List.of("one", "two", "job")) {
            Files.createDirectories(folder.resolve(judge));
        }
        parts = List.of(
                new JoinedTable.Part("gpt, cold", new FolderStore(folder.resolve("one"))),
                new JoinedTable.Part("NA", new FolderStore(folder.resolve("two"))));
    }

    private String joined(String name, String one, String two, List<String> last) throws IOException {
        Files.writeString(folder.resolve("one").resolve(name), one);
        Files.writeString(folder.resolve("two").resolve(name), two);
        new JoinedTable(name, parts).write(new FolderStore(folder.resolve("job")), last);
        return Files.readString(folder.resolve("job").resolve(name));
    }

    @Test
    void rowsAreJoinedByTheNamesOfTheirColumnsAndNameTheirJudge() throws IOException {
        assertThat(joined(
                        JobFiles.COMBINED,
                        "ID1,content,judge,result_type\na,\"x, \"\"y\"\"\nz\",1,NA\n",
                        "ID1,judge,content,signature\nb,1,NA,s\nc,1,\"NA\",s\n",
                        List.of()))
                .isEqualTo("""
                        ID1,content,judge,result_type,signature
                        a,"x, ""y""
                        z","gpt, cold",NA,NA
                        b,NA,"NA",NA,s
                        c,"NA","NA",NA,s
                        """);
    }

    @Test
    void aTableWithoutJudgesNamesThem() throws IOException {
        assertThat(joined(JobFiles.FAILED_ATTEMPTS, "row,cause\n", "row,cause\n7,no_tag\n", List.of()))
                .isEqualTo("row,cause,judge\n7,no_tag,\"NA\"\n");
    }

    @Test
    void whatFailedEndsAsEachTableOfIts() throws IOException {
        assertThat(joined(
                        JobFiles.FAILED_PAIRS,
                        "ID1,order,repeat,judge,error_code,error_detail\na,1,1,1,http_error,x\n",
                        "ID1,note,order,repeat,judge,error_code,error_detail\n",
                        ResultTables.FAILED_PAIR_TAIL))
                .isEqualTo("""
                        ID1,note,order,repeat,judge,error_code,error_detail
                        a,NA,1,1,"gpt, cold",http_error,x
                        """);
    }

    @Test
    void zippedTablesStayZipped() throws IOException {
        for (String judge : List.of("one", "two")) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (String part : List.of("row,judge\n", judge.length() + ",1\n")) {
                try (GzipMember member = new GzipMember(bytes)) {
                    member.write(part.getBytes(StandardCharsets.UTF_8));
                    member.finish();
                }
            }
            Files.write(folder.resolve(judge).resolve(JobFiles.JUDGEMENTS), bytes.toByteArray());
        }
        new JoinedTable(JobFiles.JUDGEMENTS, parts).write(new FolderStore(folder.resolve("job")), List.of());
        try (InputStream in =
                new GZIPInputStream(Files.newInputStream(folder.resolve("job").resolve(JobFiles.JUDGEMENTS)))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("row,judge\n3,\"gpt, cold\"\n3,\"NA\"\n");
        }
    }

    @Test
    void aTableThatNoJudgeHasIsNotThere() throws IOException {
        Files.writeString(folder.resolve("job").resolve(JobFiles.COMBINED), "of an earlier merge\n");
        new JoinedTable(JobFiles.COMBINED, parts).write(new FolderStore(folder.resolve("job")), List.of());
        assertThat(folder.resolve("job").resolve(JobFiles.COMBINED)).doesNotExist();
    }

    @Test
    void aRowThatAllHaveRejectedStandsThereOnce() throws IOException {
        Files.writeString(
                folder.resolve("one").resolve(JobFiles.REJECTED_ROWS),
                "row,reason,detail\n2,empty_id,ID1\n5,request_too_large,\"a, b\"\n9,empty_id,ID2\n");
        Files.writeString(
                folder.resolve("two").resolve(JobFiles.REJECTED_ROWS),
                "row,reason,detail\n2,empty_id,ID1\n9,empty_id,ID2\n11,request_too_large,c\n");

        assertThat(RejectedRows.write(parts, new FolderStore(folder.resolve("job"))))
                .isEqualTo(2);
        assertThat(Files.readString(folder.resolve("job").resolve(JobFiles.REJECTED_ROWS)))
                .isEqualTo("""
                        row,reason,detail,judge
                        2,empty_id,ID1,NA
                        5,request_too_large,"a, b","gpt, cold"
                        9,empty_id,ID2,NA
                        11,request_too_large,c,"NA"
                        """);
    }
}
