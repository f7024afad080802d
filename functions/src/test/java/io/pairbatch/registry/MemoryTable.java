package io.pairbatch.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/// A table in memory with as much of DynamoDB's expressions as the registry uses: conditions joined with AND and OR,
/// SET with
/// `if_not_exists`, REMOVE, and transactions that happen whole or not at all.
public final class MemoryTable implements DynamoDbClient {

    private final Map<String, Map<String, AttributeValue>> items = new TreeMap<>();

    @Override
    public String serviceName() {
        return "dynamodb";
    }

    @Override
    public void close() {
        items.clear();
    }

    /// The table as it is now.
    public MemoryTable copy() {
        MemoryTable copy = new MemoryTable();
        copy.reset(this);
        return copy;
    }

    /// Sets the table back to what a copy holds.
    public void reset(MemoryTable copy) {
        items.clear();
        copy.items.forEach((key, item) -> items.put(key, new TreeMap<>(item)));
    }

    /// The item with this sort key in the only job of a test, to be read or changed in place.
    public Map<String, AttributeValue> item(String jobId, String sortKey) {
        return items.computeIfAbsent(jobId + "\n" + sortKey, key -> new TreeMap<>());
    }

    @Override
    public GetItemResponse getItem(GetItemRequest r) {
        return GetItemResponse.builder().item(items.get(key(r.key()))).build();
    }

    @Override
    public PutItemResponse putItem(PutItemRequest r) {
        Map<String, AttributeValue> old = items.get(key(r.item()));
        if (!holds(r.conditionExpression(), Map.of(), r.expressionAttributeValues(), old)) {
            throw failed(old);
        }
        items.put(key(r.item()), new TreeMap<>(r.item()));
        return PutItemResponse.builder().build();
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest r) {
        Map<String, AttributeValue> old = items.get(key(r.key()));
        if (!holds(r.conditionExpression(), r.expressionAttributeNames(), r.expressionAttributeValues(), old)) {
            throw failed(old);
        }
        update(r.key(), r.updateExpression(), r.expressionAttributeNames(), r.expressionAttributeValues());
        return UpdateItemResponse.builder().attributes(items.get(key(r.key()))).build();
    }

    @Override
    public QueryResponse query(QueryRequest r) {
        if (r.indexName() != null) {
            return QueryResponse.builder()
                    .items(items.values().stream()
                            .filter(item -> item.containsKey("kind"))
                            .toList())
                    .build();
        }
        String prefix =
                text(r.expressionAttributeValues(), ":job") + "\n" + text(r.expressionAttributeValues(), ":prefix");
        return QueryResponse.builder()
                .items(items.entrySet().stream()
                        .filter(e -> e.getKey().startsWith(prefix))
                        .map(Map.Entry::getValue)
                        .toList())
                .build();
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest r) {
        List<CancellationReason> reasons =
                r.transactItems().stream().map(this::check).toList();
        if (reasons.stream().anyMatch(reason -> !"None".equals(reason.code()))) {
            throw TransactionCanceledException.builder()
                    .cancellationReasons(reasons)
                    .build();
        }
        for (TransactWriteItem item : r.transactItems()) {
            if (item.put() != null) {
                items.put(key(item.put().item()), new TreeMap<>(item.put().item()));
            } else if (item.update() != null) {
                update(
                        item.update().key(),
                        item.update().updateExpression(),
                        item.update().expressionAttributeNames(),
                        item.update().expressionAttributeValues());
            }
        }
        return TransactWriteItemsResponse.builder().build();
    }

    private CancellationReason check(TransactWriteItem item) {
        Map<String, AttributeValue> old;
        boolean holds;
        if (item.put() != null) {
            old = items.get(key(item.put().item()));
            holds = holds(item.put().conditionExpression(), Map.of(), Map.of(), old);
        } else if (item.update() != null) {
            old = items.get(key(item.update().key()));
            holds = holds(
                    item.update().conditionExpression(),
                    item.update().expressionAttributeNames(),
                    item.update().expressionAttributeValues(),
                    old);
        } else {
            old = items.get(key(item.conditionCheck().key()));
            holds = holds(
                    item.conditionCheck().conditionExpression(),
                    item.conditionCheck().expressionAttributeNames(),
                    item.conditionCheck().expressionAttributeValues(),
                    old);
        }
        return holds
                ? CancellationReason.builder().code("None").build()
                : CancellationReason.builder()
                        .code("ConditionalCheckFailed")
                        .item(old)
                        .build();
    }

    private static ConditionalCheckFailedException failed(@Nullable Map<String, AttributeValue> old) {
        return ConditionalCheckFailedException.builder().item(old).build();
    }

    private static String key(Map<String, AttributeValue> item) {
        return text(item, "job_id") + "\n" + text(item, "item");
    }

    private static String text(Map<String, AttributeValue> values, String name) {
        return Objects.requireNonNull(values.get(name), name).s();
    }

    private static boolean holds(
            @Nullable String condition,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            @Nullable Map<String, AttributeValue> item) {
        Map<String, AttributeValue> old = item == null ? Map.of() : item;
        return condition == null
                || Arrays.stream(condition.split(" AND ", -1)).allMatch(term -> either(term, names, values, old));
    }

    private static boolean either(
            String terms,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            Map<String, AttributeValue> item) {
        String bare = terms.startsWith("(") ? terms.substring(1, terms.length() - 1) : terms;
        return Arrays.stream(bare.split(" OR ", -1)).anyMatch(term -> term(term, names, values, item));
    }

    private static boolean term(
            String term,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            Map<String, AttributeValue> item) {
        if (term.startsWith("attribute_")) {
            String name = names.getOrDefault(
                    term.substring(term.indexOf('(') + 1, term.length() - 1), term.replaceAll(".*\\(|\\)", ""));
            return item.containsKey(name) == term.startsWith("attribute_exists");
        }
        if (term.contains(" <> ")) {
            return !term(term.replace(" <> ", " = "), names, values, item);
        }
        if (term.contains(" < ")) {
            String[] sides = term.split(" < ", -1);
            return item.containsKey(sides[0])
                    && Long.parseLong(Objects.requireNonNull(item.get(sides[0])).n())
                            < Long.parseLong(
                                    Objects.requireNonNull(values.get(sides[1])).n());
        }
        if (term.contains(" <= ")) {
            String[] sides = term.split(" <= ", -1);
            return item.containsKey(sides[0]) && text(item, sides[0]).compareTo(text(values, sides[1])) <= 0;
        }
        String[] sides = term.split(" = | IN ", -1);
        AttributeValue value = item.get(names.getOrDefault(sides[0], sides[0]));
        return value != null
                && Arrays.stream(sides[1].replaceAll("[()]", "").split(", ", -1))
                        .anyMatch(name -> value.equals(values.get(name)));
    }

    private void update(
            Map<String, AttributeValue> key,
            String expression,
            Map<String, String> names,
            Map<String, AttributeValue> values) {
        Map<String, AttributeValue> item = new TreeMap<>(items.getOrDefault(key(key), key));
        String[] parts = (" " + expression).split(" REMOVE ", -1);
        String sets = parts[0].replaceFirst("^ SET ", "");
        for (String set : sets.isEmpty() ? List.<String>of() : splitAtCommas(sets)) {
            String[] sides = set.split(" = ", -1);
            String name = names.getOrDefault(sides[0], sides[0]);
            String value = sides[1].replaceAll(".*, |\\)", "");
            if (!sides[1].startsWith("if_not_exists") || !item.containsKey(name)) {
                item.put(name, values.get(value));
            }
        }
        if (parts.length > 1) {
            Arrays.stream(parts[1].split(", ", -1)).forEach(item::remove);
        }
        items.put(key(key), item);
    }

    private static List<String> splitAtCommas(String text) {
        return new ArrayList<>(Arrays.asList(text.split(", (?![^(]*\\))")));
    }
}
