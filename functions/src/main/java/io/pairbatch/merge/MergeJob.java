package io.pairbatch.merge;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A job whose segments are all that they will be.
///
/// @param version of Pairbatch, the one that merges
/// @param segments in order; one that was never received counts as open
/// @param rejectedRows input rows that could not be judged
/// @param leftRows accepted rows that are not in the job's sample
/// @param keepJsonl whether requests and answers stay when they have been read well
/// @param writeCombinedCsv whether `combined_results.csv` is wanted
/// @param notices what was sent otherwise than the options say
/// @param finishedAt set once, so that merging again writes the same bytes
/// @param splitVersion of Pairbatch, the one that split the table; null where that is not known
public record MergeJob(
        String jobId,
        String version,
        List<MergedSegment> segments,
        long rejectedRows,
        long leftRows,
        boolean keepJsonl,
        boolean writeCombinedCsv,
        List<String> notices,
        Instant finishedAt,
        @Nullable String splitVersion) {

    public MergeJob {
        segments = List.copyOf(segments);
        notices = List.copyOf(notices);
    }
}
