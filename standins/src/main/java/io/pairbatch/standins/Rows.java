package io.pairbatch.standins;

import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The items of a table, and of its indexes.
final class Rows {

    private final TableSchema schema;
    private final Sorted table;
    private final List<Sorted> indexes;
    private int count;

    Rows(TableSchema schema) {
        this.schema = schema;
        this.table = new Sorted();
        this.indexes = schema.indexes().stream().map(index -> new Sorted()).toList();
    }

    /// The same items; changes do not affect the other ones.
    Rows(Rows other) {
        this.schema = other.schema;
        this.table = new Sorted(other.table);
        this.indexes = other.indexes.stream().map(Sorted::new).toList();
        this.count = other.count;
    }

    @Nullable
    Row get(ItemKey key) {
        return table.get(key.partition(), place(key));
    }

    void put(Row row) {
        Row old = table.put(row.key().partition(), place(row.key()), row);
        if (old == null) {
            count++;
        } else {
            removeFromIndexes(old);
        }
        for (int i = 0; i < indexes.size(); i++) {
            TableSchema.Index index = schema.indexes().get(i);
            if (has(row, index)) {
                indexes.get(i).put(text(row, index.partitionKey()), place(row, index), row);
            }
        }
    }

    void remove(ItemKey key) {
        Row old = table.remove(key.partition(), place(key));
        if (old != null) {
            count--;
            removeFromIndexes(old);
        }
    }

    private void removeFromIndexes(Row old) {
        for (int i = 0; i < indexes.size(); i++) {
            TableSchema.Index index = schema.indexes().get(i);
            if (has(old, index)) {
                indexes.get(i).remove(text(old, index.partitionKey()), place(old, index));
            }
        }
    }

    /// The table's own order, or an index's.
    ///
    /// @param index null for the table
    Sorted by(TableSchema.@Nullable Index index) {
        return index == null ? table : indexes.get(schema.indexes().indexOf(index));
    }

    static Sorted.Place place(ItemKey key) {
        return new Sorted.Place(key.sort(), key);
    }

    private static Sorted.Place place(Row row, TableSchema.Index index) {
        return new Sorted.Place(text(row, index.sortKey()), row.key());
    }

    private static boolean has(Row row, TableSchema.Index index) {
        return row.item().containsKey(index.partitionKey()) && row.item().containsKey(index.sortKey());
    }

    private static String text(Row row, String name) {
        return Objects.requireNonNull(row.item().get(name), name).s();
    }

    /// All items in the order of their keys; a live view.
    Collection<Map<String, AttributeValue>> items() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<Map<String, AttributeValue>> iterator() {
                return table.all().map(Row::item).iterator();
            }

            @Override
            public int size() {
                return count;
            }
        };
    }

    TableSchema schema() {
        return schema;
    }
}
