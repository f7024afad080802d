package io.pairbatch.reconcile;

import java.time.Duration;

/// When a provider's list proves that there is no batch.
///
/// @param gap the minimum time between two reads of the list
/// @param trusted whether the deployment guarantees that the list shows every batch at once; otherwise a read counts
/// only with a witness
public record AbsenceRule(Duration gap, boolean trusted) {

    /// How long the batch must stay missing from the list if its witnesses are older than the doubt.
    static final Duration OLD_WITNESS = Duration.ofHours(1);

    /// The minimum number of reads within that time.
    static final int OLD_WITNESS_LOOKS = 4;

    /// The time between two reads that prove little.
    static final Duration PATIENCE = Duration.ofMinutes(10);
}
