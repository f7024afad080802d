package io.pairbatch.standins;

import io.pairbatch.standins.expression.Change;
import io.pairbatch.standins.expression.Expressions;
import io.pairbatch.standins.expression.Invalid;
import io.pairbatch.standins.expression.Placeholders;
import io.pairbatch.standins.expression.Projection;
import io.pairbatch.standins.expression.Values;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// One DynamoDB table in memory, for one thread. It refuses what the service would refuse, in the same way, and what it
/// does not model with an [IllegalArgumentException] or an [UnsupportedOperationException].
///
/// An index never lags behind its table, and nothing expires.
public final class MemoryTable implements DynamoDbClient {

    private static final Set<String> GET =
            Set.of("TableName", "Key", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames");

    private final String name;
    private final Expressions expressions;
    private final ItemRules rules;
    private final Writes writes;
    private final Queries queries;
    private final Batches batches;
    private final Transactions transactions;
    private final Known known = new Known();
    private final TableSchema schema;
    private Rows rows;
    private int itemsPerPage = Integer.MAX_VALUE;

    /// @param name the only table name that is known
    /// @param clock for the expiry of transaction tokens
    public MemoryTable(String name, TableSchema schema, InstantSource clock) {
        this(name, schema, new Expressions(), new Transactions(clock), new Rows(schema));
    }

    private MemoryTable(
            String name, TableSchema schema, Expressions expressions, Transactions transactions, Rows rows) {
        this.name = name;
        this.schema = schema;
        this.expressions = expressions;
        this.rules = new ItemRules(schema);
        this.writes = new Writes(schema, rules, expressions);
        this.queries = new Queries(schema, rules, expressions);
        this.batches = new Batches(rules, expressions);
        this.transactions = transactions;
        this.rows = rows;
    }

    /// The table of Pairbatch's jobs.
    public static MemoryTable registry(String name) {
        return registry(name, InstantSource.system());
    }

    /// The table of Pairbatch's jobs.
    ///
    /// @param clock for the expiry of transaction tokens
    public static MemoryTable registry(String name, InstantSource clock) {
        return new MemoryTable(name, TableSchema.registry(), clock);
    }

    /// All items as they were at one time.
    public static final class Snapshot {

        private final Rows rows;

        private Snapshot(Rows rows) {
            this.rows = rows;
        }

        /// The items in the order of their keys.
        public Collection<Map<String, AttributeValue>> items() {
            return rows.items();
        }
    }

    /// All items as they are now.
    public Snapshot snapshot() {
        return new Snapshot(new Rows(rows));
    }

    /// Restores the items. The tokens of transactions are forgotten, as in a table restored from a backup.
    public void reset(Snapshot snapshot) {
        if (!snapshot.rows.schema().equals(schema)) {
            throw new IllegalArgumentException("a snapshot of a table with other keys");
        }
        rows = new Rows(snapshot.rows);
        transactions.clear();
    }

    /// Removes every item and all transaction tokens.
    public void clear() {
        rows = new Rows(schema);
        transactions.clear();
    }

    /// An independent table with the same items and tokens.
    public MemoryTable copy() {
        MemoryTable copy = new MemoryTable(name, schema, expressions, new Transactions(transactions), new Rows(rows));
        copy.itemsPerPage = itemsPerPage;
        return copy;
    }

    /// Ends each page of a query after this many items, as the service does after 1 MB of them.
    public void itemsPerPage(int most) {
        itemsPerPage = most;
    }

    public TableSchema schema() {
        return schema;
    }

    /// All items in the order of their keys; a live view.
    public Collection<Map<String, AttributeValue>> items() {
        return rows.items();
    }

    /// The item with this key; without attributes if it does not exist.
    public Map<String, AttributeValue> item(String partition, String sort) {
        Row row = rows.get(new ItemKey(partition, sort));
        return row == null ? Map.of() : row.item();
    }

    /// Changes an item behind the scenes, and creates it if it does not exist.
    ///
    /// @param change receives the attributes, including the key
    public void edit(String partition, String sort, Consumer<Map<String, AttributeValue>> change) {
        Map<String, AttributeValue> item = new TreeMap<>(item(partition, sort));
        item.put(schema.partitionKey(), AttributeValue.fromS(partition));
        item.put(schema.sortKey(), AttributeValue.fromS(sort));
        change.accept(item);
        Row row = rules.row(Values.checked(item));
        if (!row.key().equals(new ItemKey(partition, sort))) {
            throw new IllegalArgumentException("an edit of the key");
        }
        rows.put(row);
    }

    /// Loses an item.
    public void lose(String partition, String sort) {
        rows.remove(new ItemKey(partition, sort));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /// Keeps the items: the creator of the table may still read them.
    @Override
    public void close() {}

    @Override
    public GetItemResponse getItem(GetItemRequest r) {
        known.only(r, GET);
        known(r.tableName());
        Placeholders placeholders =
                expressions.with(r.hasExpressionAttributeNames(), r.expressionAttributeNames(), false, Map.of());
        Projection projection = placeholders.projection(r.projectionExpression());
        placeholders.allUsed();
        Row row = rows.get(rules.key(r.key()));
        if (row == null) {
            return GetItemResponse.builder().build();
        }
        return GetItemResponse.builder()
                .item(projection == null ? row.item() : projection.of(row.item()))
                .build();
    }

    @Override
    public PutItemResponse putItem(PutItemRequest r) {
        known(r.tableName());
        Write write = writes.put(r).get();
        boolean tellsOld = oneOf(r.returnValuesAsString(), "ALL_OLD").equals("ALL_OLD");
        Row old = carryOut(write);
        return PutItemResponse.builder()
                .attributes(tellsOld && old != null ? old.item() : null)
                .build();
    }

    @Override
    public DeleteItemResponse deleteItem(DeleteItemRequest r) {
        known(r.tableName());
        Write write = writes.delete(r).get();
        boolean tellsOld = oneOf(r.returnValuesAsString(), "ALL_OLD").equals("ALL_OLD");
        Row old = carryOut(write);
        return DeleteItemResponse.builder()
                .attributes(tellsOld && old != null ? old.item() : null)
                .build();
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest r) {
        known(r.tableName());
        Writes.Updating updating = writes.update(r);
        String told = oneOf(r.returnValuesAsString(), "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW");
        if (told.startsWith("UPDATED_") && !updating.change().whole()) {
            throw new IllegalArgumentException(told + " of a part of an attribute: not modelled");
        }
        Write write = updating.write().get();
        Row old = carryOut(write);
        return UpdateItemResponse.builder()
                .attributes(told(told, updating.change(), old, rows.get(write.key())))
                .build();
    }

    private static @Nullable Map<String, AttributeValue> told(
            String which, Change change, @Nullable Row old, @Nullable Row updated) {
        Row row = which.endsWith("_OLD") ? old : updated;
        if (which.equals("NONE") || row == null) {
            return null;
        }
        if (which.startsWith("ALL_")) {
            return row.item();
        }
        Map<String, AttributeValue> changed = new TreeMap<>(row.item());
        changed.keySet().retainAll(change.attributes());
        return changed.isEmpty() ? null : changed;
    }

    /// @return the item before
    private @Nullable Row carryOut(Write write) {
        Row old = rows.get(write.key());
        if (!write.holds(old)) {
            String message = "The conditional request failed";
            throw ConditionalCheckFailedException.builder()
                    .item(write.told(old))
                    .message(message)
                    .awsErrorDetails(Invalid.details("ConditionalCheckFailedException", message))
                    .statusCode(400)
                    .build();
        }
        Row row = write.effect().on(old);
        if (row == null) {
            rows.remove(write.key());
        } else {
            rows.put(row);
        }
        return old;
    }

    @Override
    public QueryResponse query(QueryRequest r) {
        known(r.tableName());
        return queries.answer(r, rows, itemsPerPage);
    }

    @Override
    public BatchWriteItemResponse batchWriteItem(BatchWriteItemRequest r) {
        known.only(r, Set.of("RequestItems"));
        List<WriteRequest> requests = ofThisTable(r.requestItems());
        batches.write(requests, rows);
        return BatchWriteItemResponse.builder().unprocessedItems(Map.of()).build();
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest r) {
        known.only(r, Set.of("RequestItems"));
        KeysAndAttributes keys = ofThisTable(r.requestItems());
        return BatchGetItemResponse.builder()
                .responses(Map.of(name, batches.read(keys, rows)))
                .unprocessedKeys(Map.of())
                .build();
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest r) {
        transactions.check(r);
        List<Supplier<Write>> all = r.transactItems().stream().map(this::write).toList();
        if (!transactions.isDone(r)) {
            Transactions.carryOut(all, rows);
            transactions.isDoneNow(r);
        }
        return TransactWriteItemsResponse.builder().build();
    }

    private Supplier<Write> write(TransactWriteItem item) {
        if (item.put() != null) {
            known(item.put().tableName());
            return writes.put(item.put());
        }
        if (item.update() != null) {
            known(item.update().tableName());
            return writes.update(item.update());
        }
        if (item.delete() != null) {
            known(item.delete().tableName());
            return writes.delete(item.delete());
        }
        known(item.conditionCheck().tableName());
        return writes.check(item.conditionCheck());
    }

    private <T> T ofThisTable(Map<String, T> requests) {
        if (requests.isEmpty()) {
            throw Invalid.constraint("requestItems", "{}", "Member must have length greater than or equal to 1");
        }
        requests.keySet().forEach(this::known);
        return requests.values().iterator().next();
    }

    private void known(@Nullable String tableName) {
        if (tableName == null) {
            throw Invalid.constraint("tableName", null, "Member must not be null");
        }
        if (!tableName.equals(name)) {
            String message = "Requested resource not found";
            throw ResourceNotFoundException.builder()
                    .message(message)
                    .awsErrorDetails(Invalid.details("ResourceNotFoundException", message))
                    .statusCode(400)
                    .build();
        }
    }

    private static String oneOf(@Nullable String value, String... allowed) {
        if (value == null || value.equals("NONE")) {
            return "NONE";
        }
        if (!List.of(allowed).contains(value)) {
            throw Invalid.request("Return values set to invalid value: " + value);
        }
        return value;
    }
}
