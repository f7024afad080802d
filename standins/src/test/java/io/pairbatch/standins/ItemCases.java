package io.pairbatch.standins;

import static io.pairbatch.standins.TableCases.list;
import static io.pairbatch.standins.TableCases.map;
import static io.pairbatch.standins.TableCases.n;
import static io.pairbatch.standins.TableCases.names;
import static io.pairbatch.standins.TableCases.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Single items and batches of them, without conditions.
interface ItemCases extends TableCases {

    @Test
    default void anItemIsReadAsItWasWritten() {
        Map<String, AttributeValue> attributes = new HashMap<>();
        attributes.put("text", s("ä\uD83D\uDE00"));
        attributes.put("empty", s(""));
        attributes.put("number", n("-12.5"));
        attributes.put("flag", AttributeValue.fromBool(false));
        attributes.put("nothing", AttributeValue.fromNul(true));
        attributes.put("bytes", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, -1, 7})));
        attributes.put("many", list(n(1), list(), map(Map.of())));
        attributes.put("deep", map(Map.of("a", map(Map.of("b", list(s("c")))))));
        put("A", attributes);

        assertThat(get("A")).isEqualTo(attributes);
    }

    @Test
    default void aSetIsReadWithTheElementsThatItWasWrittenWith() {
        put("A", Map.of("texts", AttributeValue.fromSs(List.of("b", "a", "c"))));

        assertThat(Objects.requireNonNull(get("A").get("texts")).ss()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    default void aNumberIsReadByItsValueHoweverItWasWritten() {
        put("A", Map.of("a", n("1.50"), "b", n("1E+2"), "c", n("-0.0"), "d", n("0007")));

        assertThat(get("A")).isEqualTo(Map.of("a", n("1.5"), "b", n(100), "c", n(0), "d", n(7)));
    }

    @Test
    default void anItemThatIsNotThereIsToldFromOneWithoutAttributes() {
        put("A", Map.of());

        assertThat(exists("A")).isTrue();
        assertThat(exists("B")).isFalse();
        assertThat(dynamo().getItem(r -> r.tableName(table()).key(key("B"))).item())
                .isEmpty();
    }

    @Test
    default void aPutReplacesTheWholeItemAndTellsTheOldOne() {
        put("A", Map.of("a", n(1), "b", n(2)));

        PutItemResponse answer = dynamo().putItem(r ->
                r.tableName(table()).item(item("A", Map.of("b", n(3)))).returnValues(ReturnValue.ALL_OLD));

        assertThat(answer.attributes()).isEqualTo(item("A", Map.of("a", n(1), "b", n(2))));
        assertThat(get("A")).isEqualTo(Map.of("b", n(3)));
    }

    @Test
    default void aPutOfANewItemTellsNone() {
        PutItemResponse answer = dynamo().putItem(
                        r -> r.tableName(table()).item(item("A", Map.of())).returnValues(ReturnValue.ALL_OLD));

        assertThat(answer.hasAttributes()).isFalse();
    }

    @Test
    default void aDeleteTellsTheOldItemAndRefusesNothingWhereThereIsNone() {
        put("A", Map.of("a", n(1)));

        DeleteItemResponse first =
                dynamo().deleteItem(r -> r.tableName(table()).key(key("A")).returnValues(ReturnValue.ALL_OLD));
        DeleteItemResponse second =
                dynamo().deleteItem(r -> r.tableName(table()).key(key("A")).returnValues(ReturnValue.ALL_OLD));

        assertThat(first.attributes()).isEqualTo(item("A", Map.of("a", n(1))));
        assertThat(second.hasAttributes()).isFalse();
        assertThat(exists("A")).isFalse();
    }

    @Test
    default void aProjectionReadsOnlyWhatItNames() {
        put("A", Map.of("a", n(1), "b", map(Map.of("c", n(2), "d", n(3))), "e", list(n(4), n(5), n(6)), "f", n(7)));

        GetItemResponse answer = dynamo().getItem(r -> r.tableName(table())
                .key(key("A"))
                .projectionExpression("a, b.#d, e[2], e[0], absent")
                .expressionAttributeNames(Map.of("#d", "d")));

        assertThat(answer.item()).isEqualTo(Map.of("a", n(1), "b", map(Map.of("d", n(3))), "e", list(n(4), n(6))));
    }

    @Test
    default void aProjectionOfNothingThatIsThereIsAnItemAllTheSame() {
        put("A", Map.of("a", n(1)));

        GetItemResponse answer =
                dynamo().getItem(r -> r.tableName(table()).key(key("A")).projectionExpression("absent"));

        assertThat(answer.hasItem()).isTrue();
        assertThat(answer.item()).isEmpty();
    }

    @Test
    default void aBatchWritesAndDeletesItsItems() {
        put("OLD", Map.of("a", n(1)));
        List<WriteRequest> requests = new java.util.ArrayList<>(IntStream.range(0, 24)
                .mapToObj(i -> WriteRequest.builder()
                        .putRequest(p -> p.item(item("NEW" + i, Map.of())))
                        .build())
                .toList());
        requests.add(
                WriteRequest.builder().deleteRequest(d -> d.key(key("OLD"))).build());

        BatchWriteItemResponse answer = dynamo().batchWriteItem(r -> r.requestItems(Map.of(table(), requests)));

        assertThat(answer.unprocessedItems()).isEmpty();
        assertThat(exists("OLD")).isFalse();
        assertThat(exists("NEW0")).isTrue();
        assertThat(exists("NEW23")).isTrue();
    }

    @Test
    default void aBatchReadsTheItemsThatThereAre() {
        put("A", Map.of("a", n(1)));
        put("B", Map.of("a", n(2)));
        KeysAndAttributes keys = KeysAndAttributes.builder()
                .keys(List.of(key("B"), key("MISSING"), key("A")))
                .consistentRead(true)
                .projectionExpression("#item, a")
                .expressionAttributeNames(Map.of("#item", "item"))
                .build();

        BatchGetItemResponse answer = dynamo().batchGetItem(r -> r.requestItems(Map.of(table(), keys)));

        assertThat(answer.unprocessedKeys()).isEmpty();
        List<Map<String, AttributeValue>> items =
                Objects.requireNonNull(answer.responses().get(table()));
        assertThat(names(items)).containsExactlyInAnyOrder("A", "B");
        assertThat(items).allSatisfy(item -> assertThat(item).containsOnlyKeys("item", "a"));
    }
}
