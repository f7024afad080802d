package io.pairbatch.job;

/// Why an input row is not judged (`reason` in `rejected_rows.csv`).
public enum RowRejection {
    /// Another number of fields than the header has.
    RAGGED_ROW,
    /// Bytes that are not UTF-8.
    INVALID_UTF8,
    /// A JSONL line that is not one JSON object, or a CSV row with a quote that never closes.
    UNPARSEABLE_ROW,
    /// A row of more than 16 MiB.
    ROW_TOO_LONG,
    /// ID1 or ID2 is missing or empty.
    MISSING_ID,
    /// text1 or text2 is missing (an empty text is kept).
    MISSING_TEXT,
    /// The request of this pair alone exceeds what the provider takes.
    REQUEST_TOO_LARGE;

    /// The name in files: lower case.
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
