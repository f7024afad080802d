package io.pairbatch.standins;

import static io.pairbatch.standins.TableCases.list;
import static io.pairbatch.standins.TableCases.map;
import static io.pairbatch.standins.TableCases.n;
import static io.pairbatch.standins.TableCases.s;
import static io.pairbatch.standins.TableCases.valuesOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// What update expressions do.
interface UpdateCases extends TableCases {

    @Test
    default void anUpdateMakesAnItemThatIsNotThere() {
        update("A", "SET a = :one");
        dynamo().updateItem(r -> r.tableName(table()).key(key("B")));

        assertThat(get("A")).isEqualTo(Map.of("a", n(1)));
        assertThat(exists("B")).isTrue();
    }

    @Test
    default void anUpdateLeavesWhatItDoesNotName() {
        put("A", Map.of("a", n(1), "b", n(2), "c", n(3)));
        update("A", "SET a = :ten REMOVE c, absent");
        assertThat(get("A")).isEqualTo(Map.of("a", n(10), "b", n(2)));
    }

    @Test
    default void everyValueIsMadeOfTheItemAsItWas() {
        put("A", Map.of("a", n(1), "b", n(2)));
        update("A", "SET a = b, b = a, c = if_not_exists(a, :ten) REMOVE d");
        assertThat(get("A")).isEqualTo(Map.of("a", n(2), "b", n(1), "c", n(1)));
    }

    @Test
    default void onlyTheFirstStandsWhereItIsSetIfItIsNotThere() {
        update("A", "SET a = if_not_exists(a, :one)");
        update("A", "SET a = if_not_exists(a, :two)");
        assertThat(get("A")).isEqualTo(Map.of("a", n(1)));
    }

    @Test
    default void aListGrowsFromNothing() {
        update("A", "SET a = list_append(if_not_exists(a, :none), :list)");
        update("A", "SET a = list_append(:list, a)");
        assertThat(get("A")).isEqualTo(Map.of("a", list(n(7), s("x"), n(7), s("x"))));
    }

    @Test
    default void numbersAreAddedAndTakenAwayExactly() {
        put("A", Map.of("a", n("0.1"), "b", n("12345678901234567890123456789012345678")));
        update("A", "SET a = a + :two, b = b - :one, c = if_not_exists(c, :zero) + :one");
        assertThat(get("A"))
                .isEqualTo(Map.of("a", n("2.1"), "b", n("12345678901234567890123456789012345677"), "c", n(1)));
    }

    @Test
    default void whatLiesWithinIsSetAndRemoved() {
        put("A", Map.of("a", map(Map.of("b", n(1), "c", list(n(1), n(2), n(3))))));
        update("A", "SET a.d = :abc, a.c[1] = :ten REMOVE a.b, a.c[0]");
        assertThat(get("A")).isEqualTo(Map.of("a", map(Map.of("d", s("abc"), "c", list(n(10), n(3))))));
    }

    @Test
    default void elementsAreRemovedByTheIndexesThatTheyHadBefore() {
        put("A", Map.of("a", list(n(0), n(1), n(2), n(3))));
        update("A", "REMOVE a[0], a[2], a[9]");
        assertThat(get("A")).isEqualTo(Map.of("a", list(n(1), n(3))));
    }

    @Test
    default void whatIsSetBeyondTheEndOfAListIsAppended() {
        put("A", Map.of("a", list(n(0))));
        update("A", "SET a[9] = :two, a[5] = :one");
        assertThat(get("A")).isEqualTo(Map.of("a", list(n(0), n(1), n(2))));
    }

    @Test
    default void addMakesNumbersAndSetsAndAddsToThem() {
        update("A", "ADD cnt :five, tags :text_a");
        update("A", "ADD cnt :two, tags :texts");

        assertThat(get("A").get("cnt")).isEqualTo(n(7));
        assertThat(Objects.requireNonNull(get("A").get("tags")).ss()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    default void aSetWithoutItsLastElementIsGone() {
        put("A", Map.of("tags", AttributeValue.fromSs(List.of("a", "b", "c"))));

        update("A", "DELETE tags :texts");
        assertThat(get("A")).isEqualTo(Map.of("tags", AttributeValue.fromSs(List.of("c"))));
        put("A", Map.of("tags", AttributeValue.fromSs(List.of("a")), "b", n(1)));
        update("A", "DELETE tags :texts, absent :text_a");
        assertThat(get("A")).isEqualTo(Map.of("b", n(1)));
    }

    @Test
    default void anUpdateTellsWhatItIsAskedFor() {
        put("A", Map.of("a", n(1), "b", n(2)));

        assertThat(told("SET a = :two, c = :two", "NONE")).isEmpty();
        assertThat(told("SET a = :three", "ALL_OLD")).isEqualTo(item("A", Map.of("a", n(2), "b", n(2), "c", n(2))));
        assertThat(told("SET a = :five REMOVE b", "ALL_NEW")).isEqualTo(item("A", Map.of("a", n(5), "c", n(2))));
        assertThat(told("SET a = :ten REMOVE c", "UPDATED_OLD")).isEqualTo(Map.of("a", n(5), "c", n(2)));
        assertThat(told("SET a = :one", "UPDATED_NEW")).isEqualTo(Map.of("a", n(1)));
    }

    private Map<String, AttributeValue> told(String update, String which) {
        return update("A", update, null, r -> r.returnValues(which)).attributes();
    }

    @Test
    default void anUpdateThatMakesAnItemTellsNoOldOne() {
        assertThat(update("A", "SET a = :one", null, r -> r.returnValues("ALL_OLD"))
                        .hasAttributes())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET a = absent",
                "SET a = absent + :one",
                "SET a = txt + :one",
                "SET a = list_append(txt, :list)",
                "SET absent.leaf = :one",
                "SET txt.leaf = :one",
                "SET many.leaf = :one",
                "SET deep[0] = :one",
                "ADD txt :one",
                "ADD cnt :texts",
                "ADD tags :numbers",
                "DELETE cnt :texts"
            })
    default void whatTheItemIsNotFitForIsRefusedAndChangesNothing(String update) {
        Map<String, AttributeValue> before = Map.of(
                "txt",
                s("abc"),
                "cnt",
                n(5),
                "tags",
                AttributeValue.fromSs(List.of("a")),
                "many",
                list(n(7)),
                "deep",
                map(Map.of("leaf", s("deep"))));
        put("A", before);

        refused(() ->
                update("A", "SET b = :two" + (update.startsWith("SET") ? update.replace("SET", ",") : " " + update)));

        assertThat(get("A")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET job_id = :abc",
                "SET a = :one, #item = :abc",
                "REMOVE #item",
                "SET a = :one, a = :two",
                "SET a = :one REMOVE a",
                "SET a.b = :one, a = :map",
                "SET a.b = :one, a[0] = :two",
                "SET a = :one SET b = :two",
                "ADD cnt :abc",
                "DELETE tags :one",
                "SET a = a + :abc",
                "SET a = list_append(a, :one)",
                "SET a = :one + :two + :three",
                "SET a = size(b)",
                "SET a = :one,",
                "SET :one = a",
                "SET a :one",
                "REMOVE :one",
                "ADD cnt 5",
                "PUT a = :one",
                "a = :one"
            })
    default void thisUpdateIsRefusedWhateverTheItem(String update) {
        put("A", Map.of("a", map(Map.of("b", n(1)))));

        refused(() -> dynamo().updateItem(r -> {
            r.tableName(table()).key(key("A")).updateExpression(update);
            if (update.contains(":")) {
                r.expressionAttributeValues(valuesOf(update));
            }
            if (update.contains("#")) {
                r.expressionAttributeNames(Map.of("#item", "item"));
            }
        }));
    }
}
