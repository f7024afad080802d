package io.pairbatch.job;

import io.pairbatch.backend.Backend;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A validated job specification, every default filled in (contract 1.2 and 5.2; docs/JOB.md, *The job file*).
///
/// @param promptTemplate the template's text, all four placeholders in it
/// @param intervalSeconds seconds between two polls, growing while nothing changes
/// @param perJobDelay seconds between two single status reads
/// @param openaiMaxRetries attempts at an upload, a download, or a create that was definitely refused
/// @param run a number that tells a wanted repetition from the same job dropped again
/// @param maxStall how long no call to the provider or to AWS may succeed before the job fails
/// @param includeTexts whether `combined_results.csv` repeats `text1` and `text2`
/// @param sample which of the table's rows are judged
/// @param preflight whether one live request goes ahead of the batches; null where the deployment decides
/// @param providerRetention what becomes of the provider's copies once their content lies in S3
/// @param formulaGuard whether texts in CSV that a spreadsheet would take for a formula are made harmless
public record JobSpec(
        Backend backend,
        String model,
        String traitName,
        String traitDescription,
        String promptTemplate,
        Substitution substitution,
        Splitting splitting,
        boolean keepJsonl,
        boolean writeRegistry,
        boolean writeResultsCsv,
        boolean writeCombinedCsv,
        int intervalSeconds,
        double perJobDelay,
        int openaiMaxRetries,
        String tagPrefix,
        String tagSuffix,
        TagMode tagMode,
        boolean verbose,
        ProviderOptions options,
        int run,
        int maxAttempts,
        BadRowLimit maxBadRows,
        Duration maxStall,
        boolean includeTexts,
        Sample sample,
        @Nullable Boolean preflight,
        ProviderRetention providerRetention,
        boolean formulaGuard) {}
