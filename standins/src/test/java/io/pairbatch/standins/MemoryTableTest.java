package io.pairbatch.standins;

import static io.pairbatch.standins.TableCases.list;
import static io.pairbatch.standins.TableCases.map;
import static io.pairbatch.standins.TableCases.n;
import static io.pairbatch.standins.TableCases.names;
import static io.pairbatch.standins.TableCases.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ExpectedAttributeValue;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.paginators.QueryIterable;

/// What a table in memory does in addition to DynamoDB, and what it refuses to guess.
class MemoryTableTest {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final MemoryTable table = MemoryTable.registry("t", () -> now);

    private static Map<String, AttributeValue> key(String job, String item) {
        return Map.of("job_id", s(job), "item", s(item));
    }

    private void put(String job, String item, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> all = new HashMap<>(attributes);
        all.putAll(key(job, item));
        table.putItem(r -> r.tableName("t").item(all));
    }

    private void update(String item, String update, Consumer<UpdateItemRequest.Builder> more) {
        table.updateItem(r -> more.accept(r.tableName("t").key(key("j", item)).updateExpression(update)));
    }

    @Test
    void aSnapshotStaysUnchangedAndTheTableCanBeRestoredToIt() {
        put("j", "a", Map.of("n", n(1)));
        MemoryTable.Snapshot snapshot = table.snapshot();
        put("j", "a", Map.of("n", n(2)));
        put("j", "b", Map.of());
        assertThat(snapshot.items()).hasSize(1);

        table.reset(snapshot);
        assertThat(table.items()).hasSize(1);
        assertThat(table.item("j", "a").get("n")).isEqualTo(n(1));
        put("j", "a", Map.of("n", n(3)));
        table.reset(snapshot);
        assertThat(table.item("j", "a").get("n")).isEqualTo(n(1));
    }

    @Test
    void theIndexesAreRestoredWithTheTable() {
        put("j", "a", Map.of("kind", s("JOB"), "created_at", s("1")));
        MemoryTable.Snapshot snapshot = table.snapshot();
        table.clear();
        assertThat(jobs(table).items()).isEmpty();
        table.reset(snapshot);
        assertThat(jobs(table).items()).hasSize(1);
    }

    private static QueryResponse jobs(MemoryTable table) {
        return table.query(r -> r.tableName("t")
                .indexName("jobs-by-time")
                .keyConditionExpression("kind = :kind")
                .expressionAttributeValues(Map.of(":kind", s("JOB"))));
    }

    @Test
    void aCopyIsIndependent() {
        put("j", "a", Map.of("kind", s("JOB"), "created_at", s("1")));
        MemoryTable copy = table.copy();
        copy.deleteItem(r -> r.tableName("t").key(key("j", "a")));
        put("j", "b", Map.of("kind", s("JOB"), "created_at", s("2")));

        assertThat(copy.items()).isEmpty();
        assertThat(jobs(copy).items()).isEmpty();
        assertThat(names(jobs(table).items())).containsExactly("a", "b");
    }

    @Test
    void aSnapshotOfAnotherTableIsRefused() {
        MemoryTable other = new MemoryTable("t", TableSchema.of("a", "b"), () -> now);
        assertThatThrownBy(() -> table.reset(other.snapshot())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theItemsAreALiveViewInTheOrderOfTheirKeys() {
        Collection<Map<String, AttributeValue>> items = table.items();
        put("k", "a", Map.of());
        put("j", "b", Map.of());
        put("j", "a", Map.of());

        assertThat(names(List.copyOf(items))).containsExactly("a", "b", "a");
        table.deleteItem(r -> r.tableName("t").key(key("j", "b")));
        assertThat(items).containsExactly(key("j", "a"), key("k", "a")).hasSize(2);
        table.clear();
        assertThat(table.items()).isEmpty();
    }

    @Test
    void theItemsCannotBeChangedFromOutside() {
        put("j", "a", Map.of("deep", map(Map.of("b", list(n(1))))));
        Map<String, AttributeValue> item = table.items().iterator().next();
        Iterator<Map<String, AttributeValue>> items = table.items().iterator();
        items.next();

        for (Runnable change : List.<Runnable>of(
                () -> table.items().clear(),
                () -> table.items().add(Map.of()),
                items::remove,
                () -> item.put("x", n(1)),
                item::clear,
                () -> item.entrySet().iterator().next().setValue(n(1)),
                () -> Objects.requireNonNull(item.get("deep")).m().clear(),
                () -> table.item("j", "a").remove("deep"))) {
            assertThatThrownBy(change::run).isInstanceOf(UnsupportedOperationException.class);
        }
        assertThat(table.item("j", "a").get("deep")).isEqualTo(map(Map.of("b", list(n(1)))));
    }

    @Test
    void whatACallerDoesToItsMapsAfterwardsChangesNoItem() {
        Map<String, AttributeValue> deep = new HashMap<>(Map.of("b", n(1)));
        Map<String, AttributeValue> item = new HashMap<>(key("j", "a"));
        item.put("deep", AttributeValue.fromM(deep));
        table.putItem(r -> r.tableName("t").item(item));
        deep.put("b", n(2));
        item.put("c", n(3));

        assertThat(table.item("j", "a")).containsOnlyKeys("job_id", "item", "deep");
        assertThat(table.item("j", "a").get("deep")).isEqualTo(map(Map.of("b", n(1))));
    }

    @Test
    void attributesAndElementsOfSetsHaveOneOrderRegardlessOfInput() {
        Map<String, AttributeValue> backwards = new TreeMap<>((a, b) -> b.compareTo(a));
        backwards.putAll(Map.of("a", n(1), "b", n(2), "c", AttributeValue.fromSs(List.of("z", "y"))));
        put("j", "a", Map.of("deep", map(backwards)));
        put("j", "b", backwards);

        assertThat(table.item("j", "b").keySet()).containsExactly("a", "b", "c", "item", "job_id");
        Map<String, AttributeValue> deep =
                Objects.requireNonNull(table.item("j", "a").get("deep")).m();
        assertThat(deep.keySet()).containsExactly("a", "b", "c");
        assertThat(Objects.requireNonNull(deep.get("c")).ss()).containsExactly("y", "z");
    }

    @Test
    void anEditChangesAnItemOrCreatesOne() {
        put("j", "a", Map.of("n", n(1), "m", n(2)));
        table.edit("j", "a", item -> item.remove("n"));
        table.edit("j", "b", item -> item.put("n", n(3)));

        assertThat(table.item("j", "a")).containsOnlyKeys("job_id", "item", "m");
        assertThat(table.item("j", "b").get("n")).isEqualTo(n(3));
        assertThatThrownBy(() -> table.edit("j", "a", item -> item.put("item", s("c"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.edit("j", "a", item -> item.put("kind", n(1))))
                .isInstanceOf(DynamoDbException.class);
    }

    @Test
    void pagesHaveTheConfiguredLength() {
        for (String item : List.of("a", "b", "c")) {
            put("j", item, Map.of());
        }
        table.itemsPerPage(2);

        QueryIterable pages = table.queryPaginator(r ->
                r.tableName("t").keyConditionExpression("job_id = :j").expressionAttributeValues(Map.of(":j", s("j"))));
        assertThat(pages).extracting(QueryResponse::count).containsExactly(2, 1);
        assertThat(pages.items()).hasSize(3);
    }

    private static void transaction(MemoryTable table, String token, String item) {
        Update more = Update.builder()
                .tableName("t")
                .key(key("j", item))
                .updateExpression("ADD n :one")
                .expressionAttributeValues(Map.of(":one", n(1)))
                .build();
        table.transactWriteItems(r -> r.clientRequestToken(token)
                .transactItems(TransactWriteItem.builder().update(more).build()));
    }

    @Test
    void theTokenOfATransactionExpiresAfterTenMinutes() {
        transaction(table, "token", "a");
        now = now.plus(Duration.ofMinutes(10)).minusMillis(1);
        transaction(table, "token", "a");
        assertThat(table.item("j", "a").get("n")).isEqualTo(n(1));
        assertThatThrownBy(() -> transaction(table, "token", "b"))
                .isInstanceOf(IdempotentParameterMismatchException.class);

        now = now.plusMillis(1);
        transaction(table, "token", "b");
        assertThat(table.item("j", "b").get("n")).isEqualTo(n(1));
    }

    @Test
    void aCopyKnowsTheTokensButARestoredTableDoesNot() {
        MemoryTable.Snapshot before = table.snapshot();
        transaction(table, "token", "a");
        MemoryTable copy = table.copy();
        assertThatThrownBy(() -> transaction(copy, "token", "b"))
                .isInstanceOf(IdempotentParameterMismatchException.class);
        table.reset(before);
        transaction(table, "token", "a");
        assertThat(table.item("j", "a").get("n")).isEqualTo(n(1));
    }

    @Test
    void anIndexMayHoldAPartOfItsItems() {
        TableSchema schema = TableSchema.of("job_id", "item")
                .withIndex(new TableSchema.Index("by-kind", "kind", "created_at", Set.of("n")));
        MemoryTable other = new MemoryTable("t", schema, () -> now);
        other.edit("j", "a", item -> item.putAll(Map.of("kind", s("K"), "created_at", s("1"), "n", n(1), "m", n(2))));

        QueryResponse found = other.query(r -> r.tableName("t")
                .indexName("by-kind")
                .keyConditionExpression("kind = :k")
                .expressionAttributeValues(Map.of(":k", s("K"))));
        assertThat(found.items().getFirst()).containsOnlyKeys("job_id", "item", "kind", "created_at", "n");
        assertThatThrownBy(() -> other.query(r -> r.tableName("t")
                        .indexName("by-kind")
                        .keyConditionExpression("kind = :k")
                        .projectionExpression("m")
                        .expressionAttributeValues(Map.of(":k", s("K")))))
                .isInstanceOf(DynamoDbException.class)
                .hasMessageContaining("does not project [m]");
    }

    @Test
    void whatIsNotModelledIsNotGuessed() {
        put("j", "a", Map.of("text", s("ä"), "deep", map(Map.of("b", n(1)))));
        Map<String, AttributeValue> one = Map.of(":one", n(1));
        for (Runnable call : List.<Runnable>of(
                () -> table.getItem(r -> r.tableName("t").key(key("j", "a")).attributesToGet("text")),
                () -> table.getItem(
                        r -> r.tableName("t").key(key("j", "a")).returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)),
                () -> table.putItem(r -> r.tableName("t")
                        .item(key("j", "a"))
                        .expected(Map.of(
                                "text",
                                ExpectedAttributeValue.builder().exists(false).build()))),
                () -> table.query(r -> r.tableName("t")
                        .keyConditionExpression("job_id = :one")
                        .expressionAttributeValues(Map.of(":one", s("j")))
                        .select(Select.ALL_PROJECTED_ATTRIBUTES)),
                () -> update("b", "REMOVE x", r -> {}),
                () -> update("a", "ADD deep.b :one", r -> r.expressionAttributeValues(one)),
                () -> update(
                        "a",
                        "SET deep.b = :one",
                        r -> r.expressionAttributeValues(one).returnValues("UPDATED_NEW")))) {
            assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> table.scan(r -> r.tableName("t"))).isInstanceOf(UnsupportedOperationException.class);
        assertThat(table.items()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    x = :one AND state = :one | Attribute name is a reserved keyword; reserved keyword: state
                    x = :one AND #b = :one | name used in the document path is not defined; attribute name: #b
                    x = :one AND y = :two | value used in expression is not defined; attribute value: :two
                    x = = :one | Syntax error; token: "=", near: "= = :one"
                    x = :one AND (y | Syntax error; token: "<EOF>", near: "y"
                    x = :one AND ((y = :one)) | The expression has redundant parentheses
                    x = :one AND size(y) | The function is not allowed to be used this way in an expression; function: size
                    x = :one AND foo(y) | Invalid function name; function: foo
                    x = :one AND y = y | The first operand must be distinct from the remaining operands
                    attribute_exists(x) | unused in expressions: keys: {:one}
                    """)
    void aRefusalNamesTheProblem(String condition, String message) {
        assertThatThrownBy(() -> table.deleteItem(r -> r.tableName("t")
                        .key(key("j", "a"))
                        .conditionExpression(condition)
                        .expressionAttributeValues(Map.of(":one", n(1)))))
                .isInstanceOf(DynamoDbException.class)
                .hasMessageContaining(message);
    }
}
