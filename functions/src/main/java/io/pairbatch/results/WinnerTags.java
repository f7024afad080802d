package io.pairbatch.results;

import io.pairbatch.spec.AnswerRules;
import io.pairbatch.spec.TagMode;
import org.jspecify.annotations.Nullable;

/// What says in an answer which text is better (contract 3.3): the winner's tag, which is prefix, `SAMPLE_1` or
/// `SAMPLE_2`, and suffix, or a label.
sealed interface WinnerTags permits WinnerTags.Exact, WinnerTags.Last, TolerantTags, LabelTags {

    /// The winner in an answer.
    ///
    /// @param sample `SAMPLE_1`, `SAMPLE_2` or `TIE`
    /// @param ambiguous whether the tags of both samples are there, or more than one label
    record Found(String sample, boolean ambiguous) {

        static final String FIRST = "SAMPLE_1";
        static final String SECOND = "SAMPLE_2";
        static final String TIE = "TIE";
    }

    /// The winner; null if there is no tag.
    @Nullable
    Found in(String content);

    /// By the job's rules, but in this mode.
    static WinnerTags of(AnswerRules rules, TagMode mode) {
        return rules.labels()
                .map(labels -> (WinnerTags) LabelTags.of(labels, mode))
                .orElseGet(() -> of(rules.tagPrefix(), rules.tagSuffix(), mode));
    }

    static WinnerTags of(String prefix, String suffix, TagMode mode) {
        String tag1 = prefix + Found.FIRST + suffix;
        String tag2 = prefix + Found.SECOND + suffix;
        return switch (mode) {
            case LAST -> new Last(tag1, tag2);
            case EXACT -> new Exact(tag1, tag2);
            case TOLERANT -> TolerantTags.of(prefix, suffix);
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

    /// A plain substring test; the tag that stands last wins.
    record Last(String tag1, String tag2) implements WinnerTags {

        @Override
        public @Nullable Found in(String content) {
            int first = content.lastIndexOf(tag1);
            int second = content.lastIndexOf(tag2);
            if (first < 0 && second < 0) {
                return null;
            }
            return new Found(first > second ? Found.FIRST : Found.SECOND, first >= 0 && second >= 0);
        }
    }
}
