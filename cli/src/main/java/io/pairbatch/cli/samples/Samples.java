package io.pairbatch.cli.samples;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairing.SampleList;
import io.pairbatch.pairs.SampleReader;
import io.pairbatch.pairs.SampleRow;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// The samples of one or two sources, each a table or a folder of texts: IDs in memory, the rest in a temporary file.
public final class Samples implements Closeable {

    private final SampleList list = new SampleList();
    private final SampleSpool spool;
    private final SequencedSet<String> others = new LinkedHashSet<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final Columns columns;
    private int first;

    /// How the columns of a table are called.
    public record Columns(String id, String text) {}

    /// One of the sources.
    ///
    /// @param shown what the user called it
    /// @param path where it is read, which may be a converted copy of it
    /// @param charset of the texts in a folder
    public record Source(Path shown, Path path, Charset charset) {

        String name() {
            return shown.toString();
        }
    }

    private Samples(Columns columns) throws IOException {
        this.columns = columns;
        this.spool = new SampleSpool();
    }

    /// Reads all sources.
    ///
    /// @throws JobRejectedException if they are no samples that can be compared
    public static Samples read(List<Source> sources, Columns columns) throws IOException {
        Samples samples = new Samples(columns);
        try {
            for (Source source : sources) {
                samples.findColumns(source);
            }
            for (Source source : sources) {
                samples.read(source);
                samples.first = source.equals(sources.getFirst()) ? samples.list.size() : samples.first;
            }
            samples.check(sources.getLast());
            return samples;
        } catch (IOException | RuntimeException e) {
            samples.close();
            throw e;
        }
    }

    /// The objects of a JSONL file may each have other columns, so all of them are looked at before.
    private void findColumns(Source source) throws IOException {
        if (Files.isDirectory(source.path())) {
            return;
        }
        try (SampleReader reader = open(source)) {
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

    private SampleReader open(Source source) throws IOException {
        return SampleReader.open(OfflineSplit.input(source.path()), columns.id(), columns.text());
    }

    private void read(Source source) throws IOException {
        if (Files.isDirectory(source.path())) {
            TextFolder folder = new TextFolder(source);
            folder.read((file, id, text) -> add(new SampleList.Place(source.name(), file), id, text, Map.of()));
            problems.addAll(folder.problems());
            notices.addAll(folder.notices());
            return;
        }
        TableReport report = TableReport.NONE;
        try (SampleReader reader = open(source)) {
            for (SampleRow row = reader.read(); row != null; row = reader.read()) {
                switch (row) {
                    case SampleRow.Unreadable unreadable -> report = report.plus(unreadable.why());
                    case SampleRow.Sample sample ->
                        add(
                                SampleList.Place.row(source.name(), sample.row()),
                                sample.id(),
                                sample.text(),
                                sample.others());
                }
            }
        }
        if (!report.rejected().isEmpty()) {
            problems.add(new Problem(
                    ErrorCode.SAMPLE_ROWS,
                    source.name(),
                    "rows that cannot be read: " + report.reasons(true),
                    "an ID and a text in each row"));
        }
    }

    private void add(SampleList.Place place, String id, String text, Map<String, @Nullable String> values)
            throws IOException {
        OptionalInt number = list.add(place, id, text);
        if (number.isPresent()) {
            List<@Nullable String> row = new ArrayList<>();
            others.forEach(name -> row.add(values.get(name)));
            spool.add(id, text, row);
        }
    }

    private void check(Source last) {
        problems.addAll(list.problems(last.name(), problems.isEmpty()));
        if (!problems.isEmpty()) {
            throw new JobRejectedException(problems);
        }
        notices.addAll(list.notices());
    }

    /// Their IDs.
    public SampleList list() {
        return list;
    }

    /// How many of them the first source has.
    public int first() {
        return first;
    }

    /// What is worth knowing of them, a sentence each.
    public List<String> notices() {
        return List.copyOf(notices);
    }

    /// The numbers of those with one of these IDs.
    ///
    /// @throws CliException if there is none with one of them
    public int[] numbers(List<String> ids) {
        return ids.stream()
                .mapToInt(
                        id -> list.find(id)
                                .orElseThrow(
                                        () -> CliException.usage(
                                                "--anchor-ids: no sample has the ID \"" + id + "\".",
                                                list.nearest(id)
                                                                .map(near -> "Perhaps \"" + near + "\"? ")
                                                                .orElse("")
                                                        + "Separate IDs by commas; anchors of another file are named by --anchors FILE.")))
                .distinct()
                .toArray();
    }

    /// About how large a table of so many comparisons is.
    public long bytes(long comparisons) {
        return list.size() == 0 ? 0 : 2 * spool.size() / list.size() * comparisons;
    }

    SampleSpool spool() {
        return spool;
    }

    /// The header of a table of pairs.
    List<String> header() {
        List<String> header = new ArrayList<>(List.of("ID1", "text1", "ID2", "text2"));
        others.forEach(name -> header.add("ID1." + name));
        others.forEach(name -> header.add("ID2." + name));
        return header;
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
