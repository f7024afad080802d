package io.pairbatch.problem;

/// Why an input row is not judged (`reason` in `rejected_rows.csv`).
public enum RowRejection implements Code {
    RAGGED_ROW(
            "The row does not have as many fields as the header.",
            "Quote fields that hold commas, quotes or line breaks; give every row all fields."),
    INVALID_UTF8(
            "The row holds bytes that are not UTF-8; Excel's \"CSV\" is Windows-1252.",
            "Save the table as UTF-8 (Excel: \"CSV UTF-8\"), or convert it:"
                    + " `iconv -f WINDOWS-1252 -t UTF-8 in.csv > out.csv`; where other rows are UTF-8, save only the bad"
                    + " ones again."),
    UNPARSEABLE_ROW(
            "A JSONL line is not one JSON object, or a CSV row has a quote that never closes or is followed by text.",
            "Write a quote inside a quoted field twice; put one object on each line."),
    ROW_TOO_LONG(
            "The row is longer than 16 MiB.", "Shorten the texts; often a quote that never closes joins many rows."),
    MISSING_ID("ID1 or ID2 is missing or empty.", "Give both texts an ID."),
    MISSING_TEXT(
            "A text is missing, text1 or text2; an empty one would be judged.",
            "Give both texts, or leave the row out."),
    REQUEST_TOO_LARGE(
            "The pair's request alone is larger than the provider accepts.",
            "Shorten the texts or the template, or choose another provider; docs/PROVIDERS.md has the limits."),
    OTHER_JUDGE(
            "The row is one of a `failed_pairs.csv` of several judges: it names the judge that has not judged it. Or its"
                    + " `order` or `repeat` is no number.",
            "Send each such pair to its own judge again: `./pairbatch retry JOB`."),
    NUL_BYTE(
            "The row holds a NUL (0x00), which no text has.",
            "Write the table anew, or take the NULs out: `tr -d '\\000' < in.csv > out.csv`.");

    private final String cause;
    private final String remedy;

    RowRejection(String cause, String remedy) {
        this.cause = cause;
        this.remedy = remedy;
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
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
