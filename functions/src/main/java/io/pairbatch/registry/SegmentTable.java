package io.pairbatch.registry;

import java.util.List;
import java.util.Optional;

/// Changes of one SEGMENT item each. A change whose condition no longer holds is dropped: the segment has moved on.
record SegmentTable(RegistryTable table) {

    void change(String jobId, int segment, Condition condition, Change... changes) {
        table.change(SegmentAttributes.ITEMS, SegmentAttributes.key(jobId, segment), List.of(changes), condition);
    }

    /// The same if the segment is needed.
    ///
    /// @return the segment afterwards; empty if it has moved on
    Optional<SegmentItem> update(String jobId, int segment, Condition condition, List<Change> changes) {
        RegistryTable.Written written =
                table.update(SegmentAttributes.ITEMS, SegmentAttributes.key(jobId, segment), changes, condition);
        return written.done() ? Optional.of(SegmentItem.of(written.required())) : Optional.empty();
    }
}
