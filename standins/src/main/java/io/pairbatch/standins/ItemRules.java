package io.pairbatch.standins;

import io.pairbatch.standins.expression.Invalid;
import io.pairbatch.standins.expression.Values;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// The rules of a table for its items and their keys.
final class ItemRules {

    private static final int LARGEST_ITEM = 400 * 1024;
    private static final int LARGEST_PARTITION_KEY = 2048;
    private static final int LARGEST_SORT_KEY = 1024;

    private final TableSchema schema;

    ItemRules(TableSchema schema) {
        this.schema = schema;
    }

    /// The key that a request names; anything else is refused.
    ItemKey key(Map<String, AttributeValue> key) {
        AttributeValue partition = key.get(schema.partitionKey());
        AttributeValue sort = key.get(schema.sortKey());
        if (key.size() != 2
                || partition == null
                || sort == null
                || partition.type() != AttributeValue.Type.S
                || sort.type() != AttributeValue.Type.S) {
            throw Invalid.request("The provided key element does not match the schema");
        }
        return key(partition, sort);
    }

    /// Refuses an empty string for a key of the table or of an index.
    void noEmptyKeys(Map<String, AttributeValue> attributes) {
        notEmpty(schema.partitionKey(), attributes.get(schema.partitionKey()));
        notEmpty(schema.sortKey(), attributes.get(schema.sortKey()));
        for (TableSchema.Index index : schema.indexes()) {
            notEmpty(index, index.partitionKey(), attributes.get(index.partitionKey()));
            notEmpty(index, index.sortKey(), attributes.get(index.sortKey()));
        }
    }

    /// An item as it is stored.
    ///
    /// @param checked its attributes, each a value as the service stores it
    Row row(Map<String, AttributeValue> checked) {
        return row(checked, "Item size has exceeded the maximum allowed size");
    }

    /// An item as it is stored after an update.
    Row updated(Map<String, AttributeValue> checked) {
        return row(checked, "Item size to update has exceeded the maximum allowed size");
    }

    private Row row(Map<String, AttributeValue> item, String tooLarge) {
        ItemKey key = key(keyAttribute(item, schema.partitionKey()), keyAttribute(item, schema.sortKey()));
        for (TableSchema.Index index : schema.indexes()) {
            indexKey(item, index, index.partitionKey(), LARGEST_PARTITION_KEY);
            indexKey(item, index, index.sortKey(), LARGEST_SORT_KEY);
        }
        int size = Values.size(item);
        if (size > LARGEST_ITEM) {
            throw Invalid.request(tooLarge);
        }
        return new Row(key, Collections.unmodifiableMap(item), size);
    }

    private ItemKey key(AttributeValue partition, AttributeValue sort) {
        notEmpty(schema.partitionKey(), partition);
        notEmpty(schema.sortKey(), sort);
        if (Values.utf8(partition.s()) > LARGEST_PARTITION_KEY) {
            throw Invalid.request("One or more parameter values were invalid: Size of hashkey has exceeded the maximum"
                    + " size limit of 2048 bytes");
        }
        if (Values.utf8(sort.s()) > LARGEST_SORT_KEY) {
            throw Invalid.request("One or more parameter values were invalid: Aggregated size of all range keys has"
                    + " exceeded the size limit of 1024 bytes");
        }
        return new ItemKey(partition.s(), sort.s());
    }

    private static AttributeValue keyAttribute(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw Invalid.request(
                    "One or more parameter values were invalid: Missing the key " + name + " in the item");
        }
        if (value.type() != AttributeValue.Type.S) {
            throw Invalid.request("One or more parameter values were invalid: Type mismatch for key " + name
                    + " expected: S actual: " + value.type());
        }
        return value;
    }

    private static void notEmpty(String name, @Nullable AttributeValue value) {
        if (isEmpty(value)) {
            throw Invalid.request("One or more parameter values are not valid. The AttributeValue for a key attribute"
                    + " cannot contain an empty string value. Key: " + name);
        }
    }

    private static void notEmpty(TableSchema.Index index, String name, @Nullable AttributeValue value) {
        if (isEmpty(value)) {
            throw Invalid.request("One or more parameter values are not valid. A value specified for a secondary index"
                    + " key is not supported. The AttributeValue for a key attribute cannot contain an empty string"
                    + " value. IndexName: " + index.name() + ", IndexKey: " + name);
        }
    }

    private static boolean isEmpty(@Nullable AttributeValue value) {
        return value != null
                && value.type() == AttributeValue.Type.S
                && value.s().isEmpty();
    }

    private static void indexKey(Map<String, AttributeValue> item, TableSchema.Index index, String name, int largest) {
        @Nullable AttributeValue value = item.get(name);
        if (value == null) {
            return;
        }
        if (value.type() != AttributeValue.Type.S) {
            throw wrong("Type mismatch for Index Key " + name + " Expected: S Actual: " + value.type() + " IndexName: "
                    + index.name());
        }
        notEmpty(index, name, value);
        if (Values.utf8(value.s()) > largest) {
            throw wrong("Size of index key " + name + " has exceeded the maximum size limit of " + largest + " bytes");
        }
    }

    private static DynamoDbException wrong(String why) {
        return Invalid.request("One or more parameter values were invalid: " + why);
    }
}
