package io.pairbatch.cli.samples;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A folder of texts, a file each. Its name without `.txt` is the ID. Holds the names and one text of at most 16 MiB.
final class TextFolder {

    private static final String EXTENSION = ".txt";
    private static final int LARGEST = 16 << 20;
    private static final int SHOWN = 3;

    private final GivenSamples.Source source;
    private final Charset charset;
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    interface Each {

        void sample(String file, String id, String text) throws IOException;
    }

    TextFolder(GivenSamples.Source source) {
        this.source = source;
        this.charset = source.charset();
    }

    /// Reads the texts by name.
    void read(Each each) throws IOException {
        List<Path> texts = new ArrayList<>();
        List<String> left = new ArrayList<>();
        try (Stream<Path> files = Files.list(source.path())) {
            files.sorted().forEach(file -> {
                String name = name(file);
                if (name.startsWith(".") || source.apart().contains(name)) {
                    return;
                }
                boolean text = name.length() > EXTENSION.length()
                        && name.toLowerCase(Locale.ROOT).endsWith(EXTENSION);
                if (text && Files.isRegularFile(file)) {
                    texts.add(file);
                } else {
                    left.add(name);
                }
            });
        }
        if (texts.isEmpty()) {
            problems.add(problem(
                    "no *.txt file" + (left.isEmpty() ? "" : " (but " + few(left) + ")"),
                    "a plain text file NAME.txt for each sample; a table is given by its own path"));
            return;
        }
        if (!left.isEmpty()) {
            notices.add(left.size() + " of " + source.name()
                    + (left.size() == 1 ? " is no *.txt file and was" : " are no *.txt files and were") + " left out: "
                    + few(left));
        }
        List<String> wrong = new ArrayList<>();
        List<String> large = new ArrayList<>();
        for (Path file : texts) {
            if (Files.size(file) > LARGEST) {
                large.add(name(file));
                continue;
            }
            try {
                String name = name(file);
                each.sample(name, name.substring(0, name.length() - EXTENSION.length()), text(file));
            } catch (CharacterCodingException e) {
                wrong.add(name(file));
            }
        }
        if (!wrong.isEmpty()) {
            problems.add(problem(
                    wrong.size() + (wrong.size() == 1 ? " file that is not " : " files that are not ") + charset.name()
                            + ": " + few(wrong),
                    "text in " + charset.name()
                            + "; --convert-from CHARSET reads texts of another character set, such as"
                            + " windows-1252"));
        }
        if (!large.isEmpty()) {
            problems.add(problem(
                    large.size() + (large.size() == 1 ? " file" : " files") + " of more than 16 MiB: " + few(large),
                    "16 MiB at most"));
        }
    }

    private String text(Path file) throws IOException {
        String text = charset.newDecoder()
                .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                .toString();
        if (text.indexOf('\0') >= 0) {
            throw new CharacterCodingException();
        }
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return plain.lines().collect(Collectors.joining("\n"));
    }

    List<Problem> problems() {
        return problems;
    }

    List<String> notices() {
        return notices;
    }

    private Problem problem(String found, String expected) {
        return new Problem(ErrorCode.SAMPLE_ROWS, source.name(), found, expected);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String few(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
                + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "");
    }
}
