package io.pairbatch.chaos.provider;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A provider's batches, including false data about them.
final class Batches {

    private final Map<String, Batch> batches = new LinkedHashMap<>();
    private final Lies lies;

    Batches(Lies lies) {
        this.lies = lies;
    }

    /// A page of a list.
    ///
    /// @param more whether there is a next page
    record Page(List<Batch> batches, boolean more) {

        /// The first batch's ID; null for an empty page.
        @Nullable
        String first() {
            return batches.isEmpty() ? null : batches.getFirst().id();
        }

        /// The last batch's ID; null for an empty page.
        @Nullable
        String last() {
            return batches.isEmpty() ? null : batches.getLast().id();
        }
    }

    void add(Batch batch) {
        batches.put(batch.id(), batch);
    }

    /// All of them, oldest first, including deleted ones.
    Collection<Batch> all() {
        return Collections.unmodifiableCollection(batches.values());
    }

    /// A batch as a key sees it.
    ///
    /// @param gone the response for an unknown batch
    /// @throws Refusal if it is not visible
    Batch find(String id, String project, String key, Instant at, Answer gone) {
        Batch batch = batches.get(id);
        boolean there = batch != null
                && !batch.deleted()
                && !batch.forgotten(at)
                && batch.origin().project().equals(project);
        if (batch == null || !there || lies.tells(Lie.UNKNOWN, batch, at) || hidden(batch, key, at)) {
            throw new Refusal(gone);
        }
        if (lies.tells(Lie.UNKNOWN_TO_GATEWAY, batch, at)) {
            throw new Refusal(Answer.gateway(404));
        }
        return batch;
    }

    private boolean hidden(Batch batch, String key, Instant at) {
        return lies.tells(Lie.ONLY_OWN_KEY, batch, at) && !batch.key().equals(key);
    }

    /// A project's batches as they are listed: newest first.
    List<Batch> listed(String project, String key, Instant at) {
        if (lies.tells(Lie.LIST_EMPTY, at)) {
            return List.of();
        }
        List<Batch> listed = new ArrayList<>();
        for (Batch batch : batches.values()) {
            if (!batch.deleted()
                    && !batch.forgotten(at)
                    && batch.origin().project().equals(project)
                    && !lies.tells(Lie.UNLISTED, batch, at)
                    && !lies.lags(batch, at)
                    && !hidden(batch, key, at)) {
                listed.add(batch);
            }
        }
        Collections.reverse(listed);
        if (lies.tells(Lie.LIST_DISORDER, at)) {
            listed.sort(Comparator.comparingLong(
                    batch -> batch.dice().with("disorder").state()));
        }
        return listed;
    }

    /// The page of a list that follows a batch; empty if the list does not contain it.
    Optional<Page> page(List<Batch> listed, String last, int size, Instant at) {
        int from = last.isEmpty() || lies.tells(Lie.LIST_LOOP, at) ? 0 : -1;
        for (int i = 0; i < listed.size() && from < 0; i++) {
            from = listed.get(i).id().equals(last) ? i + 1 : -1;
        }
        if (from < 0) {
            return Optional.empty();
        }
        int to = Math.min(listed.size(), from + size);
        return Optional.of(new Page(listed.subList(from, to), to < listed.size()));
    }

    /// The number of requests in a project's batches that have not ended.
    long open(String project, Instant at) {
        long sum = 0;
        for (Batch batch : batches.values()) {
            if (batch.origin().project().equals(project) && !batch.stage(at).ended()) {
                sum += batch.items().size();
            }
        }
        return sum;
    }
}
