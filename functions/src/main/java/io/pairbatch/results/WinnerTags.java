package io.pairbatch.results;

import io.pairbatch.spec.TagMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The winner's tag in an answer (contract 3.3): prefix, `SAMPLE_1` or `SAMPLE_2`, suffix.
sealed interface WinnerTags {

    /// The winner in an answer.
    ///
    /// @param sample `SAMPLE_1` or `SAMPLE_2`
    /// @param ambiguous whether the tags of both samples are there
    record Found(String sample, boolean ambiguous) {

        static final String FIRST = "SAMPLE_1";
        static final String SECOND = "SAMPLE_2";
    }

    /// The winner; null if there is no tag.
    @Nullable
    Found in(String content);

    static WinnerTags of(String prefix, String suffix, TagMode mode) {
        return switch (mode) {
            case EXACT -> new Exact(prefix + Found.FIRST + suffix, prefix + Found.SECOND + suffix);
            case TOLERANT -> Tolerant.of(prefix, suffix);
        };
    }

    /// A plain substring test; the first sample's tag wins, wherever it is.
    record Exact(String tag1, String tag2) implements WinnerTags {

        @Override
        public @Nullable Found in(String content) {
            boolean second = content.contains(tag2);
            if (content.contains(tag1)) {
                return new Found(Found.FIRST, second);
            }
            return second ? new Found(Found.SECOND, false) : null;
        }
    }

    /// Case-insensitive, with blanks allowed between the tag's words and symbols; the last tag wins.
    record Tolerant(Pattern tag) implements WinnerTags {

        /// Possessive, so that a long run of blanks is read only once.
        private static final String BLANKS = "[\\s\\p{Z}]*+";

        private static final String SOME_BLANKS = "[\\s\\p{Z}]++";

        /// A word, or a single symbol.
        private static final Pattern PART = Pattern.compile("[\\p{L}\\p{N}_]+|[^\\s\\p{Z}]");

        static Tolerant of(String prefix, String suffix) {
            String tag = loosely(prefix) + BLANKS + "SAMPLE_([12])" + BLANKS + loosely(suffix);
            return new Tolerant(Pattern.compile(tag, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
        }

        /// Words and symbols with blanks allowed between them; where blanks separate two words, at least one is
        /// required.
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

        @Override
        public @Nullable Found in(String content) {
            Matcher matcher = tag.matcher(content);
            boolean first = false;
            boolean second = false;
            boolean lastIsFirst = false;
            // A tag may begin inside the previous one if prefix and suffix are the same symbol.
            for (int from = 0; from <= content.length() && matcher.find(from); from = matcher.start() + 1) {
                lastIsFirst = matcher.group(1).equals("1");
                first |= lastIsFirst;
                second |= !lastIsFirst;
            }
            if (!first && !second) {
                return null;
            }
            return new Found(lastIsFirst ? Found.FIRST : Found.SECOND, first && second);
        }
    }
}
