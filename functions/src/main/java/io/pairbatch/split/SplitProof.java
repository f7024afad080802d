package io.pairbatch.split;

import io.pairbatch.registry.SegmentItem;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks that the registered segments cover the table, each of its accepted rows once. This happens before anything is
/// submitted: a row in two segments would be paid twice, and one in none would be lost.
final class SplitProof {

    private SplitProof() {}

    /// What is wrong; null if nothing is.
    ///
    /// @param all of the job's segments, in order; those that send rows again are of no part
    /// @param parts in which the table is judged
    /// @param rows of the table
    /// @param accepted rows of the table
    /// @param perRow how many comparisons a row makes
    static @Nullable String flaw(List<SegmentItem> all, Parts parts, long rows, long accepted, int perRow) {
        Iterator<SegmentItem> each =
                all.stream().filter(segment -> segment.attempt() == 1).iterator();
        int index = 0;
        for (int part = 0; part < parts.limits().size(); part++) {
            index = parts.before(part, index);
            long last = 0;
            long taken = 0;
            long wanted = parts.size(part, accepted) * perRow;
            while (taken < wanted) {
                if (!each.hasNext()) {
                    return "part " + (part + 1) + " has " + taken + " rows in its segments instead of " + wanted;
                }
                SegmentItem segment = each.next();
                index++;
                String flaw = flaw(segment, index, last, rows * perRow);
                if (flaw != null) {
                    return flaw;
                }
                last = segment.lastRow();
                taken += segment.rows();
            }
            if (taken != wanted) {
                return "part " + (part + 1) + " has " + taken + " rows in its segments instead of " + wanted;
            }
        }
        return each.hasNext() ? "segment " + each.next().index() + " has rows that no part of the table has" : null;
    }

    private static @Nullable String flaw(SegmentItem segment, int index, long last, long rows) {
        if (segment.index() != index) {
            return "segment " + index + " is not registered";
        }
        boolean inOrder = segment.rows() > 0
                && segment.firstRow() > last
                && segment.lastRow() - segment.firstRow() + 1 >= segment.rows()
                && segment.lastRow() <= rows;
        return inOrder
                ? null
                : "segment " + index + " has " + segment.rows() + " of the rows " + segment.firstRow() + " to "
                        + segment.lastRow() + ", after row " + last + " of " + rows;
    }
}
