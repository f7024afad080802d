package io.pairbatch.poll;

import io.pairbatch.registry.SegmentItem;
import io.pairbatch.step.Stop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one poll found.
///
/// @param next what comes after collecting
/// @param toCollect numbers of finished segments, 100 at most
/// @param waitSeconds how long to wait before the next poll, when `next` is WAIT
/// @param unchanged polls in a row in which nothing changed
/// @param stop set when `next` is STOP
/// @param segments all of the job's, as they stand after the poll
public record PollReport(
        Next next,
        List<Integer> toCollect,
        long waitSeconds,
        int unchanged,
        @Nullable Stop stop,
        List<SegmentItem> segments) {

    /// What the workflow does after this poll.
    public enum Next {
        WAIT,
        SUBMIT,
        POLL,
        MERGE,
        STOP
    }
}
