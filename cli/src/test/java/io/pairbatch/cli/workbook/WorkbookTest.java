package io.pairbatch.cli.workbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkbookTest {

    @TempDir
    private Path folder;

    @Test
    void isToldByWhatItHoldsNotByItsName() throws IOException {
        Path workbook = Workbooks.of(folder.resolve("essays.csv"), Workbooks.row(1, Workbooks.text("A1", "ID")), "");

        assertThat(Workbook.is(workbook)).isTrue();
        assertThat(Workbook.is(Workbooks.zip(folder.resolve("notes.xlsx"), "word/document.xml", "<w/>")))
                .isFalse();
        assertThat(Workbook.is(Files.writeString(folder.resolve("a.xlsx"), "ID,text\n")))
                .isFalse();
        assertThat(Workbook.is(Files.writeString(folder.resolve("cut.xlsx"), "PK\u0003\u0004")))
                .isFalse();
    }

    @Test
    void textsBecomeFieldsOfCsvWithTheirLineBreaksAndQuotes() throws IOException {
        Workbook.Copied copied = convert(
                Workbooks.row(1, Workbooks.text("A1", "ID"), Workbooks.text("B1", "text"))
                        + Workbooks.row(2, Workbooks.text("A2", "a"), Workbooks.text("B2", "One, \"two\"\nthree"))
                        + Workbooks.row(3, Workbooks.text("A3", "b"), "<c r='B3' t='s'><v>0</v></c>")
                        + Workbooks.row(4, Workbooks.text("A4", "c"), "<c r='B4' t='s'><v>1</v></c>"),
                "<si><t>shared</t></si><si><r><t>rich </t></r><r><t>text</t></r></si>");

        assertThat(csv()).isEqualTo("ID,text\na,\"One, \"\"two\"\"\nthree\"\nb,shared\nc,rich text\n");
        assertThat(copied.words()).isEqualTo("sheet \"Essays\", 3 rows, columns ID, text");
        assertThat(copied.notices())
                .containsExactly("of 3 sheets only \"Essays\" is read, the first that is not hidden");
    }

    @Test
    void aNumberIsWrittenAsItIsShown() throws IOException {
        Workbook.Copied copied = convert(
                Workbooks.row(
                                1,
                                Workbooks.text("A1", "a"),
                                Workbooks.text("B1", "b"),
                                Workbooks.text("C1", "c"),
                                Workbooks.text("D1", "d"),
                                Workbooks.text("E1", "e"),
                                Workbooks.text("F1", "f"))
                        + Workbooks.row(
                                2,
                                number("A2", "1", 0),
                                number("B2", "0.10000000000000001", 0),
                                number("C2", "7", 1),
                                number("D2", "46356", 2),
                                number("E2", "46356.75", 2),
                                number("F2", "1E+20", 0)),
                "");

        assertThat(csv()).isEqualTo("a,b,c,d,e,f\n1,0.1,007,2026-11-30,2026-11-30T18:00,100000000000000000000\n");
        assertThat(copied.notices()).contains("2 cells are dates: written as 2026-11-30");
    }

    @Test
    void whatAFormulaLastGaveIsTaken() throws IOException {
        Workbook.Copied copied = convert(
                Workbooks.row(1, Workbooks.text("A1", "a"), Workbooks.text("B1", "b"), Workbooks.text("C1", "c"))
                        + Workbooks.row(
                                2,
                                "<c r='A2'><f>1+1</f><v>2</v></c>",
                                "<c r='B2' t='str'><f>\"00\"&amp;7</f><v>007</v></c>",
                                "<c r='C2' t='b'><v>1</v></c>"),
                "");

        assertThat(csv()).isEqualTo("a,b,c\n2,007,TRUE\n");
        assertThat(copied.notices()).contains("2 cells are formulas: what Excel last worked out is taken");
    }

    @Test
    void blankRowsAreLeftOutAndMissingCellsAreEmpty() throws IOException {
        convert(
                Workbooks.row(3, Workbooks.text("B3", "x"), Workbooks.text("C3", "y"))
                        + Workbooks.row(4)
                        + Workbooks.row(5, Workbooks.text("B5", " "), Workbooks.text("C5", ""))
                        + Workbooks.row(6, Workbooks.text("C6", "only"))
                        + Workbooks.row(9, Workbooks.text("B9", "last")),
                "");

        assertThat(csv()).isEqualTo(",x,y\n, ,\n,,only\n,last,\n");
    }

    @Test
    void aCharacterThatXmlCannotHoldComesBack() throws IOException {
        convert(
                Workbooks.row(1, Workbooks.text("A1", "ID"), Workbooks.text("B1", "text"))
                        + Workbooks.row(2, Workbooks.text("A2", "a"), Workbooks.text("B2", "one_x000D_\ntwo_x005F_x")),
                "");

        assertThat(csv()).isEqualTo("ID,text\na,\"one\r\ntwo_x\"\n");
    }

    @Test
    void aTextThatFillsItsCellIsTold() throws IOException {
        String most = "x".repeat(32_767);
        Workbook.Copied copied = convert(
                Workbooks.row(1, Workbooks.text("A1", "ID")) + Workbooks.row(2, Workbooks.text("A2", most)), "");

        assertThat(csv()).isEqualTo("ID\n" + most + "\n");
        assertThat(copied.notices())
                .contains("1 cell has 32,767 characters, the most that Excel takes: such a text was probably cut off"
                        + " (the first: cell A2)");
    }

    @Test
    void anErrorIsNamedWithItsCell() {
        assertThatThrownBy(() -> convert(id() + Workbooks.row(2, "<c r='A2' t='e'><v>#N/A</v></c>"), ""))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("has the error #N/A in cell A2");
        assertThatThrownBy(() -> convert(id() + Workbooks.row(2, "<c r='A2' t='e'><f>1/0</f><v>#DIV/0!</v></c>"), ""))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("has the error #DIV/0! in cell A2");
    }

    @Test
    void aValueOutsideTheColumnsIsNamedWithItsCell() {
        assertThatThrownBy(() ->
                        convert(id() + Workbooks.row(2, Workbooks.text("A2", "a"), Workbooks.text("C2", "note")), ""))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("cell C2 of sheet \"Essays\", in a column without a name");
    }

    @Test
    void anEmptySheetIsNoTable() {
        assertThatThrownBy(() -> convert("", ""))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("has nothing in its sheet \"Essays\"");
    }

    /// No part may be missing without a word: the texts of cells would be empty.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "[Content_Types].xml | - | lacks one of its parts, [Content_Types].xml",
                "[Content_Types].xml | <a/> | whose list of parts, [Content_Types].xml, does not name one that it needs",
                "xl/_rels/workbook.xml.rels | - | lacks one of its parts, xl/_rels/workbook.xml.rels",
                "xl/_rels/workbook.xml.rels | <a/> | Sheet#1 'Essays' is missing an entry",
                "xl/workbook.xml | <a | cannot be read as an Excel workbook: Unexpected end-of-input",
                "xl/styles.xml | - | lacks one of its parts, xl/styles.xml",
                "xl/styles.xml | <a | cannot be read as an Excel workbook: Unexpected end-of-input",
                "xl/sharedStrings.xml | - | lacks one of its parts, xl/sharedStrings.xml",
                "xl/sharedStrings.xml | <a | cannot be read as an Excel workbook: Unexpected end-of-input",
                "xl/worksheets/sheet2.xml | - | lacks one of its parts, xl/worksheets/sheet2.xml",
                "xl/worksheets/sheet2.xml | <a | cannot be read as an Excel workbook: Unexpected end-of-input",
            })
    void whatIsMissingOrDamagedIsNamed(String part, @Nullable String instead, String said) throws IOException {
        Path workbook = Workbooks.damaged(
                Workbooks.of(
                        folder.resolve("whole.xlsx"),
                        Workbooks.row(1, "<c r='A1' t='s'><v>0</v></c>"),
                        "<si><t>ID</t></si>"),
                folder.resolve("essays.xlsx"),
                part,
                instead);
        CliException refused =
                catchThrowableOfType(CliException.class, () -> Workbook.convert(workbook, folder.resolve("copy.csv")));
        assertThat(refused)
                .hasMessageStartingWith(workbook + " ")
                .hasMessageContaining(said)
                .message()
                .doesNotContain("null", "Exception");
        assertThat(refused.exitStatus()).isEqualTo(ExitStatus.JOB_FAILED);
    }

    private static String id() {
        return Workbooks.row(1, Workbooks.text("A1", "ID"));
    }

    private static String number(String at, String value, int style) {
        return "<c r='" + at + "' s='" + style + "'><v>" + value + "</v></c>";
    }

    private Workbook.Copied convert(String rows, String shared) throws IOException {
        return Workbook.convert(Workbooks.of(folder.resolve("essays.xlsx"), rows, shared), folder.resolve("copy.csv"));
    }

    private String csv() throws IOException {
        return Files.readString(folder.resolve("copy.csv"));
    }
}
