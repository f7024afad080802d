package io.pairbatch.reconcile;

import java.time.Duration;

/// When a provider's list proves that there is no batch.
///
/// @param gap the least time between two looks
/// @param trusted whether the deployment vouches that the list shows every batch at once; else a look counts only with
/// a witness
public record AbsenceRule(Duration gap, boolean trusted) {

    /// So long the list must go on not showing the batch where its witnesses are older than the doubt.
    static final Duration OLD_WITNESS = Duration.ofHours(1);

    /// And so many looks there must be within that time.
    static final int OLD_WITNESS_LOOKS = 4;

    /// Between two looks that prove little.
    static final Duration PATIENCE = Duration.ofMinutes(10);
}
