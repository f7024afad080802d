package io.pairbatch.registry;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Batches at the provider that carry a job's token and that none of its submissions owns, as the JOB item stores them:
/// each may be billed in addition.
///
/// @param ids some of them, in order
/// @param count how many there are
/// @param looked the result of the check before the merge; null if there was none
public record StrayBatches(
        List<String> ids, int count, @Nullable String looked) {

    static final StrayBatches NONE = new StrayBatches(List.of(), 0, null);

    /// The check before the merge read the provider's lists completely.
    public static final String LOOKED = "LOOKED";

    private static final int KEPT = 5;

    static StrayBatches of(Row row) {
        return new StrayBatches(
                row.get(JobAttributes.STRAYS, List.of()),
                row.get(JobAttributes.STRAY_COUNT, 0),
                row.get(JobAttributes.STRAY_LOOK));
    }

    /// These and the newly found ones, without those that turned out to be owned.
    public StrayBatches with(List<String> found, Predicate<String> isOwned) {
        Set<String> all = new TreeSet<>(ids);
        int unnamed = count - all.size();
        all.addAll(found);
        all.removeIf(isOwned);
        return new StrayBatches(
                all.stream().limit(KEPT).toList(),
                // It is no longer known which ones are not named; a batch that is found again may be one of them.
                Math.max(all.size(), Math.min(count, all.size() + unnamed)),
                looked);
    }

    /// For people: which batches they are, and what to do.
    public String describe() {
        String named = String.join(", ", ids) + (count > ids.size() ? ", …" : "");
        return (count == 1
                        ? "The provider has a batch that carries this job's token and belongs to none of its submissions: "
                        : "The provider has " + count
                                + " batches that carry this job's token and belong to none of its submissions: ")
                + named
                + ". That may be a second bill; no answer of it is in the results. Look at the provider, and cancel"
                + " what runs: docs/OPERATIONS.md, \"A batch that nobody owns\".";
    }

    /// The same after a check before the merge.
    ///
    /// @param what [#LOOKED], or why not
    public StrayBatches looked(String what) {
        return new StrayBatches(ids, count, what);
    }
}
