package io.pairbatch.simulator.judge;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// How a prompt wants its verdict: by the tag, or by labels in double brackets, as `[[A]]`, `[[B]]` and, for a tie,
/// `[[C]]`.
///
/// @param labels in the order in which the prompt names them; none: the tag
record Wanted(List<String> labels) {

    private static final Pattern LABEL = Pattern.compile("\\[\\[[^\\[\\]\n]{1,20}\\]\\]");
    private static final int MOST = 3;

    /// @param prompt without the texts
    static Wanted in(String prompt) {
        List<String> labels = prompt.contains("<BETTER_SAMPLE>")
                ? List.of()
                : LABEL.matcher(prompt)
                        .results()
                        .map(MatchResult::group)
                        .distinct()
                        .limit(MOST)
                        .toList();
        return new Wanted(labels.size() < 2 ? List.of() : labels);
    }

    boolean mayTie() {
        return labels.size() == MOST;
    }

    /// An answer without a verdict.
    ///
    /// @param better 1 or 2; 0 for a tie
    String hedge(int better) {
        return labels.isEmpty()
                ? "Both texts have merits; on balance SAMPLE_" + better + " is slightly stronger."
                : "Both texts have merits; on balance it is hard to say.";
    }

    /// @param better 1 or 2; 0 for a tie
    String say(int better) {
        if (labels.isEmpty()) {
            return "<BETTER_SAMPLE>SAMPLE_" + better + "</BETTER_SAMPLE>";
        }
        return "My verdict is " + labels.get(better == 0 ? MOST - 1 : better - 1);
    }
}
