package io.pairbatch.job;

import java.util.Locale;

/// The names of a job's files, relative to its folder (`jobs/<job_id>/` in the data bucket; contract 8).
public final class JobFiles {

    public static final String JOB = "job.json";
    /// What later drops of the same files say of how the work is done.
    public static final String POLICY = "policy.json";
    /// There when another job has taken this one's place. It never sends anything.
    public static final String REPLACED = "replaced.json";
    public static final String ERROR = "error.json";
    public static final String SUMMARY = "summary.json";
    /// The provider's answer to the preflight request for the first pair.
    public static final String PREFLIGHT = "preflight.json";
    public static final String REGISTRY = "jobs_registry.csv";
    public static final String COMBINED = "combined_results.csv";
    public static final String FAILED_PAIRS = "failed_pairs.csv";
    public static final String FAILED_ATTEMPTS = "failed_attempts.csv";
    public static final String BATCH_FAILURES = "batch_failures.csv";
    public static final String REJECTED_ROWS = "rejected_rows.csv";
    public static final String UNMATCHED_LINES = "unmatched_lines.csv";
    /// Observed judgements without texts; one gzip member for the header and one per segment.
    public static final String JUDGEMENTS = "judgements.csv.gz";
    /// The input's columns in order of first appearance; written when the split has read the last row.
    public static final String COLUMNS = "parts/columns.json";

    /// What the owner of the table should know of its rows; written when the split has read the last one.
    public static final String TABLE = "parts/table.json";

    /// What a design compares; written when the split has read the last row of a job with `pairing`.
    public static final String DESIGN = "parts/design.json";

    /// The samples that a design compares, one JSON object per line; written when the split has read the last row.
    public static final String SAMPLES = "parts/samples.jsonl";

    /// The SHA-256 of the table; written by the merge.
    public static final String TABLE_DIGEST = "parts/table_digest.json";

    /// When the job ended and who had answered, as its first merge said; written by the merge.
    public static final String END = "parts/end.json";

    /// What a merge of many segments has put together so far; gone when the job is done.
    public static final String MERGING = "merging/";

    /// How many rows were accepted; written by an offline split of a sample.
    public static final String ACCEPTED = "parts/accepted.json";

    /// Where the registry has its copy.
    public static final String REGISTRY_FOLDER = "registry/";

    /// There when a person has cancelled the job: nothing more of it is sent.
    public static final String CANCELLED = REGISTRY_FOLDER + "cancelled.json";

    /// There as long as the job is being deleted. Its name comes after `job.json`, so it is removed later.
    public static final String DELETING = REGISTRY_FOLDER + "deleting.json";

    private JobFiles() {}

    public static String input(int segment) {
        return batch(segment, "input.jsonl");
    }

    public static String pairs(int segment) {
        return batch(segment, "pairs.jsonl");
    }

    public static String output(int segment) {
        return batch(segment, "output.jsonl");
    }

    public static String errors(int segment) {
        return batch(segment, "errors.jsonl");
    }

    public static String results(int segment) {
        return batch(segment, "results.csv");
    }

    /// The segment's part of a job-level file (`failed_pairs.csv`, …), merged at the end.
    public static String part(String jobFile, int segment) {
        return "parts/" + batch(segment, jobFile);
    }

    /// Which rows a segment of a later round sends again; there before anything of it is sent.
    public static String retry(int segment) {
        return String.format(Locale.ROOT, "%ssegment_%06d_retry.json", REGISTRY_FOLDER, segment);
    }

    /// Where a file of the provider is kept that was fetched once more, until it takes the other one's place.
    public static String again(String file) {
        return "again/" + file;
    }

    /// The wish that a segment's answers be fetched once more, and what has come of it.
    public static String collectAgain(int segment) {
        return String.format(Locale.ROOT, "%ssegment_%06d_again.json", REGISTRY_FOLDER, segment);
    }

    /// What the segment's pairs are known by in another table.
    public static String prints(int segment) {
        return "parts/" + batch(segment, "prints.bin");
    }

    /// The segment's counts, tokens and cost.
    public static String tally(int segment) {
        return "parts/" + batch(segment, "tally.json");
    }

    private static String batch(int segment, String suffix) {
        return String.format(Locale.ROOT, "batch_%02d_%s", segment, suffix);
    }
}
