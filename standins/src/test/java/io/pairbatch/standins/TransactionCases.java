package io.pairbatch.standins;

import static io.pairbatch.standins.TableCases.n;
import static io.pairbatch.standins.TableCases.s;
import static io.pairbatch.standins.TableCases.valuesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/// Writes that happen together or not at all.
interface TransactionCases extends TableCases {

    private TransactWriteItem putting(String item, Consumer<Put.Builder> more) {
        return TransactWriteItem.builder()
                .put(p -> more.accept(p.tableName(table()).item(item(item, Map.of("a", n(1))))))
                .build();
    }

    private TransactWriteItem updating(String item, String update, Consumer<Update.Builder> more) {
        return TransactWriteItem.builder()
                .update(u -> more.accept(u.tableName(table())
                        .key(key(item))
                        .updateExpression(update)
                        .expressionAttributeValues(valuesOf(update))))
                .build();
    }

    private TransactWriteItem deleting(String item, Consumer<Delete.Builder> more) {
        return TransactWriteItem.builder()
                .delete(d -> more.accept(d.tableName(table()).key(key(item))))
                .build();
    }

    private TransactWriteItem checking(String item, String condition, Consumer<ConditionCheck.Builder> more) {
        Map<String, AttributeValue> values = valuesOf(condition);
        return TransactWriteItem.builder()
                .conditionCheck(c -> {
                    c.tableName(table()).key(key(item)).conditionExpression(condition);
                    if (!values.isEmpty()) {
                        c.expressionAttributeValues(values);
                    }
                    more.accept(c);
                })
                .build();
    }

    private void write(TransactWriteItem... items) {
        dynamo().transactWriteItems(r -> r.transactItems(items));
    }

    private void write(String token, TransactWriteItem... items) {
        dynamo().transactWriteItems(r -> r.transactItems(items).clientRequestToken(token));
    }

    private List<CancellationReason> reasons(TransactWriteItem... items) {
        return Objects.requireNonNull(
                        catchThrowableOfType(TransactionCanceledException.class, () -> write(items)),
                        "the call was not refused")
                .cancellationReasons();
    }

    private static List<String> codes(List<CancellationReason> reasons) {
        return reasons.stream().map(CancellationReason::code).toList();
    }

    @Test
    default void everyWriteOfATransactionHappens() {
        put("DELETED", Map.of());
        put("CHECKED", Map.of("a", n(5)));
        write(
                putting("PUT", p -> p.conditionExpression("attribute_not_exists(job_id)")),
                updating("UPDATED", "SET b = :two", u -> {}),
                deleting("DELETED", d -> d.conditionExpression("attribute_exists(job_id)")),
                checking("CHECKED", "a = :five", c -> {}));

        assertThat(get("PUT")).isEqualTo(Map.of("a", n(1)));
        assertThat(get("UPDATED")).isEqualTo(Map.of("b", n(2)));
        assertThat(exists("DELETED")).isFalse();
        assertThat(get("CHECKED")).isEqualTo(Map.of("a", n(5)));
    }

    @Test
    default void noWriteOfATransactionHappensWhenOneIsRefused() {
        put("DELETED", Map.of());
        List<CancellationReason> reasons = reasons(
                putting("PUT", p -> {}),
                updating("UPDATED", "SET b = :two", u -> {}),
                deleting("DELETED", d -> {}),
                checking("CHECKED", "attribute_exists(job_id)", c -> {}));

        assertThat(codes(reasons)).containsExactly("None", "None", "None", "ConditionalCheckFailed");
        assertThat(exists("PUT") || exists("UPDATED") || exists("CHECKED")).isFalse();
        assertThat(exists("DELETED")).isTrue();
    }

    @Test
    default void everyRefusalHasItsReasonAtItsPlace() {
        put("A", Map.of("a", n(1)));
        put("B", Map.of("a", n(2)));
        put("C", Map.of("a", n(3)));
        List<CancellationReason> reasons = reasons(
                putting(
                        "A",
                        p -> p.conditionExpression("attribute_not_exists(job_id)")
                                .returnValuesOnConditionCheckFailure("ALL_OLD")),
                putting("B", p -> p.conditionExpression("attribute_not_exists(job_id)")),
                checking("C", "a = :three", c -> c.returnValuesOnConditionCheckFailure("ALL_OLD")),
                checking("MISSING", "attribute_exists(a)", c -> c.returnValuesOnConditionCheckFailure("ALL_OLD")));

        assertThat(codes(reasons))
                .containsExactly("ConditionalCheckFailed", "ConditionalCheckFailed", "None", "ConditionalCheckFailed");
        assertThat(reasons.get(0).item()).isEqualTo(item("A", Map.of("a", n(1))));
        assertThat(reasons.get(1).hasItem()).isFalse();
        assertThat(reasons.get(2).hasItem()).isFalse();
        assertThat(reasons.get(3).hasItem()).isFalse();
    }

    @Test
    default void anUpdateThatItsItemIsNotFitForCancelsTheTransaction() {
        put("A", Map.of("a", s("text")));
        put("B", Map.of());
        List<CancellationReason> reasons =
                reasons(updating("B", "SET b = :two", u -> {}), updating("A", "ADD a :one", u -> {}));

        assertThat(codes(reasons)).containsExactly("None", "ValidationError");
        assertThat(get("B")).isEmpty();
    }

    @Test
    default void anItemThatDoesNotFitTheTableCancelsTheTransaction() {
        List<CancellationReason> reasons = reasons(
                updating("B", "SET b = :two", u -> {}),
                putting("A", p -> p.item(Map.of("job_id", n(1), "item", n(2)))));

        assertThat(codes(reasons)).containsExactly("None", "ValidationError");
        assertThat(exists("B")).isFalse();
    }

    @Test
    default void aTransactionWithTheSameTokenHappensOnce() {
        String token = UUID.randomUUID().toString();
        TransactWriteItem more = updating("A", "ADD a :one", u -> {});
        write(token, more);
        write(token, more);

        assertThat(get("A")).isEqualTo(Map.of("a", n(1)));
        write(UUID.randomUUID().toString(), more);
        assertThat(get("A")).isEqualTo(Map.of("a", n(2)));
    }

    @Test
    default void aTransactionThatHasHappenedIsNotRefusedForWhatItDidItself() {
        String token = UUID.randomUUID().toString();
        TransactWriteItem first = putting("A", p -> p.conditionExpression("attribute_not_exists(job_id)"));
        write(token, first);
        write(token, first);

        assertThat(codes(reasons(first))).containsExactly("ConditionalCheckFailed");
    }

    @Test
    default void anotherTransactionWithTheSameTokenIsRefused() {
        String token = UUID.randomUUID().toString();
        write(token, updating("A", "ADD a :one", u -> {}));

        assertThat(code(() -> write(token, updating("A", "ADD a :two", u -> {}))))
                .isEqualTo("IdempotentParameterMismatchException");
        assertThat(get("A")).isEqualTo(Map.of("a", n(1)));
    }

    @Test
    default void twoWritesOfOneItemAreRefused() {
        refused(() ->
                write(updating("A", "SET a = :one", u -> {}), checking("A", "attribute_not_exists(job_id)", c -> {})));
        assertThat(exists("A")).isFalse();
    }

    @Test
    default void aHundredWritesHappenAndOneMoreIsRefused() {
        TransactWriteItem[] hundred =
                IntStream.range(0, 100).mapToObj(i -> putting("N" + i, p -> {})).toArray(TransactWriteItem[]::new);
        write(hundred);
        assertThat(exists("N0") && exists("N99")).isTrue();

        refused(() -> write(Stream.concat(Stream.of(hundred), Stream.of(putting("N100", p -> {})))
                .toArray(TransactWriteItem[]::new)));
        assertThat(exists("N100")).isFalse();
    }

    @Test
    default void aTransactionOfNothingIsRefused() {
        refused(() -> write());
        refused(() -> write(TransactWriteItem.builder().build()));
    }

    @Test
    default void aCheckWithoutAConditionIsRefused() {
        refused(() -> write(TransactWriteItem.builder()
                .conditionCheck(c -> c.tableName(table()).key(key("A")))
                .build()));
    }

    @Test
    default void aReservedWordIsRefusedInATransaction() {
        reserved(() -> write(putting("A", p -> p.conditionExpression("attribute_exists(state)"))));
        reserved(() -> write(updating("A", "SET state = :one", u -> {})));
        assertThat(exists("A")).isFalse();
    }

    @Test
    default void aPlaceholderThatIsNotUsedIsRefusedInATransaction() {
        refused(() -> write(updating("A", "SET a = :one", u -> u.expressionAttributeNames(Map.of("#b", "b")))));
        assertThat(exists("A")).isFalse();
    }

    @Test
    default void anEmptyKeyIsRefusedInATransaction() {
        refused(() -> write(putting("A", p -> p.item(Map.of("job_id", s(job()), "item", s(""))))));
        refused(() -> write(deleting("", d -> {})));
    }
}
