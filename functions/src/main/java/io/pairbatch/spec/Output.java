package io.pairbatch.spec;

/// What is written and what is kept (contract 8).
///
/// @param includeTexts whether `combined_results.csv` repeats `text1` and `text2`
/// @param providerRetention what happens to the provider's copies once their content is in S3
/// @param formulaGuard whether texts in CSV that a spreadsheet would treat as a formula are escaped
/// @param verbose whether each segment is told as it happens
/// @param filing where people file the job
public record Output(
        boolean keepJsonl,
        boolean writeRegistry,
        boolean writeResultsCsv,
        boolean writeCombinedCsv,
        boolean includeTexts,
        ProviderRetention providerRetention,
        boolean formulaGuard,
        boolean verbose,
        Filing filing) {

    static Output of(FieldValues values) {
        return new Output(
                values.get(JobFields.KEEP_JSONL),
                values.get(JobFields.WRITE_REGISTRY),
                values.get(JobFields.WRITE_RESULTS_CSV),
                values.get(JobFields.WRITE_COMBINED_CSV),
                values.get(JobFields.INCLUDE_TEXTS),
                values.get(JobFields.PROVIDER_RETENTION),
                values.get(JobFields.FORMULA_GUARD),
                values.get(JobFields.VERBOSE),
                new Filing(values.get(JobFields.STUDY).orElse(""), values.get(JobFields.LABELS)));
    }
}
