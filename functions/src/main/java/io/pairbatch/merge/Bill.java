package io.pairbatch.merge;

import io.pairbatch.cost.NanoUsd;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a job may cost and has cost, in nano-USD.
///
/// @param limit `max_cost_usd`; null for none
/// @param spent what its answers and its live request cost
/// @param reserved what may have been paid beside that: batches that nobody collects
record Bill(@Nullable Long limit, long spent, long reserved) {

    /// The limit that is enough for what was not submitted.
    long needed(Merged merged) {
        return spent + reserved + merged.unsentBound();
    }

    /// What is to be said of the limit.
    List<String> notices(String jobId, Merged merged) {
        List<String> notices = new ArrayList<>();
        Long most = limit;
        if (merged.unsent() > 0) {
            notices.add((most == null ? "a max_cost_usd of then" : "max_cost_usd of " + NanoUsd.words(most))
                    + " left no room for "
                    + (merged.unsent() == 1 ? "1 pair, which was" : merged.unsent() + " pairs, which were")
                    + " not submitted; " + NanoUsd.words(spent) + " was spent. A limit of USD "
                    + NanoUsd.limit(needed(merged)) + " is enough: ./pairbatch continue " + jobId + " --max-cost "
                    + NanoUsd.limit(needed(merged)));
        }
        if (most != null && spent + reserved > most) {
            notices.add("max_cost_usd of " + NanoUsd.words(most) + " was exceeded by "
                    + NanoUsd.words(spent + reserved - most)
                    + ": nothing in the requests limits the length of an answer, or the limit was lowered, or two batches"
                    + " were paid for one segment");
        }
        return notices;
    }
}
