package io.pairbatch.standins;

import static io.pairbatch.standins.TableCases.n;
import static io.pairbatch.standins.TableCases.s;
import static io.pairbatch.standins.TableCases.valuesOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Requests that are refused for any content of the table: a mistake in a request must be noticed at once.
interface RefusalCases extends TableCases {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a =",
                "= :abc",
                "a == :abc",
                "a != :abc",
                "a = abc' OR b = :abc",
                "(a = :abc",
                "a = :abc)",
                "((a = :abc))",
                "a = :abc b = :abc",
                "a = :abc AND",
                "a = :abc AND OR b = :abc",
                "a = b = :abc",
                "AND a = :abc",
                "NOT",
                "a BETWEEN :one",
                "a BETWEEN :ten AND :one",
                "a BETWEEN :one AND :abc",
                "a IN :one",
                "a IN ()",
                "a = a",
                "a < :yes",
                "a > :none",
                "attribute_exists(:abc)",
                "attribute_exists(a, b)",
                "attribute_exists(a) = :yes",
                "attribute_exists a",
                "attribute_type(a)",
                "attribute_type(a, :no_type)",
                "attribute_type(a, :one)",
                "begins_with(a)",
                "begins_with(a, :one)",
                "contains(a)",
                "size(a)",
                "present(a)",
                "ATTRIBUTE_EXISTS(a)",
                "a[] = :abc",
                "a[-1] = :abc",
                "a[b] = :abc",
                "a. = :abc",
                ".a = :abc",
                "1a = :abc",
                "a-b = :abc",
                "a = 5",
                "a = 'abc'",
                "a = :",
                "# = :abc"
            })
    default void thisConditionIsRefused(String condition) {
        Map<String, AttributeValue> values = condition.endsWith(":") ? Map.of() : valuesOf(condition);
        refused(() -> dynamo().deleteItem(r -> {
            r.tableName(table()).key(key("A")).conditionExpression(condition);
            if (!values.isEmpty()) {
                r.expressionAttributeValues(values);
            }
        }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,", "a b", "a, a", "a.b, a", "a.b, a[0]", "a[0", ":a", "a = b", "begins_with(a)"})
    default void thisProjectionIsRefused(String projection) {
        refused(() -> dynamo().getItem(r -> r.tableName(table()).key(key("A")).projectionExpression(projection)));
    }

    @Test
    default void emptyExpressionsAreRefused() {
        refused(() ->
                dynamo().deleteItem(r -> r.tableName(table()).key(key("A")).conditionExpression("")));
        refused(() ->
                dynamo().updateItem(r -> r.tableName(table()).key(key("A")).updateExpression("")));
    }

    @Test
    default void aPlaceholderThatIsNotUsedIsRefused() {
        refused(() -> update("A", "SET a = :one", null, r -> r.expressionAttributeValues(valuesOf(":one :two"))));
        refused(() -> update("A", "SET a = :one", null, r -> r.expressionAttributeNames(Map.of("#b", "b"))));
        refused(() -> dynamo().getItem(r -> r.tableName(table())
                .key(key("A"))
                .projectionExpression("a")
                .expressionAttributeNames(Map.of("#b", "b"))));
        assertThat(exists("A")).isFalse();
    }

    @Test
    default void aPlaceholderOfOneExpressionMayServeAnother() {
        update(
                "A",
                "SET #a = :one",
                "attribute_not_exists(#a) AND b <> :one",
                r -> r.expressionAttributeNames(Map.of("#a", "state")));
        assertThat(get("A")).isEqualTo(Map.of("state", n(1)));
    }

    @Test
    default void aPlaceholderThatIsNotGivenIsRefused() {
        refused(() -> update("A", "SET #a = :one"));
        refused(() -> update("A", "SET a = :one", null, r -> r.expressionAttributeValues(valuesOf(":two"))));
        refused(() -> update("A", "SET a = b", "#a = b", r -> {}));
    }

    @Test
    default void placeholdersWithoutAnExpressionAreRefused() {
        refused(() -> dynamo().deleteItem(
                        r -> r.tableName(table()).key(key("A")).expressionAttributeValues(valuesOf(":one"))));
        refused(() ->
                dynamo().getItem(r -> r.tableName(table()).key(key("A")).expressionAttributeNames(Map.of("#a", "a"))));
    }

    @Test
    default void emptyPlaceholdersAreRefused() {
        refused(() -> dynamo().deleteItem(r -> r.tableName(table())
                .key(key("A"))
                .conditionExpression("attribute_exists(a)")
                .expressionAttributeValues(Map.of())));
        refused(() -> dynamo().deleteItem(r -> r.tableName(table())
                .key(key("A"))
                .conditionExpression("attribute_exists(a)")
                .expressionAttributeNames(Map.of())));
    }

    @Test
    default void aPlaceholderIsWrittenWithItsSign() {
        refused(() -> update("A", "SET a = :one", null, r -> r.expressionAttributeNames(Map.of("b", "b"))));
        refused(() ->
                update("A", "SET a = :one", null, r -> r.expressionAttributeValues(Map.of(":one", n(1), "two", n(2)))));
    }

    @Test
    default void aKeyIsTheTablesKeyAndNothingElse() {
        for (Map<String, AttributeValue> wrong : List.of(
                Map.of("job_id", s(job())),
                Map.of("job_id", s(job()), "item", s("A"), "a", n(1)),
                Map.of("job_id", s(job()), "other", s("A")),
                Map.of("job_id", s(job()), "item", n(1)),
                Map.of("job_id", s(job()), "item", s("")),
                Map.of("job_id", s(""), "item", s("A")))) {
            refused(() -> dynamo().getItem(r -> r.tableName(table()).key(wrong)));
            refused(() -> dynamo().deleteItem(r -> r.tableName(table()).key(wrong)));
            refused(() -> dynamo().updateItem(r -> r.tableName(table()).key(wrong)));
        }
    }

    @Test
    default void anItemHasAKey() {
        for (Map<String, AttributeValue> wrong : List.of(
                Map.of("job_id", s(job())),
                Map.of("job_id", s(job()), "item", n(1)),
                Map.of("job_id", s(job()), "item", s("")),
                Map.of("item", s("A")))) {
            refused(() -> dynamo().putItem(r -> r.tableName(table()).item(wrong)));
        }
    }

    @Test
    default void aKeyIsNotTooLong() {
        put("x".repeat(1024), Map.of());
        refused(() -> put("x".repeat(1025), Map.of()));
        refused(() -> dynamo().putItem(r -> r.tableName(table()).item(key("x".repeat(2049), "A"))));
    }

    @Test
    default void anItemIsNotTooLarge() {
        put("A", Map.of("a", s("x".repeat(400 * 1024 - 200))));
        refused(() -> put("B", Map.of("a", s("x".repeat(400 * 1024)))));
        refused(() -> dynamo().updateItem(r -> r.tableName(table())
                .key(key("A"))
                .updateExpression("SET b = :b")
                .expressionAttributeValues(Map.of(":b", s("x".repeat(1024))))));
        assertThat(get("A")).containsOnlyKeys("a");
    }

    @Test
    default void aValueIsOneOfItsType() {
        for (AttributeValue wrong : List.of(
                AttributeValue.builder().build(),
                AttributeValue.fromSs(List.of()),
                AttributeValue.fromSs(List.of("a", "a")),
                AttributeValue.fromNs(List.of("1", "1.0")),
                n("one"),
                n(""),
                n("1".repeat(39)),
                n("1E+126"))) {
            refused(() -> put("A", Map.of("a", wrong)));
        }
        assertThat(exists("A")).isFalse();
    }

    @Test
    default void aNullIsTrue() {
        refused(() -> put("A", Map.of("a", AttributeValue.fromNul(false))));
    }

    @Test
    default void anotherTableIsNotFound() {
        String other = table() + "-2";
        assertThat(code(() -> dynamo().getItem(r -> r.tableName(other).key(key("A")))))
                .isEqualTo("ResourceNotFoundException");
        assertThat(code(() -> dynamo().putItem(r -> r.tableName(other).item(key("A")))))
                .isEqualTo("ResourceNotFoundException");
        assertThat(code(() -> dynamo().query(r -> r.tableName(other)
                        .keyConditionExpression("job_id = :abc")
                        .expressionAttributeValues(valuesOf(":abc")))))
                .isEqualTo("ResourceNotFoundException");
    }

    @Test
    default void aBatchOfTooManyOrOfTheSameIsRefused() {
        List<WriteRequest> many = IntStream.range(0, 26)
                .mapToObj(i -> WriteRequest.builder()
                        .putRequest(p -> p.item(key("N" + i)))
                        .build())
                .toList();
        refused(() -> dynamo().batchWriteItem(r -> r.requestItems(Map.of(table(), many))));
        refused(() -> dynamo().batchWriteItem(
                        r -> r.requestItems(Map.of(table(), List.of(many.getFirst(), many.getFirst())))));
        refused(() -> dynamo().batchWriteItem(r -> r.requestItems(Map.of())));
        refused(() -> dynamo().batchGetItem(r -> r.requestItems(Map.of(
                table(),
                KeysAndAttributes.builder().keys(List.of(key("A"), key("A"))).build()))));
        assertThat(exists("N0")).isFalse();
    }

    @Test
    default void whatAWriteMayNotTellIsRefused() {
        refused(() -> dynamo().putItem(r -> r.tableName(table()).item(key("A")).returnValues("ALL_NEW")));
        refused(() ->
                dynamo().deleteItem(r -> r.tableName(table()).key(key("A")).returnValues("UPDATED_OLD")));
        refused(() -> update("A", "SET a = :one", null, r -> r.returnValues("EVERYTHING")));
        assertThat(exists("A")).isFalse();
    }

    @Test
    default void aHundredChoicesAreTakenAndOneMoreIsRefused() {
        put("A", Map.of("a", n(5)));
        assertThat(in(100)).isEqualTo("ConditionalCheckFailedException");
        assertThat(in(101)).isEqualTo("ValidationException");
    }

    private String in(int choices) {
        Map<String, AttributeValue> values = new HashMap<>();
        IntStream.range(0, choices).forEach(i -> values.put(":v" + i, n(1000L + i)));
        String condition = values.keySet().stream().collect(Collectors.joining(", ", "a IN (", ")"));
        return code(() -> dynamo().deleteItem(r -> r.tableName(table())
                .key(key("A"))
                .conditionExpression(condition)
                .expressionAttributeValues(values)));
    }

    @Test
    default void anExpressionIsNotTooLong() {
        refused(() -> dynamo().deleteItem(r ->
                r.tableName(table()).key(key("A")).conditionExpression("attribute_exists(" + "a".repeat(5000) + ")")));
    }
}
