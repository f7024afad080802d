package io.pairbatch.results;

import io.pairbatch.spec.TagMode;
import io.pairbatch.spec.VerdictLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Labels of a user's own template in place of the tag (contract 3.3). One with signs, as `[[A]]`, is found anywhere.
/// One without, as `A`, is a word like any other, and may head a paragraph; it counts only as the answer's last line.
///
/// @param labels in the order of [VerdictLabels#byName]
/// @param first whether the first of them that is there wins, wherever it stands; else the one that stands last
/// @param plain whether escapes, full-width letters and invisible characters are read as what they stand for
record LabelTags(List<Label> labels, boolean first, boolean plain) implements WinnerTags {

    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

    /// What may stand around a word that is alone on its line. A colon makes it a heading.
    private static final String AROUND = "[\\h*_`'\".,;!()\\[\\]{}]*";

    private static final String WORD = "\\p{L}\\p{N}";

    /// How a label is found.
    ///
    /// @param anywhere whether it counts wherever it stands, or only as the last line
    record Label(String sample, Pattern pattern, boolean anywhere) {}

    static LabelTags of(VerdictLabels labels, TagMode mode) {
        boolean tolerant = mode == TagMode.TOLERANT;
        List<Label> all = new ArrayList<>();
        all.add(label(Found.FIRST, labels.first(), tolerant));
        all.add(label(Found.SECOND, labels.second(), tolerant));
        if (labels.tie() != null) {
            all.add(label(Found.TIE, labels.tie(), tolerant));
        }
        return new LabelTags(List.copyOf(all), mode == TagMode.EXACT, tolerant);
    }

    private static Label label(String sample, String label, boolean tolerant) {
        String spelled = tolerant ? TolerantTags.spelled(label) : Pattern.quote(label);
        boolean marked = VerdictLabels.isMarked(label);
        String found = marked
                // A label that ends in a word ends where the word does.
                ? (isWord(label.codePointAt(0)) ? "(?<![" + WORD + "])" : "")
                        + spelled
                        + (isWord(label.codePointBefore(label.length())) ? "(?![" + WORD + "])" : "")
                : "(?md)^" + (tolerant ? "(?:[^\\n:]{0,80}+:)?+" : "") + AROUND + spelled + AROUND + "\\r?$";
        return new Label(sample, Pattern.compile(found, tolerant ? FLAGS : 0), marked);
    }

    private static boolean isWord(int character) {
        return Character.isLetterOrDigit(character);
    }

    @Override
    public @Nullable Found in(String content) {
        String text = (plain ? TolerantTags.plain(content) : content).stripTrailing();
        int lastLine = text.lastIndexOf('\n') + 1;
        int there = 0;
        int furthest = -1;
        String sample = null;
        for (Label label : labels) {
            int at = lastOf(label.pattern(), text);
            there += at < 0 ? 0 : 1;
            boolean counts = at >= (label.anywhere() ? 0 : lastLine);
            if (counts && (sample == null || (!first && at > furthest))) {
                sample = label.sample();
                furthest = at;
            }
        }
        return sample == null ? null : new Found(sample, there > 1);
    }

    /// Where it stands last; negative if it is not there.
    private static int lastOf(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        int last = -1;
        while (matcher.find()) {
            last = matcher.start();
        }
        return last;
    }
}
