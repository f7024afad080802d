package io.pairbatch.chaos.provider;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Decides pairs as a model would, based only on the prompt's texts and a seed. A pair has the same winner, and in
/// the same attempt the same fate, in every batch and file, and with every provider.
///
/// @param tagBefore the text before the winner's name in an answer
/// @param tagAfter the text after it
/// @param dense whether each answer takes as many tokens as it can: one for each byte of its prompt, and all that the
/// request allows
public record Judge(long seed, Rates rates, String tagBefore, String tagAfter, boolean dense) {

    /// What a request allows as output in a world of dense answers.
    public static final int CAP = 64;

    /// A judge whose answers take as many tokens as usual.
    public Judge(long seed, Rates rates, String tagBefore, String tagAfter) {
        this(seed, rates, tagBefore, tagAfter, false);
    }

    /// What a prompt that names them is answered with, in place of the tag.
    public static final String FIRST = "[[A]]";

    public static final String SECOND = "[[B]]";
    public static final String TIE = "[[C]]";

    /// The shares of answers without a winner, as fractions of 1.
    ///
    /// @param untagged answers without the tag
    /// @param refused answers in which the model refuses
    /// @param cut answers that end at the token limit, before the tag is complete
    /// @param failed requests that end in an error
    public record Rates(double untagged, double refused, double cut, double failed) {

        public static final Rates NONE = new Rates(0, 0, 0, 0);
    }

    /// What happens to a request.
    public enum Fate {
        WON,
        UNTAGGED,
        REFUSED,
        CUT,
        /// Status 400.
        BAD_REQUEST,
        /// Status 429.
        RATE_LIMITED,
        /// Status 500.
        SERVER_ERROR,
        /// No answer in time, or an overloaded model.
        TIMED_OUT;

        /// Whether the model answered, so that it is billed.
        public boolean billed() {
            return this == WON || this == UNTAGGED || this == REFUSED || this == CUT;
        }
    }

    private static final Fate[] FAILURES = {Fate.BAD_REQUEST, Fate.RATE_LIMITED, Fate.SERVER_ERROR, Fate.TIMED_OUT};

    /// A decision.
    ///
    /// @param better the position of the better text, 1 or 2; 0 of a tie
    /// @param text the model's answer; empty if it refuses
    /// @param dice random source of this prompt
    /// @param input tokens of the prompt
    /// @param output tokens of the answer
    public record Verdict(int better, Fate fate, String text, Dice dice, long input, long output) {}

    /// A judge that gives each pair a winner.
    public Judge(long seed) {
        this(seed, Rates.NONE, "<BETTER_SAMPLE>", "</BETTER_SAMPLE>");
    }

    /// The model's decision about a prompt.
    ///
    /// @param prompt all text that the model reads
    /// @param attempt a pair has the same winner in each, and another fate
    public Verdict judge(String prompt, int attempt) {
        Dice dice = new Dice(seed).with(prompt);
        boolean labels = prompt.contains(TIE);
        int better = labels ? dice.with(1).below(3) : 1 + dice.with(1).below(2);
        Fate fate = fate(attempt == 1 ? dice.with(2) : dice.with(2).with(attempt));
        String winner = "SAMPLE_" + better;
        String verdict =
                labels ? "It is " + List.of(TIE, FIRST, SECOND).get(better) + "." : tagBefore + winner + tagAfter;
        String text = switch (fate) {
            case WON -> verdict;
            case UNTAGGED -> "Both texts have merits; on balance " + winner + " is slightly stronger.";
            case CUT -> "Both texts have merits. " + tagBefore + winner.substring(0, 5);
            case REFUSED, BAD_REQUEST, RATE_LIMITED, SERVER_ERROR, TIMED_OUT -> "";
        };
        long input = dense ? prompt.getBytes(StandardCharsets.UTF_8).length : prompt.length() / 4;
        return new Verdict(better, fate, text, dice, input, dense ? CAP : 1 + text.length() / 4L);
    }

    private Fate fate(Dice dice) {
        double left = dice.unit();
        if ((left -= rates.untagged()) < 0) {
            return Fate.UNTAGGED;
        }
        if ((left -= rates.refused()) < 0) {
            return Fate.REFUSED;
        }
        if ((left -= rates.cut()) < 0) {
            return Fate.CUT;
        }
        return left - rates.failed() < 0 ? FAILURES[dice.with(3).below(FAILURES.length)] : Fate.WON;
    }
}
