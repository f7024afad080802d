package io.pairbatch.cli.view;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterEnums.ECharacterCategory;
import com.ibm.icu.lang.UProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text measured in terminal cells.
public final class Cells {

    /// A command of ours within a text: its name, a job or the word for one, a segment, and options with their values.
    private static final Pattern COMMAND = Pattern.compile("\\./pairbatch [a-z][a-z-]*"
            + "(?: (?:[\\w.-]+-[0-9a-f]{8}|JOB)(?: (?:\\d+|SEGMENT))?\\b)?(?: --[a-z][a-z-]*(?: (?!-)[^ ]+)?)*");

    /// In the place of a blank that no line ends at.
    private static final char GLUE = '\uE000';

    private Cells() {}

    private static List<String> words(String text) {
        String whole = COMMAND.matcher(text)
                .replaceAll(command -> Matcher.quoteReplacement(command.group().replace(' ', GLUE)));
        return Arrays.stream(whole.split(" +", -1))
                .map(word -> word.replace(GLUE, ' '))
                .toList();
    }

    /// `text` with a blank for every control character, since names come from users and providers.
    public static String harmless(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /// Cells that `text` takes.
    public static int width(String text) {
        return text.codePoints().map(Cells::width).sum();
    }

    /// `text` in at most `cells` cells; a cut is marked by `mark`.
    public static String cut(String text, int cells, String mark) {
        if (width(text) <= cells) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int room = cells - width(mark);
        for (int c : text.codePoints().toArray()) {
            room -= width(c);
            if (room < 0) {
                break;
            }
            kept.appendCodePoint(c);
        }
        return cells < width(mark) ? "" : kept.append(mark).toString();
    }

    /// `text` with blanks after it up to `cells` cells.
    public static String pad(String text, int cells) {
        return text + " ".repeat(Math.max(0, cells - width(text)));
    }

    private static int width(int c) {
        if (c < 0x300) {
            return 1;
        }
        int category = UCharacter.getType(c);
        if (category == ECharacterCategory.NON_SPACING_MARK
                || category == ECharacterCategory.ENCLOSING_MARK
                || category == ECharacterCategory.FORMAT) {
            return 0;
        }
        int wide = UCharacter.getIntPropertyValue(c, UProperty.EAST_ASIAN_WIDTH);
        return wide == UCharacter.EastAsianWidth.WIDE || wide == UCharacter.EastAsianWidth.FULLWIDTH ? 2 : 1;
    }

    /// `text` in lines of at most `width` cells; a longer word gets a line of its own. A command is a word: one that is
    /// broken does something else when it is pasted.
    public static List<String> wrapped(String text, int width, int indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words(harmless(text).strip())) {
            if (!line.isEmpty() && width(line.toString()) + 1 + width(word) > width - indent) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines.stream().map(l -> " ".repeat(indent) + l).toList();
    }
}
