package io.pairbatch.results;

import java.text.Normalizer;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The tag as models spell it: in any case, with blanks between its words and signs, with marks around the name (`**`,
/// brackets, quotes), escaped for HTML or Markdown, in full-width letters; with `-`, `_`, a blank or nothing between
/// two words that `_` or `-` joins; with brackets of another kind, if the tag is closed; behind a prefix also with
/// another name (`SAMPLE 2`, `Sample-2`, `sample2`), with a suffix without its `/`, and at the answer's end with a part
/// of the suffix or none; or an answer that is nothing but a name. The last tag wins.
///
/// @param tag a tag anywhere
/// @param alone an answer that is a name and nothing else
record TolerantTags(Pattern tag, Pattern alone) implements WinnerTags {

    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

    /// Runs of blanks, marks and brackets are possessive, so that a long one is read only once.
    private static final String BLANKS = "[\\s\\p{Z}]*+";

    private static final String NAME = "SAMPLE_([12])";

    /// The name with another sign between its word and its number, or none; no further digit follows.
    private static final String ANY_NAME = "SAMPLE[\\s\\p{Z}_\\p{Pd}]*+([12])(?!\\d)";

    /// How much of a suffix is looked for where an answer was cut off.
    private static final int LONGEST_CUT = 64;

    private static final String OPENING = "<[{(«‹⟨〈《【";
    private static final String CLOSING = ">]})»›⟩〉》】";

    /// What may stand around a name, and in Markdown around a word of the tag.
    private static final String QUOTES = "*_`'\".";

    private static final String EMPHASIS = "*`";

    /// A word, a run of the same bracket, or a single symbol.
    private static final Pattern PART =
            Pattern.compile("[\\p{L}\\p{N}]+|([" + Pattern.quote(OPENING + CLOSING) + "])\\1*|[^\\s\\p{Z}]");

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]");
    private static final Pattern JOINT = Pattern.compile("[_\\p{Pd}]");

    private static final Pattern ENTITY = Pattern.compile("&(lt|gt|amp|quot|apos|nbsp|#39|#95);", FLAGS);
    private static final Map<String, String> ENTITIES =
            Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"", "apos", "'", "nbsp", " ", "#39", "'", "#95", "_");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(?=\\p{Punct})");
    private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}+");

    static TolerantTags of(String prefix, String suffix) {
        String before = plain(prefix).strip();
        String after = plain(suffix).strip();
        String gap = blanksAnd(EMPHASIS, before + after);
        Loose own = new Loose(gap, false);
        // A run of marks ends where the suffix begins.
        String end = before.isEmpty() ? "" : before.substring(before.length() - 1);
        String begin = after.isEmpty() ? "" : after.substring(0, 1);
        String left = blanksAnd(QUOTES + "([{", end);
        String right = blanksAnd(QUOTES + ")]}", begin);
        // Without a prefix to know a tag by, any sentence may hold such a name.
        String tag = before.isEmpty()
                ? left + NAME + right + own.of(after)
                : own.of(before) + left + ANY_NAME + right + ends(own, after);
        // Brackets of another kind are known by the word beside them. Prose has them too, so the tag must be closed.
        if (hasWord(before) && !after.isEmpty()) {
            Loose other = new Loose(gap, true);
            String closed = CLOSING.contains(begin) ? blanksAnd(QUOTES, "") : right;
            tag += "|" + other.of(before) + left + ANY_NAME + closed + "(?:" + String.join("|", closings(other, after))
                    + ")";
        }
        String all = blanksAnd(QUOTES + "()[]{}", "");
        return new TolerantTags(
                Pattern.compile(tag, FLAGS), Pattern.compile("\\A" + all + ANY_NAME + all + "\\z", FLAGS));
    }

    /// Any text as models spell it: in any case, with blanks and emphasis between its words and signs.
    static String spelled(String text) {
        return new Loose(blanksAnd(EMPHASIS, text), false).of(plain(text));
    }

    private static boolean hasWord(String text) {
        return WORD.matcher(text).find();
    }

    /// The suffix, also without its `/`.
    private static List<String> closings(Loose how, String suffix) {
        return suffix.indexOf('/') < 0
                ? List.of(how.of(suffix))
                : List.of(how.of(suffix), how.of(suffix.replace("/", "")));
    }

    /// The suffix, or as much of it as stands at the answer's end.
    private static String ends(Loose how, String suffix) {
        StringJoiner ways = new StringJoiner("|", "(?:", ")");
        closings(how, suffix).forEach(ways::add);
        for (int cut = Math.min(suffix.length() - 1, LONGEST_CUT); cut >= 0; cut--) {
            ways.add(how.of(suffix.substring(0, cut)) + BLANKS + "\\z");
        }
        return ways.toString();
    }

    /// A run of blanks and marks.
    ///
    /// @param but the signs that it does not have
    private static String blanksAnd(String marks, String but) {
        StringBuilder pattern = new StringBuilder("[\\s\\p{Z}");
        marks.chars()
                .filter(mark -> but.indexOf(mark) < 0)
                .forEach(mark -> pattern.append('\\').append((char) mark));
        return pattern.append("]*+").toString();
    }

    /// How the words and signs of a tag may be spelled.
    ///
    /// @param gap what may stand between them
    /// @param brackets whether brackets may be of another kind
    private record Loose(String gap, boolean brackets) {

        private static final String JOINED = "[\\s\\p{Z}_\\p{Pd}]*+";
        private static final String APART = "[\\s\\p{Z}_\\p{Pd}]++";

        /// Blanks may stand between all words and symbols; where the tag has some between two words, at least one sign
        /// must.
        String of(String text) {
            List<MatchResult> parts = PART.matcher(text).results().toList();
            StringBuilder pattern = new StringBuilder();
            for (int i = 0; i < parts.size(); i++) {
                if (joins(parts, i)) {
                    pattern.append(JOINED);
                    continue;
                }
                if (i > 0 && !joins(parts, i - 1)) {
                    boolean words = isWord(parts.get(i - 1)) && isWord(parts.get(i));
                    pattern.append(words ? APART : gap);
                }
                pattern.append(part(parts.get(i).group()));
            }
            return pattern.toString();
        }

        private static boolean isWord(MatchResult part) {
            return hasWord(part.group());
        }

        /// Whether a part is a `_` or a hyphen between two words.
        private static boolean joins(List<MatchResult> parts, int i) {
            return i > 0
                    && i + 1 < parts.size()
                    && JOINT.matcher(parts.get(i).group()).matches()
                    && isWord(parts.get(i - 1))
                    && isWord(parts.get(i + 1))
                    && parts.get(i - 1).end() == parts.get(i).start()
                    && parts.get(i).end() == parts.get(i + 1).start();
        }

        private String part(String part) {
            boolean opens = OPENING.contains(part.substring(0, 1));
            if (!opens && !CLOSING.contains(part.substring(0, 1))) {
                return Pattern.quote(part);
            }
            if (!brackets) {
                return String.join(gap, Collections.nCopies(part.length(), Pattern.quote(part.substring(0, 1))));
            }
            return "[" + Pattern.quote(opens ? OPENING : CLOSING) + "]{1,3}+";
        }
    }

    /// Without escapes and invisible characters, and in plain letters.
    static String plain(String text) {
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
            String number = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            lastIsFirst = number.equals("1");
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
