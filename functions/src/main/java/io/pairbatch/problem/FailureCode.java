package io.pairbatch.problem;

/// Why a comparison has no winner (`error_code`; contract 7.5, the last four are ours).
public enum FailureCode implements Code {
    TIMEOUT(
            "no answer in time",
            "The provider's error message for this pair mentions a timeout.",
            "It was sent again by itself; `retry JOB` does so once more."),
    PARSE_ERROR(
            "something could not be read",
            "The provider's error message for this pair mentions parsing.",
            "Look at the request in batch_NN_input.jsonl and the answer in batch_NN_output.jsonl, then `retry JOB --codes parse_error`."),
    HTTP_ERROR(
            "the provider refused the request or its batch",
            "The answer has a status of 400 or more, or its batch failed or expired, or its line says that it was canceled; in failed_attempts.csv also each other line of a pair, since only one counts.",
            "Read error_detail and provider_error; `./pairbatch doctor JOB` says which of them `retry` sends, and what is to be corrected for the others."),
    BACKEND_MISSING_FIELDS(
            "no answer, or one that names no winner",
            "No line came back for the pair, or the answer has no winner's tag: it was refused, cut off, or put in other words.",
            "Read error_detail and the answer in batch_NN_output.jsonl: if it names a winner, `reread` with another `tag_mode`; else `retry JOB --codes no_tag`, or mend the template and run failed_pairs.csv."),
    INVALID_WINNER(
            "the answer names both texts",
            "The answer holds the tags of both texts, and the job says `ambiguous` `fail`.",
            "Read the answer in batch_NN_output.jsonl; let `tag_mode` decide (`reread JOB --ambiguous take` sends nothing), or mend the template and run failed_pairs.csv as a new job."),
    NOT_SUBMITTED(
            "no batch was created",
            "The provider refused to create the batch, or the job ended before that; nothing was paid for the pair.",
            "Read error_detail and batch_failures.csv; remove the cause, then `retry JOB --codes not_submitted`; of a cancelled job `continue JOB` sends it."),
    BUDGET_REACHED(
            "no room in max_cost_usd",
            "The job's `max_cost_usd` left no room for the batch; nothing was sent, and nothing was paid for the pair.",
            "Raise the limit: `continue JOB --max-cost USD`, or drop the files with a higher one, sends exactly these pairs."),
    BATCH_LOST(
            "the provider has lost the batch",
            "The batch was paid for, but the provider no longer has it, or counts more answers than its files hold.",
            "Ask the provider for it with the batch's ID from jobs_registry.csv; `retry JOB --codes batch_lost` only if the batch is gone, because you pay again."),
    CANCELLED(
            "the batch was cancelled",
            "The batch was cancelled at the provider before it reached the pair.",
            "If it is still wanted, `continue JOB` sends it where a person has cancelled the job, `retry JOB` where the batch was stopped.");

    private final String words;
    private final String cause;
    private final String remedy;

    FailureCode(String words, String cause, String remedy) {
        this.words = words;
        this.cause = cause;
        this.remedy = remedy;
    }

    /// What happened, in a few words for people.
    String words() {
        return words;
    }

    @Override
    public String cause() {
        return cause;
    }

    @Override
    public String remedy() {
        return remedy;
    }

    /// Whether a pair with this code was never sent: no batch was ever created for it.
    public static boolean isUnsent(String code) {
        return code.equals(NOT_SUBMITTED.code()) || code.equals(BUDGET_REACHED.code());
    }

    /// The name in lower case.
    @Override
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
