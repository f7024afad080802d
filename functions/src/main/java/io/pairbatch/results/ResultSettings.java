package io.pairbatch.results;

import io.pairbatch.backend.Backend;
import io.pairbatch.job.JobFiles;
import io.pairbatch.pairing.Repetition;
import io.pairbatch.spec.AnswerRules;
import java.util.List;

/// What the result files of a job depend on.
///
/// @param job the job's token in wire IDs, 8 lower-case hex digits
/// @param model the requested model
/// @param rules how the winner is read out of an answer
/// @param idPrefix prefix of the `custom_id` column
/// @param includeTexts whether result rows repeat `text1` and `text2`
/// @param includeRaw whether rows repeat the provider's line
/// @param writeResultsCsv whether each segment's results are a separate file for the user, or only a part of the
/// combined ones
/// @param formulaGuard whether texts that begin like a formula are written so that a spreadsheet does not execute them
/// @param inputColumns every column of the input in its order
/// @param rescued whether somebody else has made the first batches: their answers are known by [SentIds]
/// @param repetition how often each pair is judged, and in which orders
/// @param judge its name, of one of several judges; else [#ONLY_JUDGE]
public record ResultSettings(
        String job,
        Backend backend,
        String model,
        AnswerRules rules,
        String idPrefix,
        boolean includeTexts,
        boolean includeRaw,
        boolean writeResultsCsv,
        boolean formulaGuard,
        List<String> inputColumns,
        boolean rescued,
        Repetition repetition,
        String judge) {

    /// The judge of a job that has only one.
    public static final String ONLY_JUDGE = "1";

    static final String PAIR_UID = "pair_uid";

    public ResultSettings {
        inputColumns = List.copyOf(inputColumns);
    }

    /// Whether the batches of an attempt were made by somebody else.
    public boolean isOthers(int attempt) {
        return rescued && attempt == 1;
    }

    /// Whether the input names its pairs itself; the results then have the columns of the contract's custom_id mode.
    public boolean hasPairUid() {
        return inputColumns.contains(PAIR_UID);
    }

    /// Where a segment's results are: with a header in either place.
    public String resultsFile(int segment) {
        return writeResultsCsv ? JobFiles.results(segment) : JobFiles.part("results.csv", segment);
    }
}
