package io.pairbatch.cli.samples;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairing.SampleList;
import io.pairbatch.pairs.SampleReader;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.samples.Samples;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The samples of one or two sources, each a table or a folder of texts.
public final class GivenSamples implements Closeable {

    private final Samples samples = new Samples(Samples.Limits.NONE);
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
    /// @param apart names of files in a folder that are no samples, and are not told
    public record Source(Path shown, Path path, Charset charset, Set<String> apart) {

        String name() {
            return shown.toString();
        }
    }

    private GivenSamples(Columns columns) throws IOException {
        this.columns = columns;
    }

    /// Reads all sources.
    ///
    /// @throws JobRejectedException if they are no samples that can be compared
    public static GivenSamples read(List<Source> sources, Columns columns) throws IOException {
        GivenSamples given = new GivenSamples(columns);
        try {
            for (Source source : sources) {
                if (!Files.isDirectory(source.path())) {
                    given.samples.addColumns(() -> given.open(source));
                }
            }
            for (Source source : sources) {
                given.read(source);
                given.first =
                        source.equals(sources.getFirst()) ? given.samples.list().size() : given.first;
            }
            List<Problem> problems = given.samples.problems(sources.getLast().name());
            if (!problems.isEmpty()) {
                throw new JobRejectedException(problems);
            }
            return given;
        } catch (IOException | RuntimeException e) {
            given.close();
            throw e;
        }
    }

    private SampleReader open(Source source) throws IOException {
        return SampleReader.open(OfflineSplit.input(source.path()), columns.id(), columns.text());
    }

    private void read(Source source) throws IOException {
        if (!Files.isDirectory(source.path())) {
            samples.addTable(() -> open(source), source.name(), sample -> {});
            return;
        }
        TextFolder folder = new TextFolder(source);
        folder.read((file, id, text) -> samples.add(new SampleList.Place(source.name(), file), id, text, Map.of()));
        samples.refuse(folder.problems());
        notices.addAll(folder.notices());
    }

    /// What was read.
    public Samples samples() {
        return samples;
    }

    /// Their IDs.
    public SampleList list() {
        return samples.list();
    }

    /// How many of them the first source has.
    public int first() {
        return first;
    }

    /// What is worth knowing of them and of their folders, a sentence each.
    public List<String> notices() {
        List<String> all = new ArrayList<>(notices);
        all.addAll(list().notices());
        return all;
    }

    /// What is worth knowing of the folders, a sentence each: a job that has the samples does not tell it.
    public List<String> ofFolders() {
        return List.copyOf(notices);
    }

    /// What the texts of a folder seem to be in.
    ///
    /// @param charset for `--convert-from`
    /// @param words what was found
    public record Meant(String charset, String words) {}

    /// Looks at a folder of texts that is to be read as UTF-8, whether its only fault is that some are in another
    /// character set, and in which.
    public static Optional<Meant> charset(Source source) throws IOException {
        TextFolder folder = new TextFolder(source);
        folder.read((file, id, text) -> {});
        TextCharset is = folder.charsetMeant();
        return is == null || is.name().isEmpty()
                ? Optional.empty()
                : Optional.of(new Meant(
                        is.name(),
                        is.files() + " of the texts in " + source.name() + (is.files() == 1 ? " is" : " are")
                                + " not UTF-8" + is.first()));
    }

    /// The numbers of those with one of these IDs.
    ///
    /// @throws CliException if there is none with one of them
    public int[] numbers(List<String> ids) {
        return ids.stream()
                .mapToInt(
                        id -> list().find(id)
                                .orElseThrow(
                                        () -> CliException.usage(
                                                "--anchor-ids: no sample has the ID \"" + id + "\".",
                                                list().nearest(id)
                                                                .map(near -> "Perhaps \"" + near + "\"? ")
                                                                .orElse("")
                                                        + "Separate IDs by commas; anchors of another file are named by --anchors FILE.")))
                .distinct()
                .toArray();
    }

    /// About how large a table of so many comparisons is.
    public long bytes(long comparisons) {
        return list().size() == 0 ? 0 : 2 * samples.bytes() / list().size() * comparisons;
    }

    @Override
    public void close() throws IOException {
        samples.close();
    }
}
