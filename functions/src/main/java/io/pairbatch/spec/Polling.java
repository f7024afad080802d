package io.pairbatch.spec;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// When the provider is called, and how often calls are retried (contract 5.2).
///
/// @param intervalSeconds seconds between two polls, increasing while nothing changes
/// @param perJobDelay seconds between two single status reads
/// @param openaiMaxRetries attempts at an upload, a download, or a create that was explicitly refused
/// @param maxAttempts how often a pair is sent at most, as long as it has no winner for one of these causes
/// @param retryCodes error codes and causes of the pairs that are sent again
/// @param maxCostUsd how much the job may cost; empty for no limit
/// @param maxStall how long all calls to the provider or to AWS may fail before the job fails
/// @param overdue what becomes of a batch that has run past its provider's window
public record Polling(
        int intervalSeconds,
        double perJobDelay,
        int openaiMaxRetries,
        int maxAttempts,
        List<String> retryCodes,
        Duration maxStall,
        OverdueRule overdue,
        Optional<BigDecimal> maxCostUsd) {

    public Polling {
        retryCodes = List.copyOf(retryCodes);
    }

    Polling withMaxCost(Optional<BigDecimal> usd) {
        return new Polling(
                intervalSeconds, perJobDelay, openaiMaxRetries, maxAttempts, retryCodes, maxStall, overdue, usd);
    }

    static Polling of(FieldValues values) {
        return new Polling(
                values.get(JobFields.INTERVAL_SECONDS),
                values.get(JobFields.PER_JOB_DELAY),
                values.get(JobFields.OPENAI_MAX_RETRIES),
                values.get(JobFields.MAX_ATTEMPTS),
                values.get(JobFields.RETRY_CODES),
                values.get(JobFields.MAX_STALL),
                values.get(JobFields.OVERDUE),
                values.get(JobFields.MAX_COST_USD));
    }
}
