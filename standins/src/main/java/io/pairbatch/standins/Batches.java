package io.pairbatch.standins;

import io.pairbatch.standins.expression.Expressions;
import io.pairbatch.standins.expression.Invalid;
import io.pairbatch.standins.expression.Placeholders;
import io.pairbatch.standins.expression.Projection;
import io.pairbatch.standins.expression.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Several reads or writes in one request, each independent of the others.
final class Batches {

    private static final int MOST_WRITES = 25;
    private static final int MOST_READS = 100;

    private final ItemRules rules;
    private final Expressions expressions;
    private final Known known = new Known();

    Batches(ItemRules rules, Expressions expressions) {
        this.rules = rules;
        this.expressions = expressions;
    }

    void write(List<WriteRequest> requests, Rows rows) {
        if (requests.isEmpty() || requests.size() > MOST_WRITES) {
            throw Invalid.constraint(
                    "requestItems",
                    requests.size(),
                    "Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must"
                            + " have length greater than or equal to 1]");
        }
        Map<ItemKey, @Nullable Row> after = new TreeMap<>();
        for (WriteRequest request : requests) {
            known.only(request, Set.of("PutRequest", "DeleteRequest"));
            if ((request.putRequest() == null) == (request.deleteRequest() == null)) {
                throw Invalid.request("Supplied WriteRequest must contain exactly one of PutRequest and DeleteRequest");
            }
            @Nullable
            Row row = request.putRequest() == null
                    ? null
                    : rules.row(Values.checked(request.putRequest().item()));
            ItemKey key = row == null ? rules.key(request.deleteRequest().key()) : row.key();
            if (after.containsKey(key)) {
                throw duplicates();
            }
            after.put(key, row);
        }
        after.forEach((key, row) -> {
            if (row == null) {
                rows.remove(key);
            } else {
                rows.put(row);
            }
        });
    }

    /// The existing items, in the order of their keys and not of the request.
    List<Map<String, AttributeValue>> read(KeysAndAttributes r, Rows rows) {
        known.only(r, Set.of("Keys", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"));
        if (r.keys().isEmpty() || r.keys().size() > MOST_READS) {
            throw Invalid.constraint("requestItems.keys", r.keys().size(), "Member must have length between 1 and 100");
        }
        Placeholders placeholders =
                expressions.with(r.hasExpressionAttributeNames(), r.expressionAttributeNames(), false, Map.of());
        Projection projection = placeholders.projection(r.projectionExpression());
        placeholders.allUsed();
        Set<ItemKey> keys = new TreeSet<>();
        for (Map<String, AttributeValue> key : r.keys()) {
            if (!keys.add(rules.key(key))) {
                throw duplicates();
            }
        }
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        for (ItemKey key : keys) {
            Row row = rows.get(key);
            if (row != null) {
                items.add(projection == null ? row.item() : projection.of(row.item()));
            }
        }
        return items;
    }

    private static RuntimeException duplicates() {
        return Invalid.request("Provided list of item keys contains duplicates");
    }
}
