package io.pairbatch.results;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The tag as models spell it: in any case, with blanks between its words and signs, with marks around the name (`**`,
/// brackets, quotes), escaped for HTML or Markdown, in full-width letters; behind a prefix also with another name
/// (`SAMPLE 2`, `Sample-2`, `sample2`), with a suffix without its `/`, and at the answer's end with a part of the
/// suffix
/// or none; or an answer that is nothing but a name. The last tag wins.
///
/// @param tag a tag anywhere
/// @param alone an answer that is a name and nothing else
record TolerantTags(Pattern tag, Pattern alone) implements WinnerTags {

    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

    /// Possessive, so that a long run of blanks is read only once.
    private static final String BLANKS = "[\\s\\p{Z}]*+";

    private static final String SOME_BLANKS = "[\\s\\p{Z}]++";

    private static final String NAME = "SAMPLE_([12])";

    /// The name with another sign between its word and its number, or none; no further digit follows.
    private static final String ANY_NAME = "SAMPLE[\\s\\p{Z}_\\p{Pd}]*+([12])(?!\\d)";

    /// How much of a suffix is looked for where an answer was cut off.
    private static final int LONGEST_CUT = 64;

    /// What may stand around a name, unless the job's own tag has it.
    private static final String MARKS = "*_`'\"[](){}.";

    /// A word, or a single symbol.
    private static final Pattern PART = Pattern.compile("[\\p{L}\\p{N}_]+|[^\\s\\p{Z}]");

    private static final Pattern ENTITY = Pattern.compile("&(lt|gt|amp|quot|apos|nbsp|#39|#95);", FLAGS);
    private static final Map<String, String> ENTITIES =
            Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"", "apos", "'", "nbsp", " ", "#39", "'", "#95", "_");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(?=\\p{Punct})");
    private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}+");

    static TolerantTags of(String prefix, String suffix) {
        String before = plain(prefix);
        String after = plain(suffix);
        String around = marks(before + after);
        // Without a prefix to know a tag by, any sentence may hold such a name.
        boolean known = !before.isBlank();
        String tag =
                loosely(before) + around + (known ? ANY_NAME : NAME) + around + (known ? ends(after) : loosely(after));
        String all = marks("");
        return new TolerantTags(
                Pattern.compile(tag, FLAGS), Pattern.compile("\\A" + all + ANY_NAME + all + "\\z", FLAGS));
    }

    /// The suffix, also without its `/`, or as much of it as stands at the answer's end.
    private static String ends(String after) {
        String suffix = after.strip();
        StringJoiner ways = new StringJoiner("|", "(?:", ")").add(loosely(suffix));
        if (suffix.indexOf('/') >= 0) {
            ways.add(loosely(suffix.replace("/", "")));
        }
        for (int cut = Math.min(suffix.length() - 1, LONGEST_CUT); cut >= 0; cut--) {
            ways.add(loosely(suffix.substring(0, cut)) + BLANKS + "\\z");
        }
        return ways.toString();
    }

    /// Blanks and marks, without the signs of the tag.
    private static String marks(String tag) {
        StringBuilder pattern = new StringBuilder("[\\s\\p{Z}");
        MARKS.chars()
                .filter(mark -> tag.indexOf(mark) < 0)
                .forEach(mark -> pattern.append('\\').append((char) mark));
        return pattern.append("]*+").toString();
    }

    /// Words and symbols with blanks allowed between them; where blanks separate two words, at least one is required.
    private static String loosely(String text) {
        StringBuilder pattern = new StringBuilder();
        Matcher part = PART.matcher(text.strip());
        boolean afterWord = false;
        int end = 0;
        while (part.find()) {
            boolean word = part.group().length() > 1
                    || Character.isLetterOrDigit(part.group().codePointAt(0));
            if (end > 0) {
                pattern.append(afterWord && word && part.start() > end ? SOME_BLANKS : BLANKS);
            }
            pattern.append(Pattern.quote(part.group()));
            afterWord = word;
            end = part.end();
        }
        return pattern.toString();
    }

    /// Without escapes and invisible characters, and in plain letters.
    private static String plain(String text) {
        String plain = text;
        if (plain.indexOf('&') >= 0) {
            plain = ENTITY.matcher(plain)
                    .replaceAll(entity -> Matcher.quoteReplacement(
                            ENTITIES.getOrDefault(entity.group(1).toLowerCase(Locale.ROOT), "")));
        }
        if (plain.chars().anyMatch(character -> character > 127)) {
            plain = INVISIBLE
                    .matcher(Normalizer.normalize(plain, Normalizer.Form.NFKC))
                    .replaceAll("");
        }
        return plain.indexOf('\\') < 0 ? plain : ESCAPED.matcher(plain).replaceAll("");
    }

    @Override
    public @Nullable Found in(String content) {
        String plain = plain(content);
        Matcher matcher = tag.matcher(plain);
        boolean first = false;
        boolean second = false;
        boolean lastIsFirst = false;
        // A tag may begin inside the previous one if prefix and suffix are the same symbol.
        for (int from = 0; from <= plain.length() && matcher.find(from); from = matcher.start() + 1) {
            lastIsFirst = matcher.group(1).equals("1");
            first |= lastIsFirst;
            second |= !lastIsFirst;
        }
        if (!first && !second) {
            Matcher name = alone.matcher(plain);
            return name.find() ? new Found(name.group(1).equals("1") ? Found.FIRST : Found.SECOND, false) : null;
        }
        return new Found(lastIsFirst ? Found.FIRST : Found.SECOND, first && second);
    }
}
