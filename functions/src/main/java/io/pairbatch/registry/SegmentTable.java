package io.pairbatch.registry;

import java.util.List;
import java.util.Optional;

/// Changes of one SEGMENT item each. One whose condition no longer holds is dropped: the segment has moved on, so it is
/// no longer wanted.
record SegmentTable(RegistryTable table) {

    void change(String jobId, int segment, Condition condition, Change... changes) {
        table.change(SegmentAttributes.ITEMS, SegmentAttributes.key(jobId, segment), List.of(changes), condition);
    }

    /// The same where the segment is asked for.
    ///
    /// @return the segment by then; empty when it has moved on
    Optional<SegmentItem> update(String jobId, int segment, Condition condition, List<Change> changes) {
        RegistryTable.Written written =
                table.update(SegmentAttributes.ITEMS, SegmentAttributes.key(jobId, segment), changes, condition);
        return written.done() ? Optional.of(SegmentItem.of(written.required())) : Optional.empty();
    }
}
