package io.pairbatch.standins;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The keys of a table and of its global secondary indexes; all keys are strings.
public record TableSchema(String partitionKey, String sortKey, List<Index> indexes) {

    public TableSchema {
        indexes = List.copyOf(indexes);
    }

    /// A table without indexes.
    public static TableSchema of(String partitionKey, String sortKey) {
        return new TableSchema(partitionKey, sortKey, List.of());
    }

    /// The table of Pairbatch's jobs, segments and submissions.
    public static TableSchema registry() {
        return of("job_id", "item")
                .withIndex(Index.ofAll("jobs-by-time", "kind", "created_at"))
                .withIndex(Index.ofAll("open-by-account", "open_account", "submitted_at"));
    }

    /// An index holds the items that have both of its keys.
    ///
    /// @param attributes what it holds of an item besides the keys; null for everything
    public record Index(
            String name,
            String partitionKey,
            String sortKey,
            @Nullable Set<String> attributes) {

        /// An index that holds whole items.
        public static Index ofAll(String name, String partitionKey, String sortKey) {
            return new Index(name, partitionKey, sortKey, null);
        }
    }

    /// The same with one more index.
    public TableSchema withIndex(Index index) {
        return new TableSchema(
                partitionKey,
                sortKey,
                Stream.concat(indexes.stream(), Stream.of(index)).toList());
    }

    Set<String> keys() {
        return Set.of(partitionKey, sortKey);
    }

    /// What an index holds of each item; null for everything.
    @Nullable
    Set<String> projected(Index index) {
        if (index.attributes() == null) {
            return null;
        }
        Set<String> all = new TreeSet<>(index.attributes());
        all.addAll(List.of(partitionKey, sortKey, index.partitionKey(), index.sortKey()));
        return all;
    }
}
