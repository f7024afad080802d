package io.pairbatch.spec;

import io.pairbatch.text.Hex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How the winner is read out of an answer (contract 3.3).
///
/// @param tagPrefix the text before `SAMPLE_1` or `SAMPLE_2` in a valid answer
/// @param tagSuffix the text after it
/// @param labels what is looked for in place of the tag
public record AnswerRules(
        String tagPrefix, String tagSuffix, TagMode tagMode, Ambiguous ambiguous, Optional<VerdictLabels> labels) {

    private static final int DIGITS = 16;

    /// What the rules are known by: 16 hex digits.
    public String code() {
        List<String> parts = new ArrayList<>(List.of(tagPrefix, tagSuffix, tagMode.rules(), ambiguous.code()));
        labels.ifPresent(these -> parts.addAll(these.byName().values()));
        return Hex.sha256(String.join("\n", parts)).substring(0, DIGITS);
    }

    /// What an answer has to hold, for a message.
    public String shown() {
        return labels.map(VerdictLabels::shown)
                .orElse("`" + tagPrefix + "SAMPLE_1" + tagSuffix + "`, or the same with SAMPLE_2");
    }

    /// What an answer is searched for, in one word.
    public String sought() {
        return labels.isPresent() ? "label" : "tag";
    }

    /// What makes an answer ambiguous.
    public String several() {
        return labels.isPresent() ? "more than one label" : "the tags of both texts";
    }

    static AnswerRules of(FieldValues values) {
        return new AnswerRules(
                values.get(JobFields.TAG_PREFIX),
                values.get(JobFields.TAG_SUFFIX),
                values.get(JobFields.TAG_MODE),
                values.get(JobFields.AMBIGUOUS),
                values.get(JobFields.VERDICT_LABELS));
    }
}
