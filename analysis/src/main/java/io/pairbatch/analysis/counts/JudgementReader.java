package io.pairbatch.analysis.counts;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads `combined_results.csv` or `judgements.csv.gz`, of Pairbatch or of the R package pairwiseLLM (contract
/// 7.6), row by row into counts. Plain or gzipped, as its first bytes say. An unquoted `NA` is missing, a quoted
/// one is an ID.
///
/// A row says who won by `better_id`, or where there is no such column by `winner_pos`: 1, 2, or 0 for a tie. A row
/// whose winner is missing is counted, and says nothing. `preference` is the probability that the first one is
/// better, from 0 to 1; where it is there, it is the judgement, and the winner is the one with more than a half
/// unless the row names it.
public final class JudgementReader {

    /// The column that names who has judged.
    public static final String JUDGE = "judge";

    /// The judge of a file without that column.
    public static final String ONLY = "1";

    private static final List<List<String>> IDS =
            List.of(List.of("ID1", "ID2"), List.of("A_id", "B_id"), List.of("A", "B"), List.of("id1", "id2"));
    private static final String BETTER = "better_id";
    private static final String WINNER = "winner_pos";
    private static final String PREFERENCE = "preference";
    private static final String GIVE =
            "Give combined_results.csv or judgements.csv.gz of a job, or results of the R package pairwiseLLM.";
    private static final int LONGEST_FIELD = 1 << 28;

    private final Judgements judgements;
    private final String judgeColumn;

    /// @param judgeColumn the column that names the judge
    public JudgementReader(Judgements judgements, String judgeColumn) {
        this.judgements = judgements;
        this.judgeColumn = judgeColumn;
    }

    /// Adds the judgements of a file. Holds one row at a time.
    ///
    /// @throws JudgementFileException when the file is no table of judgements
    public void read(Path file) throws IOException {
        try (InputStream in = open(file);
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
                CsvReader<Integer> csv = CsvReader.builder()
                        .detectBomHeader(false)
                        .maxBufferSize(LONGEST_FIELD)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .build(new Row(file), reader);
                CloseableIterator<Integer> rows = csv.iterator()) {
            Row.readAll(rows, file);
        } catch (CsvParseException e) {
            // What a row says is thrown where it is read, and the library wraps it.
            if (e.getCause() instanceof JudgementFileException ours) {
                throw ours;
            }
            if (e.getCause() instanceof UncheckedIOException io) {
                throw unreadable(file, Objects.requireNonNull(io.getCause()));
            }
            throw new JudgementFileException(file + " is no CSV file: " + e.getMessage() + ".", GIVE);
        } catch (UncheckedIOException e) {
            throw unreadable(file, Objects.requireNonNull(e.getCause()));
        } catch (CharacterCodingException | ZipException | EOFException e) {
            throw unreadable(file, e);
        }
    }

    private static JudgementFileException unreadable(Path file, IOException e) throws IOException {
        return switch (e) {
            case CharacterCodingException coding ->
                new JudgementFileException(file + " is not UTF-8 (" + coding.getMessage() + ").", GIVE);
            case ZipException zip ->
                new JudgementFileException(
                        file + " is damaged gzip: " + zip.getMessage() + ".", "Fetch or write the file again.");
            case EOFException end ->
                new JudgementFileException(
                        file + " ends within its compressed data.", "Fetch or write the file again.");
            default -> throw e;
        };
    }

    private static InputStream open(Path file) throws IOException {
        InputStream stored = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            stored.mark(2);
            boolean gzip = stored.read() == 0x1f && stored.read() == 0x8b;
            stored.reset();
            return gzip ? new WholeGzip(stored) : stored;
        } catch (IOException e) {
            stored.close();
            throw e;
        }
    }

    /// One row after the other: the header first, then the fields that count of each row.
    private final class Row extends AbstractBaseCsvCallbackHandler<Integer> {

        private static final int FIRST = 0;
        private static final int SECOND = 1;
        private static final int BETTER_ID = 2;
        private static final int WINNER_POS = 3;
        private static final int SHARE = 4;
        private static final int BY = 5;

        private final Path file;
        private final @Nullable String[] values = new String[6];
        /// What each column of the file is, or -1.
        private int[] roles = {};
        private String[] names = {};
        private @Nullable List<String> header = new ArrayList<>();
        private int fields;
        private long row;

        Row(Path file) {
            this.file = file;
        }

        static void readAll(CloseableIterator<Integer> rows, Path file) {
            if (!rows.hasNext()) {
                throw new JudgementFileException(file + " is empty.", GIVE);
            }
            while (rows.hasNext()) {
                rows.next();
            }
        }

        @Override
        protected void handleBegin(long line) {
            fields = 0;
            Arrays.fill(values, null);
        }

        @Override
        protected void handleField(int field, char[] buffer, int offset, int length, boolean quoted) {
            fields++;
            if (header != null) {
                boolean marked = field == 0 && length > 0 && buffer[offset] == '\uFEFF';
                header.add(marked ? new String(buffer, offset + 1, length - 1) : new String(buffer, offset, length));
            } else if (field < roles.length && roles[field] >= 0) {
                boolean missing =
                        !quoted && (length == 0 || (length == 2 && buffer[offset] == 'N' && buffer[offset + 1] == 'A'));
                values[roles[field]] = missing ? null : new String(buffer, offset, length);
            }
        }

        @Override
        protected Integer buildRecord() {
            if (header != null) {
                readHeader(header);
                header = null;
            } else {
                row++;
                if (fields != roles.length) {
                    throw wrong(
                            "has " + fields + " fields; expected " + roles.length + ", as the header has.",
                            "Mend the row, or fetch the file again.");
                }
                add();
            }
            return fields;
        }

        private void readHeader(List<String> columns) {
            roles = new int[columns.size()];
            Arrays.fill(roles, -1);
            names = new String[values.length];
            List<String> ids = IDS.stream()
                    .filter(columns::containsAll)
                    .findFirst()
                    .orElseThrow(() -> new JudgementFileException(
                            file + " has no columns ID1 and ID2. It has " + shown(columns) + ".", GIVE));
            take(columns, FIRST, ids.get(0));
            take(columns, SECOND, ids.get(1));
            take(columns, BETTER_ID, BETTER);
            take(columns, WINNER_POS, WINNER);
            take(columns, SHARE, PREFERENCE);
            take(columns, BY, judgeColumn);
            if (!columns.contains(BETTER) && !columns.contains(WINNER) && !columns.contains(PREFERENCE)) {
                throw new JudgementFileException(
                        file + " does not say who won: no column better_id, winner_pos or preference. It has "
                                + shown(columns) + ".",
                        GIVE);
            }
            if (!columns.contains(judgeColumn) && !judgeColumn.equals(JUDGE)) {
                throw new JudgementFileException(
                        file + " has no column " + judgeColumn + ". It has " + shown(columns) + ".",
                        "Name the column that says who judged, or leave it out.");
            }
        }

        private void take(List<String> columns, int role, String name) {
            int at = columns.indexOf(name);
            if (at != columns.lastIndexOf(name)) {
                throw new JudgementFileException(file + " has the column " + name + " twice.", "Remove one of them.");
            }
            if (at >= 0) {
                roles[at] = role;
                names[role] = name;
            }
        }

        private static String shown(List<String> columns) {
            List<String> some = columns.stream().limit(20).toList();
            return String.join(", ", some) + (columns.size() > some.size() ? ", …" : "");
        }

        private void add() {
            String first = id(FIRST);
            String second = id(SECOND);
            double share = preference();
            int winner = winner(first, second, share);
            if (winner < 0) {
                judgements.addWithoutWinner(first, second);
                return;
            }
            String by = values[BY];
            judgements.add(
                    by == null ? ONLY : by,
                    first,
                    second,
                    winner,
                    Double.isNaN(share) ? (winner == 0 ? 0.5 : 2 - winner) : share);
        }

        private String id(int role) {
            String id = values[role];
            if (id == null) {
                throw wrong("column " + names[role] + ": no ID.", "Each row names two items; an ID \"NA\" is quoted.");
            }
            return id;
        }

        /// NaN where there is none.
        private double preference() {
            String value = values[SHARE];
            if (value == null) {
                return Double.NaN;
            }
            double share;
            try {
                share = Double.parseDouble(value);
            } catch (NumberFormatException e) {
                share = -1;
            }
            if (!(share >= 0 && share <= 1)) {
                throw wrong(
                        "column preference: found " + quoted(value) + "; expected a number from 0 to 1.",
                        "It is the probability that the first item is better; NA where it is not known.");
            }
            return share;
        }

        /// 1 or 2, 0 for a tie, -1 where the row names no winner.
        private int winner(String first, String second, double share) {
            String better = values[BETTER_ID];
            if (better != null) {
                if (better.equals(first)) {
                    return 1;
                }
                if (better.equals(second)) {
                    return 2;
                }
                throw wrong(
                        "column better_id: found " + quoted(better) + "; expected " + quoted(first) + " or "
                                + quoted(second) + ".",
                        "The winner is one of the two items of its row.");
            }
            String position = values[WINNER_POS];
            if (position != null) {
                return switch (position) {
                    case "1" -> 1;
                    case "2" -> 2;
                    case "0" -> 0;
                    default ->
                        throw wrong(
                                "column winner_pos: found " + quoted(position) + "; expected 1, 2, or 0 for a tie.",
                                "Write the position of the winner, or NA where there is none.");
                };
            }
            if (Double.isNaN(share)) {
                return -1;
            }
            return share == 0.5 ? 0 : share > 0.5 ? 1 : 2;
        }

        private static String quoted(String value) {
            return '"' + (value.length() > 60 ? value.substring(0, 60) + "…" : value) + '"';
        }

        private JudgementFileException wrong(String what, String remedy) {
            return new JudgementFileException(
                    file + ", row " + row + " (line " + getStartingLineNumber() + "), " + what, remedy);
        }
    }
}
