package io.pairbatch.cli.samples;

import io.pairbatch.pairs.FileEncoding;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A folder of texts, a file each. Its name without `.txt` is the ID. Holds the names and one text of at most 16 MiB.
final class TextFolder {

    private static final String EXTENSION = ".txt";
    private static final int LARGEST = 16 << 20;
    private static final int SHOWN = 3;

    private final GivenSamples.Source source;
    private final Charset charset;
    /// The files that are UTF-8 and show it.
    private final List<String> utf8 = new ArrayList<>();

    private @Nullable TextCharset charsetMeant;
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
        List<String> mixed = new ArrayList<>();
        List<String> large = new ArrayList<>();
        for (Path file : texts) {
            if (Files.size(file) > LARGEST) {
                large.add(name(file));
                continue;
            }
            String name = name(file);
            byte[] bytes = Files.readAllBytes(file);
            try {
                if (isMixture(bytes)) {
                    mixed.add(name);
                } else {
                    each.sample(name, name.substring(0, name.length() - EXTENSION.length()), text(name, bytes));
                }
            } catch (CharacterCodingException e) {
                wrong.add(name);
            }
        }
        if (!wrong.isEmpty()) {
            TextCharset is = TextCharset.of(source.path(), wrong, texts.size());
            problems.add(wrong(wrong, is));
            charsetMeant = mixed.isEmpty() && large.isEmpty() && !converts() ? is : null;
        }
        if (!mixed.isEmpty()) {
            problems.add(problem(
                    mixed.size() + (mixed.size() == 1 ? " file" : " files")
                            + " with lines in UTF-8 and lines that are not: " + few(mixed),
                    "one character set in a file: save such a file again in UTF-8, which --convert-from keeps"));
        }
        if (converts() && !utf8.isEmpty()) {
            notices.add("kept as UTF-8, not read as " + charset.name().toLowerCase(Locale.ROOT) + ": " + few(utf8));
        }
        if (!large.isEmpty()) {
            problems.add(problem(
                    large.size() + (large.size() == 1 ? " file" : " files") + " of more than 16 MiB: " + few(large),
                    "16 MiB at most"));
        }
    }

    private Problem wrong(List<String> names, TextCharset is) {
        String kept = converts() || utf8.isEmpty()
                ? ""
                : ", and keeps the " + (utf8.size() == 1 ? "one that is" : utf8.size() + " that are")
                        + " UTF-8 already: " + few(utf8);
        return problem(
                names.size() + (names.size() == 1 ? " file that is not " : " files that are not ") + charset.name()
                        + ": " + few(names) + (converts() ? "" : is.first()),
                "text in " + charset.name() + "; "
                        + (is.name().isEmpty() || is.name().equalsIgnoreCase(charset.name())
                                ? "--convert-from CHARSET reads texts of another character set, such as windows-1252"
                                : "--convert-from " + is.name() + " reads "
                                        + (names.size() == 1
                                                ? "it as what it probably is"
                                                : "them as what they probably are"))
                        + kept);
    }

    private boolean converts() {
        return !charset.equals(StandardCharsets.UTF_8);
    }

    /// Of a folder some files may be UTF-8 already, which a conversion would spoil: each is looked at for itself.
    private String text(String name, byte[] bytes) throws CharacterCodingException {
        Optional<String> shown = shownAsUtf8(bytes);
        if (shown.isPresent()) {
            utf8.add(name);
            return plain(shown.get());
        }
        String text = decoded(bytes, charset);
        // What Windows-1252 has as quotes and dashes is a control character in ISO-8859-1.
        if (text.chars().anyMatch(c -> c == 0 || (converts() && c >= 0x80 && c < 0xA0))) {
            throw new CharacterCodingException();
        }
        return plain(text);
    }

    /// The text of bytes that something shows to be UTF-8: ASCII is the same in nearly every character set.
    private static Optional<String> shownAsUtf8(byte[] bytes) {
        try {
            String text = decoded(bytes, StandardCharsets.UTF_8);
            return text.length() < bytes.length && text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /// Only of sets with a byte for each character can the lines be looked at before they are decoded.
    private boolean isMixture(byte[] bytes) throws IOException {
        return charset.canEncode()
                && charset.newEncoder().maxBytesPerChar() == 1
                && FileEncoding.of(new ByteArrayInputStream(bytes)).isMixture();
    }

    private static String decoded(byte[] bytes, Charset charset) throws CharacterCodingException {
        return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private static String plain(String text) {
        return (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().collect(Collectors.joining("\n"));
    }

    /// What the texts seem to be in, where that is all that is wrong with them; null otherwise.
    @Nullable
    TextCharset charsetMeant() {
        return charsetMeant;
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
