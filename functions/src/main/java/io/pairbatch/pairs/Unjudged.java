package io.pairbatch.pairs;

import io.pairbatch.problem.FailureCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// Why rows of a table have no judgement.
///
/// @param rejected rows that were not sent, by the code of a [io.pairbatch.problem.RowRejection]
/// @param failed comparisons without a winner, by their `error_code`; known once the job is done
public record Unjudged(SortedMap<String, TableReport.Rows> rejected, SortedMap<String, TableReport.Rows> failed) {

    public static final Unjudged NONE = new Unjudged(TableReport.NONE.rejected(), TableReport.NONE.rejected());

    /// Such as `rejected: 2 empty_text (rows 3, 7); failed: 9 no_tag (the answer names no
    /// winner; rows 4, 5, 8, …)`; empty where all are judged.
    public Optional<String> sentence() {
        List<String> parts = new ArrayList<>();
        if (!rejected.isEmpty()) {
            parts.add("rejected: " + TableReport.reasons(rejected, code -> Optional.empty(), false));
        }
        if (!failed.isEmpty()) {
            parts.add("failed: " + TableReport.reasons(failed, FailureCause::wordsOf, false));
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts));
    }

    /// Adds `rejected_by_reason` and `failed_by_code` to an object: how many rows of each, and the first of them.
    public void addTo(ObjectNode json) {
        json.set("rejected_by_reason", places(rejected));
        json.set("failed_by_code", places(failed));
    }

    /// Without the details, which a subscriber is not told.
    private static ObjectNode places(SortedMap<String, TableReport.Rows> each) {
        SortedMap<String, TableReport.Rows> places = new TreeMap<>();
        each.forEach((code, rows) -> places.put(code, new TableReport.Rows(rows.count(), rows.first(), "")));
        return TableReport.write(places);
    }
}
