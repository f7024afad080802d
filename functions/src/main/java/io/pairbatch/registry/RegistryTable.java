package io.pairbatch.registry;

import io.pairbatch.job.RetryableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverter;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverterProvider;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.EnhancedType;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.TableMetadata;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.extensions.AtomicCounterExtension;
import software.amazon.awssdk.enhanced.dynamodb.model.BatchWriteResult;
import software.amazon.awssdk.enhanced.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactDeleteItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactPutItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactUpdateItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.WriteBatch;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// The registry's table, accessed through DynamoDB's enhanced client. Reads are consistent, except those of an index.
/// Nothing else here knows how DynamoDB writes a value or an expression.
final class RegistryTable {

    static final String BY_TIME = "jobs-by-time";

    private static final AttributeConverterProvider CONVERTERS = AttributeConverterProvider.defaultProvider();
    private static final String CONDITION_FAILED = "ConditionalCheckFailed";
    private static final String CONFLICT = "TransactionConflict";
    /// Why a transaction failed that may be made if it is tried again.
    private static final Set<String> PASSING = Set.of(CONFLICT, "ThrottlingError", "ProvisionedThroughputExceeded");

    private static final int MOST_CONFLICTS = 5;

    private final DynamoDbEnhancedClient client;
    private final String name;

    RegistryTable(DynamoDbClient dynamo, String name) {
        this.client = DynamoDbEnhancedClient.builder()
                .dynamoDbClient(dynamo)
                .extensions(AtomicCounterExtension.builder().build())
                .build();
        this.name = name;
    }

    /// The result of a conditional write.
    ///
    /// @param done whether the condition held
    /// @param row the item after the write: changed, or the one that failed the condition; null if there is none
    record Written(boolean done, @Nullable Row row) {

        Row required() {
            return Objects.requireNonNull(row, "no such item");
        }
    }

    Optional<Row> find(Kind kind, ItemKey key) {
        return Optional.ofNullable(
                table(kind.schema()).getItem(r -> r.key(key(key)).consistentRead(true)));
    }

    /// Writes the whole item, replacing any existing one.
    void put(Kind kind, Row row) {
        table(kind.schema()).putItem(row);
    }

    /// Writes the whole item if the condition holds.
    Written put(Kind kind, Row row, Condition condition) {
        try {
            table(kind.schema())
                    .putItem(r -> r.item(row)
                            .conditionExpression(expression(condition))
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return new Written(true, row);
        } catch (ConditionalCheckFailedException e) {
            return inTheWay(kind, e);
        }
    }

    /// Changes some attributes of an item if the condition holds; without a condition, also creates a missing item.
    Written update(Kind kind, ItemKey key, List<Change> changes, Condition condition) {
        try {
            Row row = table(kind.view(changes))
                    .updateItem(r -> r.item(row(key, changes))
                            .conditionExpression(expression(condition))
                            .returnValues(ReturnValue.ALL_NEW)
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return new Written(true, row);
        } catch (ConditionalCheckFailedException e) {
            return inTheWay(kind, e);
        }
    }

    /// The same if the item is not needed.
    ///
    /// @return whether the condition held
    boolean change(Kind kind, ItemKey key, List<Change> changes, Condition condition) {
        try {
            table(kind.view(changes))
                    .updateItem(r -> r.item(row(key, changes))
                            .conditionExpression(expression(condition))
                            .returnValues(ReturnValue.NONE));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    private static Written inTheWay(Kind kind, ConditionalCheckFailedException e) {
        return new Written(false, e.hasItem() ? kind.schema().mapToItem(e.item()) : null);
    }

    void delete(Kind kind, ItemKey key) {
        table(kind.schema()).deleteItem(key(key));
    }

    /// Deletes an item if the condition holds.
    ///
    /// @return whether it did
    boolean delete(Kind kind, ItemKey key, Condition condition) {
        try {
            table(kind.schema()).deleteItem(r -> r.key(key(key)).conditionExpression(expression(condition)));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /// The result of a transaction: either all of its writes were made, or none.
    static final class Transacted {

        private final List<Write> writes;
        private final @Nullable TransactionCanceledException refusal;

        private Transacted(List<Write> writes, @Nullable TransactionCanceledException refusal) {
            this.writes = writes;
            this.refusal = refusal;
        }

        boolean done() {
            return refusal == null;
        }

        /// Whether the condition of a write failed.
        boolean refused(int write) {
            return reason(write)
                    .filter(reason -> CONDITION_FAILED.equals(reason.code()))
                    .isPresent();
        }

        /// Why a write was not made; empty if that is not known.
        private Optional<CancellationReason> reason(int write) {
            return refusal == null || write >= refusal.cancellationReasons().size()
                    ? Optional.empty()
                    : Optional.of(refusal.cancellationReasons().get(write));
        }

        /// Whether another transaction was in the way.
        private boolean met() {
            return refusal != null && refusal.cancellationReasons().stream().anyMatch(r -> CONFLICT.equals(r.code()));
        }

        /// The item that the condition of a write failed for.
        Optional<Row> inTheWay(int write) {
            return reason(write)
                    .filter(CancellationReason::hasItem)
                    .map(reason -> writes.get(write).kind().schema().mapToItem(reason.item()));
        }

        /// Returns this, unless the transaction failed for another reason than a condition: then its conditions are not
        /// known to have failed, and nothing follows from it.
        ///
        /// @throws RetryableException if it met another write or a limit
        /// @throws TransactionCanceledException if it failed otherwise
        Transacted orThrowUnlessConditions() {
            if (refusal != null && !onlyConditions(refusal.cancellationReasons())) {
                throw failure(refusal);
            }
            return this;
        }

        private static boolean onlyConditions(List<CancellationReason> reasons) {
            return !reasons.isEmpty()
                    && reasons.stream().allMatch(r -> "None".equals(r.code()) || CONDITION_FAILED.equals(r.code()));
        }

        /// Returns normally if the transaction was made.
        ///
        /// @throws RetryableException if it met another write or a limit
        /// @throws TransactionCanceledException if it failed otherwise
        void orThrow() {
            if (refusal != null) {
                throw failure(refusal);
            }
        }

        private static RuntimeException failure(TransactionCanceledException refusal) {
            return refusal.cancellationReasons().stream().anyMatch(r -> PASSING.contains(String.valueOf(r.code())))
                    ? new RetryableException("a transaction of the registry met another write or a limit", refusal)
                    : refusal;
        }
    }

    /// Makes all of the writes, or none. One that meets another transaction of the same item is made again: nothing of
    /// it was written.
    Transacted transact(List<Write> writes) {
        Transacted made = transactOnce(writes);
        for (int tries = 1; tries < MOST_CONFLICTS && made.met(); tries++) {
            made = transactOnce(writes);
        }
        return made;
    }

    private Transacted transactOnce(List<Write> writes) {
        TransactWriteItemsEnhancedRequest.Builder request = TransactWriteItemsEnhancedRequest.builder();
        writes.forEach(write -> add(request, write));
        try {
            client.transactWriteItems(request.build());
            return new Transacted(writes, null);
        } catch (TransactionCanceledException e) {
            return new Transacted(writes, e);
        }
    }

    private void add(TransactWriteItemsEnhancedRequest.Builder request, Write write) {
        ReturnValuesOnConditionCheckFailure old = ReturnValuesOnConditionCheckFailure.ALL_OLD;
        switch (write) {
            case Write.Check check ->
                request.addConditionCheck(
                        table(check.kind().schema()),
                        ConditionCheck.builder()
                                .key(key(check.key()))
                                .conditionExpression(expression(check.condition()))
                                .returnValuesOnConditionCheckFailure(old)
                                .build());
            case Write.Update update ->
                request.addUpdateItem(
                        table(update.kind().view(update.changes())),
                        TransactUpdateItemEnhancedRequest.builder(Row.class)
                                .item(row(update.key(), update.changes()))
                                .conditionExpression(expression(update.condition()))
                                .returnValuesOnConditionCheckFailure(old)
                                .build());
            case Write.Put put -> {
                TransactPutItemEnhancedRequest.Builder<Row> item =
                        TransactPutItemEnhancedRequest.builder(Row.class).item(put.row());
                if (put.condition() != null) {
                    item.conditionExpression(expression(put.condition())).returnValuesOnConditionCheckFailure(old);
                }
                request.addPutItem(table(put.kind().schema()), item.build());
            }
            case Write.Delete delete ->
                request.addDeleteItem(
                        table(delete.kind().schema()),
                        TransactDeleteItemEnhancedRequest.builder()
                                .key(key(delete.key()))
                                .conditionExpression(expression(delete.condition()))
                                .returnValuesOnConditionCheckFailure(old)
                                .build());
        }
    }

    /// Passes on the items of a partition whose sort key begins with `prefix`, in order; holds a page of 1 MB at a
    /// time.
    ///
    /// @param filter the condition for an item to be passed on
    void each(Kind kind, String jobId, String prefix, Condition filter, Consumer<Row> row) {
        each(kind, jobId, prefix, filter, List.of(), row);
    }

    /// The same with only some attributes; with all of them if none are named.
    void each(
            Kind kind,
            String jobId,
            String prefix,
            Condition filter,
            List<Attribute<?>> attributes,
            Consumer<Row> row) {
        table(kind.schema())
                .query(r -> r.queryConditional(beginning(jobId, prefix))
                        .consistentRead(true)
                        .filterExpression(expression(filter))
                        .attributesToProject(
                                attributes.stream().map(Attribute::name).toArray(String[]::new)))
                .items()
                .forEach(row);
    }

    /// The first items of a partition whose sort key begins with `prefix`, at most `limit`.
    ///
    /// @param after the sort key to continue after; null for the first page
    Page page(Kind kind, String jobId, String prefix, int limit, @Nullable String after) {
        QueryEnhancedRequest.Builder request = QueryEnhancedRequest.builder()
                .queryConditional(beginning(jobId, prefix))
                .consistentRead(true)
                .limit(limit);
        if (after != null) {
            request.exclusiveStartKey(key(new ItemKey(jobId, after)).primaryKeyMap(kind.schema()));
        }
        return page(table(kind.schema()).query(request.build()).iterator().next());
    }

    /// Some items.
    ///
    /// @param next the key to continue after; null at the end
    record Page(List<Row> rows, @Nullable Map<String, String> next) {}

    private static Page page(software.amazon.awssdk.enhanced.dynamodb.model.Page<Row> page) {
        Map<String, AttributeValue> last = page.lastEvaluatedKey();
        return new Page(
                page.items(),
                last == null || last.isEmpty()
                        ? null
                        : last.entrySet().stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey, e -> e.getValue().s())));
    }

    /// The items of a partition of the index, newest first; the index may lag slightly behind the table.
    ///
    /// @param filter the condition for an item to be returned; null for all
    Stream<Row> newestFirst(Kind kind, String partition, @Nullable Condition filter) {
        return table(kind.schema())
                .index(BY_TIME)
                .query(newest(partition, filter).build())
                .stream()
                .flatMap(page -> page.items().stream());
    }

    /// A page of the same.
    ///
    /// @param after the key to continue after, with string attributes; null for the newest
    Page newestFirst(Kind kind, String partition, int limit, @Nullable Map<String, String> after) {
        QueryEnhancedRequest.Builder request = newest(partition, null).limit(limit);
        if (after != null) {
            request.exclusiveStartKey(after.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, e -> AttributeValue.fromS(e.getValue()))));
        }
        return page(table(kind.schema())
                .index(BY_TIME)
                .query(request.build())
                .iterator()
                .next());
    }

    private static QueryEnhancedRequest.Builder newest(String partition, @Nullable Condition filter) {
        QueryEnhancedRequest.Builder request = QueryEnhancedRequest.builder()
                .queryConditional(QueryConditional.keyEqualTo(k -> k.partitionValue(partition)))
                .scanIndexForward(false);
        return filter == null ? request : request.filterExpression(expression(filter));
    }

    /// Deletes at most 25 items, with as many requests to DynamoDB as it takes.
    void deleteAll(Kind kind, List<ItemKey> keys) {
        DynamoDbTable<Row> table = table(kind.schema());
        List<Key> left = keys.stream().map(RegistryTable::key).toList();
        while (!left.isEmpty()) {
            WriteBatch.Builder<Row> batch = WriteBatch.builder(Row.class).mappedTableResource(table);
            left.forEach(batch::addDeleteItem);
            BatchWriteResult result = client.batchWriteItem(r -> r.writeBatches(batch.build()));
            left = result.unprocessedDeleteItemsForTable(table);
        }
    }

    private DynamoDbTable<Row> table(TableSchema<Row> schema) {
        return client.table(name, schema);
    }

    private static QueryConditional beginning(String jobId, String prefix) {
        return QueryConditional.sortBeginsWith(k -> k.partitionValue(jobId).sortValue(prefix));
    }

    private static Key key(ItemKey key) {
        return Key.builder().partitionValue(key.jobId()).sortValue(key.item()).build();
    }

    private static Row row(ItemKey key, List<Change> changes) {
        Row row = new Row().with(Kind.JOB_ID, key.jobId()).with(Kind.ITEM, key.item());
        changes.forEach(change -> {
            if (change instanceof Change.Set<?> set) {
                set(row, set.attribute(), set.value());
            } else if (change instanceof Change.First<?> first) {
                set(row, first.attribute(), first.value());
            }
        });
        return row;
    }

    /// A change's value has its attribute's type.
    @SuppressWarnings("unchecked")
    private static <V> void set(Row row, Attribute<V> attribute, Object value) {
        row.with(attribute, (V) value);
    }

    private static Expression expression(Condition condition) {
        Placeholders placeholders = new Placeholders();
        String text = placeholders.text(condition);
        return Expression.builder()
                .expression(text)
                .expressionNames(placeholders.names)
                .expressionValues(placeholders.values)
                .build();
    }

    /// A condition as a DynamoDB expression, with a placeholder for each name and value.
    private static final class Placeholders {

        private final Map<String, String> names = new HashMap<>();
        private final Map<String, AttributeValue> values = new HashMap<>();

        String text(Condition condition) {
            return switch (condition) {
                case Condition.Compared<?> c ->
                    name(c.attribute()) + " " + c.operator() + " " + value(c.attribute(), c.value());
                case Condition.OneOf<?> c ->
                    c.values().stream()
                            .map(v -> value(c.attribute(), v))
                            .collect(Collectors.joining(", ", name(c.attribute()) + " IN (", ")"));
                case Condition.BeginsWith<?> c ->
                    "begins_with(" + name(c.attribute()) + ", " + value(c.attribute(), c.prefix()) + ")";
                case Condition.Exists c ->
                    (c.exists() ? "attribute_exists(" : "attribute_not_exists(") + name(c.attribute()) + ")";
                case Condition.All c -> joined(c.conditions(), " AND ");
                case Condition.Any c -> joined(c.conditions(), " OR ");
            };
        }

        private String joined(List<Condition> conditions, String by) {
            List<String> texts = new ArrayList<>();
            conditions.forEach(c -> texts.add(text(c)));
            return texts.stream().collect(Collectors.joining(by, "(", ")"));
        }

        private String name(Attribute<?> attribute) {
            String placeholder = "#c_" + attribute.name();
            names.put(placeholder, attribute.name());
            return placeholder;
        }

        @SuppressWarnings("unchecked")
        private <V> String value(Attribute<V> attribute, Object value) {
            String placeholder = ":c" + values.size();
            values.put(
                    placeholder,
                    value instanceof Enum<?> constant
                            ? AttributeValue.fromS(constant.name())
                            : CONVERTERS.converterFor(attribute.type()).transformFrom((V) value));
            return placeholder;
        }
    }

    /// A schema that writes the attributes of `view` and reads those of `whole`.
    static TableSchema<Row> answeringWith(TableSchema<Row> whole, TableSchema<Row> view) {
        return new View(view, whole);
    }

    /// Writes the attributes of the view and reads those of the item.
    private record View(TableSchema<Row> view, TableSchema<Row> whole) implements TableSchema<Row> {

        @Override
        public Row mapToItem(Map<String, AttributeValue> attributeMap) {
            return whole.mapToItem(attributeMap);
        }

        @Override
        public Map<String, AttributeValue> itemToMap(Row item, boolean ignoreNulls) {
            return view.itemToMap(item, ignoreNulls);
        }

        @Override
        public Map<String, AttributeValue> itemToMap(Row item, Collection<String> attributes) {
            return view.itemToMap(item, attributes);
        }

        @Override
        public @Nullable AttributeValue attributeValue(Row item, String attributeName) {
            return view.attributeValue(item, attributeName);
        }

        @Override
        public TableMetadata tableMetadata() {
            return view.tableMetadata();
        }

        @Override
        public EnhancedType<Row> itemType() {
            return view.itemType();
        }

        @Override
        public List<String> attributeNames() {
            return view.attributeNames();
        }

        @Override
        public boolean isAbstract() {
            return false;
        }

        @Override
        public AttributeConverter<Row> converterForAttribute(Object key) {
            return view.converterForAttribute(key);
        }
    }
}
