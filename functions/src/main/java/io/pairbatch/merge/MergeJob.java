package io.pairbatch.merge;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A job whose segments have all reached their final state.
///
/// @param version of Pairbatch that merges
/// @param segments in order; one that was never received counts as open
/// @param rejectedRows input rows that cannot be judged
/// @param leftRows accepted rows that are not in the job's sample
/// @param keepJsonl whether to keep the files of requests and answers after successful processing
/// @param writeCombinedCsv whether `combined_results.csv` is wanted
/// @param notices what was sent differently from the options
/// @param finishedAt set once, so that merging again writes the same bytes
/// @param bill what it may cost and has cost; null where no price is known
/// @param splitVersion of Pairbatch that split the table; null if unknown
/// @param perRow how many comparisons each accepted row makes
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
        @Nullable String splitVersion,
        @Nullable Bill bill,
        int perRow) {

    /// A job of which nobody has counted the money, and whose rows each make one comparison.
    public MergeJob(
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
        this(
                jobId,
                version,
                segments,
                rejectedRows,
                leftRows,
                keepJsonl,
                writeCombinedCsv,
                notices,
                finishedAt,
                splitVersion,
                null,
                1);
    }

    public MergeJob {
        segments = List.copyOf(segments);
        notices = List.copyOf(notices);
    }
}
