package io.pairbatch.poll;

import io.pairbatch.registry.SegmentItem;
import io.pairbatch.step.Stop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The result of one poll.
///
/// @param next what the workflow does after collecting
/// @param toCollect numbers of finished segments, at most 100
/// @param waitSeconds how long to wait before the next poll, if `next` is WAIT
/// @param unchanged polls in a row in which nothing changed
/// @param stop set if `next` is STOP
/// @param segments all of the job's segments, after the poll
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
        /// Everything has ended: what has no winner may be sent again.
        RETRY,
        MERGE,
        STOP
    }
}
