package io.pairbatch.pairs;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.problem.RowRejection;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// Reads a table of samples, an ID and a text in each row, as [RowReader] does. Its columns may be separated by commas,
/// tabs, semicolons or vertical bars.
public final class SampleReader implements Closeable {

    /// How the column of IDs is called, unless somebody says otherwise.
    public static final String ID = "ID";
    /// How the column of texts is called, unless somebody says otherwise.
    public static final String TEXT = "text";

    /// The most bytes that one byte becomes in JSON.
    private static final int ESCAPED = 6;

    private final RowReader<SampleRow> rows;
    private final String id;
    private final String text;

    private SampleReader(RowReader<SampleRow> rows, String id, String text) {
        this.rows = rows;
        this.id = id;
        this.text = text;
    }

    /// Opens a table before its first row.
    ///
    /// @param id the name of the column of IDs
    /// @param text the name of the column of texts
    /// @throws JobRejectedException `INPUT_FORMAT`, `SAMPLE_COLUMNS` or `INPUT_UNREADABLE`
    public static SampleReader open(InputFile file, String id, String text) throws IOException {
        return open(file, new SampleRows(id, text, false), RecordScanner.MAX_RECORD);
    }

    /// Opens the table of a job, whose columns are called [#ID] and [#TEXT], before its first row.
    ///
    /// @throws JobRejectedException `INPUT_FORMAT`, `INPUT_COLUMNS`, `SAMPLE_COLUMNS` or `INPUT_UNREADABLE`
    public static SampleReader ofJob(InputFile file) throws IOException {
        return open(file, SampleRows.OF_JOB, RecordScanner.MAX_RECORD);
    }

    /// Opens a table of samples that we have written, whose rows may have grown by what JSON escapes.
    public static SampleReader ofStored(InputFile file) throws IOException {
        return open(file, SampleRows.OF_JOB, ESCAPED * RecordScanner.MAX_RECORD);
    }

    private static SampleReader open(InputFile file, SampleRows kind, int maxRecord) throws IOException {
        return new SampleReader(RowReader.open(file, kind, Position.START, maxRecord), kind.id(), kind.text());
    }

    /// The next row, or null after the last one.
    ///
    /// @throws JobRejectedException `INPUT_UNREADABLE` if a gzipped file is damaged
    /// @throws IOException if the file cannot be read
    public @Nullable SampleRow read() throws IOException {
        return rows.read();
    }

    /// The other columns of a CSV file; empty for JSONL, whose rows name their own.
    public List<String> others() {
        return rows.header().stream()
                .filter(name -> !name.equals(id) && !name.equals(text))
                .toList();
    }

    /// Whether a header names the columns of all rows.
    public boolean isCsv() {
        return !rows.header().isEmpty();
    }

    /// What the file's lines are in, which reads it again.
    public FileEncoding encoding() throws IOException {
        return rows.encoding();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    /// @param ofJob whether the columns can have no other names
    private record SampleRows(String id, String text, boolean ofJob) implements RowReader.Rows<SampleRow> {

        static final SampleRows OF_JOB = new SampleRows(ID, TEXT, true);

        @Override
        public boolean anySeparator() {
            return true;
        }

        @Override
        public List<String> needed() {
            return List.of(id, text);
        }

        @Override
        public void checkHeader(String file, List<String> names, RowReader.Writing writing) throws IOException {
            Columns.checkNames(
                    names,
                    (found, expected) -> refused(file, found, expected),
                    i -> refused(
                            file,
                            "no name over column " + (i + 1),
                            "a name for each column"
                                    + (i == 0
                                            ? ", or a table without the numbers of the rows: to_csv(…, index=False) in"
                                                    + " pandas, write.csv(…, row.names = FALSE) in R"
                                            : "")));
            checkNeeded(file, names, writing, true);
        }

        @Override
        public void checkFirstObject(
                String file, List<String> names, Map<String, JsonToken> kinds, RowReader.Writing writing)
                throws IOException {
            if (names.stream().noneMatch(List.of(id, text)::contains) || (ofJob && Columns.areOfPairs(names))) {
                checkNeeded(file, names, writing, false);
            }
        }

        /// @param csv whether a header has the names
        private void checkNeeded(String file, List<String> names, RowReader.Writing writing, boolean csv)
                throws IOException {
            if (ofJob && Columns.areOfPairs(names)) {
                throw new JobRejectedException(new Problem(
                        ErrorCode.INPUT_COLUMNS,
                        file,
                        "a table of pairs: the columns " + Columns.shown(names) + ", and `pairing` in the job",
                        "no `pairing` for a table of pairs (`run` and `split` take --set pairing=null); or a table of"
                                + " samples, with ID and text"));
            }
            List<String> missing = List.of(id, text).stream()
                    .distinct()
                    .filter(name -> !names.contains(name))
                    .toList();
            if (missing.isEmpty()) {
                return;
            }
            Optional<Columns.Wrong> pairs = Columns.seemOfPairs(names);
            if (pairs.isPresent() && ofJob) {
                throw pairs(file, names, pairs.get(), writing, csv);
            }
            if (!ofJob && (pairs.isPresent() || names.containsAll(Columns.NEEDED))) {
                throw alreadyPairs(file, names, pairs);
            }
            Map<String, String> meant = Columns.meantForSamples(names, missing.contains(id), missing.contains(text));
            boolean header = missing.size() == 1 || !meant.isEmpty();
            String charset = ofJob ? writing.charset() : null;
            throw refused(
                    file,
                    (header
                                    ? "the columns " + Columns.shown(names)
                                    : "a first line of " + names.size() + (names.size() == 1 ? " field" : " fields")
                                            + ", none of which is the name of a column that we need")
                            + Encoding.notUtf8(charset),
                    "the columns `" + id + "` and `" + text + "`" + (charset == null ? "" : ", in UTF-8")
                            + "; missing: " + String.join(", ", missing)
                            + (!ofJob
                                    ? hint(meant)
                                    : csv ? copy(file, names, missing, meant, writing) : rename(meant)));
        }

        /// No renaming makes samples of four columns of pairs.
        private static JobRejectedException pairs(
                String file, List<String> names, Columns.Wrong wrong, RowReader.Writing writing, boolean csv)
                throws IOException {
            String charset = writing.charset();
            return new JobRejectedException(new Problem(
                    ErrorCode.INPUT_COLUMNS,
                    file,
                    "what looks like a table of pairs under other names: the columns " + wrong.shown()
                            + Encoding.notUtf8(charset) + ", and `pairing` in the job",
                    "a table of samples, with ID and text; or no `pairing` (`run` and `split` take --set pairing=null),"
                            + " and the columns ID1, text1, ID2 and text2" + (charset == null ? "" : ", in UTF-8")
                            + (csv
                                    ? ". To make such a copy"
                                            + new CopyCommands(file, writing.separator(), charset, "-renamed")
                                                    .words(names, Optional.of(wrong))
                                    : ": rename the fields")));
        }

        /// Of pairs no more pairs are made. Who has samples with such columns says which two are meant.
        private static JobRejectedException alreadyPairs(
                String file, List<String> names, Optional<Columns.Wrong> wrong) {
            return refused(
                    file,
                    wrong.isEmpty()
                            ? "a table of pairs: the columns " + Columns.shown(names)
                            : "what looks like a table of pairs under other names: the columns "
                                    + wrong.get().shown(),
                    "a table of samples, an ID and a text in each row (--id NAME and --text NAME say how they are"
                            + " called). A table of pairs is judged as it is: ./pairbatch run "
                            + Encoding.quoted(file)
                            + wrong.map(named -> ", with ID1, text1, ID2 and text2"
                                            + Columns.asField(named)
                                                    .map(field -> " or " + field)
                                                    .orElse(""))
                                    .orElse(""));
        }

        /// Where options name the columns.
        private static String hint(Map<String, String> meant) {
            return meant.isEmpty()
                    ? "; --id NAME and --text NAME say how they are called"
                    : "; perhaps " + Columns.options(meant);
        }

        /// A job has no such options, so its table has to be another one.
        private static String copy(
                String file,
                List<String> names,
                List<String> missing,
                Map<String, String> meant,
                RowReader.Writing writing)
                throws IOException {
            String charset = writing.charset();
            return charset == null && !meant.keySet().containsAll(missing)
                    ? ""
                    : ". To make such a copy"
                            + new CopyCommands(file, writing.separator(), charset, "-renamed")
                                    .words(names, Optional.of(new Columns.Wrong("", missing, meant)));
        }

        /// No short command renames the fields of JSONL.
        private static String rename(Map<String, String> meant) {
            return meant.isEmpty()
                    ? ""
                    : "; perhaps "
                            + meant.entrySet().stream()
                                    .sorted(Map.Entry.comparingByKey())
                                    .map(name -> "`" + Columns.cut(name.getValue()) + "` is meant for `" + name.getKey()
                                            + "`")
                                    .collect(Collectors.joining(" and "))
                            + ": rename the fields, or let ./pairbatch pairs make a table of pairs, with "
                            + Columns.options(meant);
        }

        private static JobRejectedException refused(String file, String found, String expected) {
            return new JobRejectedException(new Problem(ErrorCode.SAMPLE_COLUMNS, file, found, expected));
        }

        @Override
        public SampleRow row(long row, JsonFields.Line.Fields fields) {
            SequencedMap<String, @Nullable String> others = fields.values();
            String ownId = others.remove(id);
            String ownText = others.remove(text);
            if (ownId == null || ownId.isEmpty()) {
                return missing(row, RowRejection.MISSING_ID, id, ownId);
            }
            return ownText == null
                    ? missing(row, RowRejection.MISSING_TEXT, text, null)
                    : new SampleRow.Sample(row, ownId, ownText, others, fields.repaired());
        }

        private static SampleRow missing(long row, RowRejection reason, String column, @Nullable String value) {
            return new SampleRow.Unreadable(new InputRow.Rejected(
                    row, reason, "`" + Columns.cut(column) + "` is " + (value == null ? "missing" : "empty")));
        }

        @Override
        public SampleRow rejected(InputRow.Rejected row) {
            return new SampleRow.Unreadable(row);
        }
    }
}
