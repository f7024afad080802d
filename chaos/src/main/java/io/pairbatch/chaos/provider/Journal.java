package io.pairbatch.chaos.provider;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// What a provider was asked, and what it did: the ground truth about what was paid for.
public final class Journal {

    /// Something that was done.
    ///
    /// @param batchId empty if it is not about a batch
    /// @param fileId the input of a batch, or the file that was uploaded or deleted; empty for none
    /// @param metadata of a batch, including what identifies it, under whatever name the provider uses
    /// @param items its requests, in the order of the file; empty for anything but a create and a live request
    /// @param foreign whether somebody else did it
    public record Entry(
            Instant at,
            Operation operation,
            String key,
            String batchId,
            String fileId,
            Map<String, String> metadata,
            List<Item> items,
            boolean foreign) {

        public int requests() {
            return items.size();
        }

        public List<String> customIds() {
            return items.stream().map(Item::customId).toList();
        }

        /// A number derived from all requests, independent of their order.
        public long digest() {
            return items.stream().mapToLong(Item::digest).sum();
        }
    }

    /// A request that was sent, and its result.
    ///
    /// @param outcome the HTTP status, or how the connection ended
    public record Seen(Call call, Fault fault, String outcome) {

        @Override
        public String toString() {
            return call.at() + " " + call.operation() + " " + call.id() + " -> " + outcome
                    + (fault.equals(Fault.NONE) ? "" : " " + fault);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();

    void add(Entry entry) {
        entries.add(entry);
    }

    void add(Seen request) {
        seen.add(request);
    }

    /// What was done, in order.
    public List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /// All entries of one kind.
    public List<Entry> entries(Operation operation) {
        return entries.stream().filter(entry -> entry.operation() == operation).toList();
    }

    /// Every request that was sent, in the order in which they ended.
    public List<Seen> seen() {
        return Collections.unmodifiableList(seen);
    }
}
