package io.pairbatch.job;

/// The stable codes of errors that concern a whole job. A code appears unchanged in `error.json`, in the registry, in
/// the
/// state machine and on the console; its remedy is printed beside it. (Codes of single rows and pairs are
/// [RowRejection] and [FailureCode].)
public enum ErrorCode {
    SPEC_NOT_JSON("Make job.json one JSON object."),
    SPEC_UNKNOWN_FIELD("Correct or remove the field; the README lists every field of job.json."),
    SPEC_MISSING_FIELD("Add the field to job.json."),
    SPEC_INVALID_VALUE("Give the field a value of the kind and range that the README states."),
    SPEC_CONFLICT("Keep one of the contradicting fields."),
    SPEC_NOT_AVAILABLE("Leave the field out: this version cannot do it yet."),
    SPEC_FILE_NOT_FOUND("Put the file that job.json names beside it, or name one that is there."),
    TEMPLATE_INVALID("Put all four placeholders into the prompt template."),
    TRAIT_INVALID("Make the trait one JSON object with the texts `name` and `description`."),
    LIBRARY_NAME_INVALID(
            "Choose a name of 1 to 64 letters, digits, `_`, `.` and `-` that begins with a letter or digit."),
    LIBRARY_NAME_TAKEN("Choose another name, or replace what is registered with --overwrite."),
    LIBRARY_NAME_UNKNOWN("Look the name up with `list`; --quiet removes a name whether it is there or not."),
    LIBRARY_NAME_BUILT_IN("Leave it, or hide it: what is registered under the same name wins."),
    INPUT_NOT_FOUND("Put the file where it is looked for, or name the right place."),
    INPUT_AMBIGUOUS("Keep one file of pairs in the folder; a folder is one job."),
    INPUT_UNREADABLE("Save the file again, as CSV or JSONL in UTF-8, plain or gzipped."),
    INPUT_FORMAT("Save the table as CSV with a header line, or as JSONL with one object a line."),
    INPUT_COLUMNS("Give the table the columns ID1, text1, ID2 and text2."),
    INPUT_TOO_MANY_BAD_ROWS("Mend the rows named in rejected_rows.csv, or raise max_bad_rows."),
    KEY_MISSING("Put the provider's API key into the stack's secret, then drop the file again."),
    KEY_REFUSED("Put a key that the provider accepts into the stack's secret, then drop the file again."),
    PROVIDER_REFUSED("Read the provider's message; correct job.json and drop the file again."),
    PREFLIGHT_REFUSED(
            "Correct `model`, or the option that the provider names, in job.json; where only the first pair is"
                    + " refused, set `preflight` to false. Nothing was uploaded."),
    PREFLIGHT_NO_WINNER("Read the answer in preflight.json; correct the template, the tags or the limit of tokens in"
            + " job.json, or set `preflight` to false. Nothing was uploaded."),
    STALLED("Check that the provider and AWS can be reached, then drop the file again: the job goes on."),
    DECISION_NEEDED(
            "Look at the provider's list of batches, then decide each batch in doubt as docs/OPERATIONS.md says."),
    REGISTRY_CONFLICT(
            "The registry was lost and this version splits the table differently: finish the job with the version"
                    + " that began it (job.json names it)."),
    INTERNAL("Report it with the execution's id; drop the file again: the job goes on where it stood.");

    private final String remedy;

    ErrorCode(String remedy) {
        this.remedy = remedy;
    }

    /// One sentence that tells the user what to do.
    public String remedy() {
        return remedy;
    }
}
