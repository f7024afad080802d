package io.pairbatch.problem;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What looks wrong in a row that is judged (`found` in `summary.json`). Told before anything is sent.
public enum RowFinding implements Code {
    ID_WITH_TWO_TEXTS(
            "with an ID that has another text in an earlier row",
            "An ID of the row has another text in an earlier row; unless `texts_per_id` is `any`, the table is refused.",
            "Give each text an ID of its own, or set `texts_per_id` to `any`."),
    SELF_PAIR(
            "with the same ID and text on both sides",
            "A text is compared with itself.",
            "Leave the row out, unless it is a control."),
    SAME_TEXT(
            "with the same text under two IDs",
            "Both sides have the same text, under two IDs.",
            "Give one text one ID, unless the row is a control."),
    REPEATED_PAIR(
            "with the pair of an earlier row",
            "The same IDs stand in an earlier row, in the same order; the pair is judged and paid again.",
            "Leave the row out, unless the repetition is wanted."),
    REVERSED_PAIR(
            "with the pair of an earlier row in the other order",
            "The same IDs stand in an earlier row, in the other order.",
            "Leave the row out, unless both orders are wanted."),
    EMPTY_TEXT(
            "with a text that is empty or holds only blanks, which is sent as it is",
            "A text of the row is empty, or shows nothing: blanks, no-break spaces, characters without a width.",
            "Leave the row out, or give it its text."),
    TAG_IN_TEXT(
            "with a text that holds the tag of an answer",
            "A text holds what the answer is read by, such as `<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>`.",
            "Choose other tags with `tag_prefix` and `tag_suffix`, in the template too."),
    REPLACED_CHARACTER(
            "with half a character, which is sent as U+FFFD",
            "A JSON string holds half a surrogate pair, such as `\\ud83d`, which no text can hold.",
            "Write the table anew, with whole characters."),
    REPEATED_PAIR_UID(
            "with the pair_uid of an earlier row",
            "Another row has the same `pair_uid`; in the results only `row` tells the two apart.",
            "Give each row a `pair_uid` of its own."),
    SHARED_KEY(
            "with the key of another pair",
            "Two pairs have the same `ordered_key`, `unordered_key` or `custom_id`, since an ID holds `:` or `_vs_`.",
            "Join results by `row`, or take `:` and `_vs_` out of the IDs."),
    NOT_COMPARED(
            "that later rows were not compared with, since there are too many",
            "The table has more IDs or pairs than are remembered to find a second text, a repetition or a shared key.",
            "Look for them yourself, if the table may have them."),
    INDEX_COLUMN(
            "a first column with the numbers of the rows is carried into the results",
            "The first column, `Unnamed: 0`, `X` or `...1`, holds the numbers of rows, which pandas or R saved and read again.",
            "Save the table with to_csv(…, index=False) in pandas, write.csv(…, row.names = FALSE) in R."),
    NOT_A_TEXT(
            "with a list, an object, true or false for a text or an ID, which is judged as it is written",
            "A text or an ID is a list, an object, true or false in JSON, such as `[\"a\"]`; it is sent with its signs.",
            "Write a string for each text and ID (R: toJSON(…, auto_unbox = TRUE))."),
    MOJIBAKE(
            "with letters such as `Ã©` or `â€™`, which are UTF-8 that was read as something else",
            "A text holds letters that were UTF-8 and were read in another charset, such as `cafÃ©` for `café`; the judge sees it so.",
            "Make the table anew from its source, and read it as UTF-8."),
    REPEATED_SAMPLE(
            "samples that stand there twice, with the same text, count once",
            "A table of samples has the same ID and text in two rows.",
            "Leave one of them out."),
    SAME_SAMPLE_TEXT(
            "samples have the same text as an earlier one, under another ID",
            "A table of samples has the same text under two IDs, which are compared as if they were two.",
            "Give one text one ID, unless that is a control."),
    UNCOMPARED_SAMPLES(
            "samples are in no comparison",
            "The design, mostly a random one, draws no pair with a sample, which so gets no place on the scale.",
            "Draw more pairs, take another `seed` in `pairing`, or the design `per_sample`."),
    SAMPLES_APART(
            "no comparison connects all samples: those of different parts cannot be ranked with one another",
            "The comparisons of the design leave groups of samples that nothing connects.",
            "Draw more pairs, take another `seed` in `pairing`, or the design `per_sample`; of anchors it does no harm if they"
                    + " were compared with one another before.");

    private final String words;
    private final String cause;
    private final String remedy;

    RowFinding(String words, String cause, String remedy) {
        this.words = words;
        this.cause = cause;
        this.remedy = remedy;
    }

    /// The finding with this code; empty if this version has none.
    public static Optional<RowFinding> of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code().equals(code))
                .findFirst();
    }

    /// What the row is like, to stand after `3 rows`.
    public String words() {
        return words;
    }

    /// Whether it is told once for the whole table.
    public boolean isOfTheTable() {
        return switch (this) {
            case INDEX_COLUMN, REPEATED_SAMPLE, SAME_SAMPLE_TEXT, UNCOMPARED_SAMPLES, SAMPLES_APART -> true;
            default -> false;
        };
    }

    @Override
    public String cause() {
        return cause;
    }

    @Override
    public String remedy() {
        return remedy;
    }

    /// The name in lower case.
    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
