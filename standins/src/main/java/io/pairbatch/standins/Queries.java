package io.pairbatch.standins;

import io.pairbatch.standins.expression.Expressions;
import io.pairbatch.standins.expression.Invalid;
import io.pairbatch.standins.expression.KeyCondition;
import io.pairbatch.standins.expression.Placeholders;
import io.pairbatch.standins.expression.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/// Answers queries, one page at a time.
final class Queries {

    private static final Set<String> MEMBERS = Set.of(
            "TableName",
            "IndexName",
            "Select",
            "Limit",
            "ConsistentRead",
            "ScanIndexForward",
            "ExclusiveStartKey",
            "ProjectionExpression",
            "FilterExpression",
            "KeyConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues");
    private static final int PAGE = 1024 * 1024;

    private final TableSchema schema;
    private final ItemRules rules;
    private final Expressions expressions;
    private final Known known = new Known();

    Queries(TableSchema schema, ItemRules rules, Expressions expressions) {
        this.schema = schema;
        this.rules = rules;
        this.expressions = expressions;
    }

    /// @param most the maximum number of items on a page, regardless of the request
    QueryResponse answer(QueryRequest r, Rows rows, int most) {
        known.only(r, MEMBERS);
        TableSchema.Index index = index(r);
        String partitionKey = index == null ? schema.partitionKey() : index.partitionKey();
        String sortKey = index == null ? schema.sortKey() : index.sortKey();
        if (r.limit() != null && r.limit() < 1) {
            throw Invalid.constraint("limit", r.limit(), "Member must have value greater than or equal to 1");
        }
        if (r.keyConditionExpression() == null) {
            throw Invalid.request(
                    "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
        }
        Placeholders placeholders = expressions.with(
                r.hasExpressionAttributeNames(),
                r.expressionAttributeNames(),
                r.hasExpressionAttributeValues(),
                r.expressionAttributeValues());
        KeyCondition condition = placeholders.keyCondition(r.keyConditionExpression(), partitionKey, sortKey);
        Predicate<Map<String, AttributeValue>> filter =
                placeholders.filter(r.filterExpression(), Set.of(partitionKey, sortKey));
        Projection projection = placeholders.projection(r.projectionExpression());
        placeholders.allUsed();
        boolean counts = counts(r, index, projection);
        Sorted.Place after = r.hasExclusiveStartKey() ? after(r.exclusiveStartKey(), index, condition) : null;
        boolean forward = r.scanIndexForward() == null || r.scanIndexForward();

        Set<String> held = index == null ? null : schema.projected(index);
        int limit = r.limit() == null ? most : Math.min(most, r.limit());
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        int scanned = 0;
        int size = 0;
        Row last = null;
        for (Row row : rows.by(index)
                .range(condition.partition(), condition.range(), forward, after)
                .values()) {
            Map<String, AttributeValue> item = held == null ? row.item() : part(row.item(), held);
            if (filter.test(item)) {
                found.add(projection == null ? item : projection.of(item));
            }
            scanned++;
            size += row.size();
            if (scanned == limit || size >= PAGE) {
                last = row;
                break;
            }
        }
        QueryResponse.Builder response =
                QueryResponse.builder().count(found.size()).scannedCount(scanned);
        if (!counts) {
            response.items(found);
        }
        return (last == null ? response : response.lastEvaluatedKey(key(last, index))).build();
    }

    private TableSchema.@Nullable Index index(QueryRequest r) {
        if (r.indexName() == null) {
            return null;
        }
        if (Boolean.TRUE.equals(r.consistentRead())) {
            throw Invalid.request("Consistent reads are not supported on global secondary indexes");
        }
        return schema.indexes().stream()
                .filter(index -> index.name().equals(r.indexName()))
                .findFirst()
                .orElseThrow(() -> Invalid.request("The table does not have the specified index: " + r.indexName()));
    }

    /// Whether only the count is requested.
    private boolean counts(QueryRequest r, TableSchema.@Nullable Index index, @Nullable Projection projection) {
        if (index != null && projection != null) {
            Set<String> held = schema.projected(index);
            if (held != null && !held.containsAll(projection.attributes())) {
                throw Invalid.request("One or more parameter values were invalid: Global secondary index "
                        + index.name() + " does not project " + projection.attributes());
            }
        }
        if (r.selectAsString() == null) {
            return false;
        }
        boolean counts = r.selectAsString().equals("COUNT");
        if (!counts && !(r.selectAsString().equals("ALL_ATTRIBUTES") && index == null)) {
            throw new IllegalArgumentException("Select " + r.selectAsString() + ": not modelled");
        }
        if (projection != null) {
            throw Invalid.request("Cannot specify the ProjectionExpression when choosing to get " + r.selectAsString());
        }
        return counts;
    }

    private Sorted.Place after(
            Map<String, AttributeValue> start, TableSchema.@Nullable Index index, KeyCondition condition) {
        Map<String, AttributeValue> key = new TreeMap<>(start);
        String sort;
        String partition;
        if (index == null) {
            ItemKey item = rules.key(key);
            partition = item.partition();
            sort = item.sort();
        } else {
            partition = taken(key, index.partitionKey(), schema.keys().contains(index.partitionKey()));
            sort = taken(key, index.sortKey(), schema.keys().contains(index.sortKey()));
        }
        if (!partition.equals(condition.partition())) {
            throw Invalid.request("The provided starting key is outside query boundaries based on provided conditions");
        }
        if (!condition.range().contains(sort)) {
            throw Invalid.request("The provided starting key does not match the range key predicate");
        }
        return new Sorted.Place(sort, rules.key(key));
    }

    private static String taken(Map<String, AttributeValue> key, String name, boolean stays) {
        @Nullable AttributeValue value = stays ? key.get(name) : key.remove(name);
        if (value == null || value.type() != AttributeValue.Type.S) {
            throw Invalid.request(
                    "The provided starting key is invalid: The provided key element does not match the" + " schema");
        }
        return value.s();
    }

    private Map<String, AttributeValue> key(Row row, TableSchema.@Nullable Index index) {
        Map<String, AttributeValue> key = part(row.item(), schema.keys());
        if (index != null) {
            key.putAll(part(row.item(), Set.of(index.partitionKey(), index.sortKey())));
        }
        return key;
    }

    private static Map<String, AttributeValue> part(Map<String, AttributeValue> item, Set<String> names) {
        Map<String, AttributeValue> part = new TreeMap<>(item);
        part.keySet().retainAll(names);
        return part;
    }
}
