package io.pairbatch.standins;

import static io.pairbatch.standins.TableCases.list;
import static io.pairbatch.standins.TableCases.map;
import static io.pairbatch.standins.TableCases.n;
import static io.pairbatch.standins.TableCases.s;
import static io.pairbatch.standins.TableCases.valuesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/// Which conditions hold, and what a failed one returns.
interface ConditionCases extends TableCases {

    private void anItem() {
        put(
                "A",
                Map.of(
                        "txt",
                        s("abc"),
                        "wide",
                        s("é\uD834\uDD1E"),
                        "cnt",
                        n(5),
                        "flag",
                        AttributeValue.fromBool(true),
                        "tags",
                        AttributeValue.fromSs(List.of("a", "b")),
                        "nums",
                        AttributeValue.fromNs(List.of("1", "2")),
                        "many",
                        list(n(7), s("x")),
                        "deep",
                        map(Map.of("leaf", s("deep"), "more", list(map(Map.of("cnt", n(3)))))),
                        "nothing",
                        AttributeValue.fromNul(true)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "txt = :abc",
                "cnt = :five_again",
                "flag = :yes",
                "many = :list",
                "nothing = :null",
                "txt <> :ab",
                "txt <> :five",
                "absent <> :abc",
                "NOT absent = :abc",
                "txt < :abd AND txt > :ab",
                "cnt < :ten AND cnt <= :five AND cnt >= :five AND cnt > :zero",
                "cnt BETWEEN :one AND :five",
                "NOT cnt BETWEEN :zero AND :three",
                "txt IN (:z, :abc)",
                "NOT txt IN (:z, :five)",
                "attribute_exists(deep.leaf)",
                "attribute_not_exists(deep.gone) AND attribute_not_exists(many[2])",
                "attribute_type(cnt, :N) AND attribute_type(tags, :SS) AND attribute_type(nothing, :NULL)",
                "NOT attribute_type(absent, :S)",
                "begins_with(txt, :ab)",
                "contains(txt, :b) AND contains(tags, :b) AND contains(nums, :two) AND NOT contains(tags, :z)",
                "size(txt) = :three AND size(tags) = :two AND size(many) >= :two",
                "size(wide) = :three",
                "deep.more[0].cnt = :three AND many[0] > :five",
                "txt = :z OR cnt = :five AND flag = :yes",
                "(txt = :z OR cnt = :five) AND flag = :yes",
                "txt = :abc OR cnt = :zero AND flag = :no",
                "NOT txt = :z AND cnt = :five",
                "not (txt = :z or cnt = :zero)",
                "cnt<:ten AND(flag=:yes)"
            })
    default void thisHolds(String condition) {
        anItem();
        assertThat(holds("A", condition)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "txt = :ab",
                "txt = :five",
                "absent = :abc",
                "absent < :ten",
                "cnt <> :five_again",
                "txt < :ten",
                "cnt < :abc",
                "cnt < :five",
                "cnt BETWEEN :zero AND :three",
                "absent BETWEEN :zero AND :three",
                "absent IN (:z, :abc)",
                "attribute_exists(absent)",
                "attribute_exists(txt.leaf)",
                "attribute_exists(many[2])",
                "attribute_type(cnt, :S)",
                "begins_with(txt, :b)",
                "begins_with(absent, :b)",
                "contains(txt, :z)",
                "contains(absent, :z)",
                "size(absent) = :zero",
                "(txt = :abc OR cnt = :five) AND flag = :no",
                "NOT (txt = :abc AND cnt = :five)"
            })
    default void thisDoesNotHold(String condition) {
        anItem();
        assertThat(holds("A", condition)).isFalse();
    }

    @Test
    default void anItemThatIsNotThereIsOneWithoutAttributes() {
        assertThat(holds("A", "attribute_exists(job_id)")).isFalse();
        assertThat(holds("B", "cnt = :one")).isFalse();
        assertThat(exists("A") || exists("B")).isFalse();
        assertThat(holds("A", "attribute_not_exists(job_id)")).isTrue();
        assertThat(holds("B", "cnt <> :one")).isTrue();
    }

    @Test
    default void aRefusedPutChangesNothing() {
        put("A", Map.of("cnt", n(1)));

        assertThat(code(() -> dynamo().putItem(r -> r.tableName(table())
                        .item(item("A", Map.of("cnt", n(2))))
                        .conditionExpression("attribute_not_exists(job_id)"))))
                .isEqualTo("ConditionalCheckFailedException");
        assertThat(get("A")).isEqualTo(Map.of("cnt", n(1)));
    }

    @Test
    default void aRefusedDeleteLeavesTheItem() {
        put("A", Map.of("cnt", n(1)));

        assertThat(code(() -> dynamo().deleteItem(r -> r.tableName(table())
                        .key(key("A"))
                        .conditionExpression("cnt = :two")
                        .expressionAttributeValues(valuesOf(":two")))))
                .isEqualTo("ConditionalCheckFailedException");
        assertThat(exists("A")).isTrue();
        dynamo().deleteItem(r -> r.tableName(table())
                .key(key("A"))
                .conditionExpression("cnt = :one")
                .expressionAttributeValues(valuesOf(":one")));
        assertThat(exists("A")).isFalse();
    }

    private ConditionalCheckFailedException failure(String item, ReturnValuesOnConditionCheckFailure tells) {
        return Objects.requireNonNull(catchThrowableOfType(
                ConditionalCheckFailedException.class,
                () -> update(item, "SET cnt = :ten", "cnt = :two", r -> r.returnValuesOnConditionCheckFailure(tells))));
    }

    @Test
    default void aFailedConditionTellsTheItemOnlyWhenItIsAskedTo() {
        put("A", Map.of("cnt", n(1)));

        assertThat(failure("A", ReturnValuesOnConditionCheckFailure.ALL_OLD).item())
                .isEqualTo(item("A", Map.of("cnt", n(1))));
        assertThat(failure("A", ReturnValuesOnConditionCheckFailure.NONE).hasItem())
                .isFalse();
    }

    @Test
    default void aFailedConditionTellsNoItemWhereThereIsNone() {
        assertThat(failure("A", ReturnValuesOnConditionCheckFailure.ALL_OLD).hasItem())
                .isFalse();
    }
}
