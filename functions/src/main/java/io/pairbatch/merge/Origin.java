package io.pairbatch.merge;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.provider.ProviderFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a job's judgements come from, as a summary tells it to those who cite or repeat them.
///
/// @param job as it was frozen, its work done as the latest drop says
/// @param table the digest of its table
/// @param limits how many rows were judged, each larger than the one before; 0 for all
/// @param judge who was asked
public record Origin(ResolvedJob job, TableDigest table, List<Integer> limits, Judge judge) {

    public Origin {
        limits = List.copyOf(limits);
    }

    /// Who answers a deployment's requests.
    ///
    /// @param format what it is sent
    /// @param service its code; null if unknown
    /// @param baseUrl where it was reached; null if unknown
    public record Judge(
            ProviderFormat format,
            @Nullable String service,
            @Nullable String baseUrl) {}
}
