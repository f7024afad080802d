package io.pairbatch.samples;

import io.pairbatch.pairing.SampleList;
import io.pairbatch.pairs.Encoding;
import io.pairbatch.pairs.SampleReader;
import io.pairbatch.pairs.SampleRow;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.problem.RowRejection;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The samples of one or more sources: IDs in memory, the rest in a temporary file. First the columns of all sources
/// are looked at, then their samples are added.
public final class Samples implements Closeable {

    private final SampleList list = new SampleList();
    private final SampleSpool spool;
    private final SequencedSet<String> others = new LinkedHashSet<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Limits limits;
    private long letters;

    /// How much there may be.
    ///
    /// @param samples in number
    /// @param letters of all their IDs
    /// @param bytes of their texts and other columns
    public record Limits(int samples, long letters, long bytes) {

        /// Whatever the machine can take.
        public static final Limits NONE = new Limits(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    public Samples(Limits limits) throws IOException {
        this.limits = limits;
        this.spool = new SampleSpool();
    }

    /// Opens a table.
    @FunctionalInterface
    public interface Table {

        SampleReader open() throws IOException;
    }

    /// The objects of a JSONL file may each have other columns, so all of them are looked at.
    public void addColumns(Table table) throws IOException {
        try (SampleReader reader = table.open()) {
            others.addAll(reader.others());
            if (reader.isCsv()) {
                return;
            }
            for (SampleRow row = reader.read(); row != null; row = reader.read()) {
                if (row instanceof SampleRow.Sample sample) {
                    others.addAll(sample.others().keySet());
                }
            }
        }
    }

    /// Adds the samples of a table.
    ///
    /// @param name for messages
    /// @param each receives every row that is a sample
    public void addTable(Table table, String name, Consumer<SampleRow.Sample> each) throws IOException {
        TableReport report = TableReport.NONE;
        String mend = "";
        try (SampleReader reader = table.open()) {
            for (SampleRow row = reader.read(); row != null; row = reader.read()) {
                switch (row) {
                    case SampleRow.Unreadable unreadable -> report = report.plus(unreadable.why());
                    case SampleRow.Sample sample -> {
                        each.accept(sample);
                        add(SampleList.Place.row(name, sample.row()), sample.id(), sample.text(), sample.others());
                    }
                }
            }
            TableReport.Rows encoding = report.rejected(RowRejection.INVALID_UTF8);
            if (encoding.count() > 0) {
                mend = reader.encoding().remedy(name, encoding.places(), Encoding.charsetOf(encoding.detail()));
            }
        }
        if (!report.rejected().isEmpty()) {
            problems.add(new Problem(
                    ErrorCode.SAMPLE_ROWS,
                    name,
                    "rows that cannot be read: " + report.reasons(true),
                    "an ID and a text in each row" + (mend.isEmpty() ? "" : ", in UTF-8" + mend)));
        }
    }

    /// Adds one sample.
    public void add(SampleList.Place place, String id, String text, Map<String, @Nullable String> values)
            throws IOException {
        OptionalInt number = list.add(place, id, text);
        if (number.isEmpty()) {
            return;
        }
        List<@Nullable String> row = new ArrayList<>();
        others.forEach(name -> row.add(values.get(name)));
        spool.add(text, row);
        letters += id.length();
        if (list.size() > limits.samples() || letters > limits.letters() || spool.size() > limits.bytes()) {
            throw new JobRejectedException(new Problem(
                    ErrorCode.PAIRING_REFUSED,
                    place.file(),
                    "a table that goes on after " + list.size() + " samples, " + letters + " letters of IDs and "
                            + spool.size() + " bytes of texts and other columns",
                    "at most " + limits.samples() + " samples, " + limits.letters() + " letters and " + limits.bytes()
                            + " bytes; ./pairbatch pairs makes the pairs of a larger one"));
        }
    }

    /// Adds what is wrong with a source.
    public void refuse(List<Problem> more) {
        problems.addAll(more);
    }

    /// What is wrong with all that was added.
    ///
    /// @param name of the last source
    public List<Problem> problems(String name) {
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(list.problems(name, problems.isEmpty()));
        return all;
    }

    /// Their IDs.
    public SampleList list() {
        return list;
    }

    /// The text of a sample.
    public String text(int sample) throws IOException {
        return spool.text(sample);
    }

    /// The bytes of a text.
    public long textSize(int sample) {
        return spool.textSize(sample);
    }

    /// The bytes of the longest text.
    public long longestText() {
        long longest = 0;
        for (int i = 0; i < list.size(); i++) {
            longest = Math.max(longest, spool.textSize(i));
        }
        return longest;
    }

    /// The other columns of a sample, in the order of the names.
    public List<@Nullable String> others(int sample) throws IOException {
        return spool.others(sample);
    }

    /// The bytes of all texts and other columns.
    public long bytes() {
        return spool.size();
    }

    /// The columns of a table of pairs of them.
    public List<String> header() {
        List<String> header = new ArrayList<>(List.of("ID1", "text1", "ID2", "text2"));
        others.forEach(name -> header.add("ID1." + name));
        others.forEach(name -> header.add("ID2." + name));
        return header;
    }

    /// The columns of a pair without its texts, in the order of the header.
    public SequencedMap<String, @Nullable String> columns(int first, int second) throws IOException {
        SequencedMap<String, @Nullable String> columns = new LinkedHashMap<>();
        columns.put("ID1", list.id(first));
        columns.put("ID2", list.id(second));
        putOthers("ID1.", first, columns);
        putOthers("ID2.", second, columns);
        return columns;
    }

    private void putOthers(String prefix, int sample, Map<String, @Nullable String> columns) throws IOException {
        Iterator<@Nullable String> values = others(sample).iterator();
        others.forEach(name -> columns.put(prefix + name, values.next()));
    }

    /// The values of a pair, in the order of the header.
    public List<@Nullable String> pair(int first, int second) throws IOException {
        List<@Nullable String> values = new ArrayList<>();
        values.add(list.id(first));
        values.add(text(first));
        values.add(list.id(second));
        values.add(text(second));
        values.addAll(others(first));
        values.addAll(others(second));
        return values;
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
