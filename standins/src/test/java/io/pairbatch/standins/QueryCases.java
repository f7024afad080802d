package io.pairbatch.standins;

import static io.pairbatch.standins.TableCases.n;
import static io.pairbatch.standins.TableCases.names;
import static io.pairbatch.standins.TableCases.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;

/// Queries of the table itself, and their pages.
interface QueryCases extends TableCases {

    private void items(String... names) {
        for (String name : names) {
            put(name, Map.of("a", n(names.length)));
        }
    }

    /// @param range the condition on the sort key, with `:x` and `:y`
    private QueryRequest.Builder asking(String range, String... values) {
        Map<String, AttributeValue> given = new HashMap<>(Map.of(":job", s(job())));
        for (int i = 0; i < values.length; i++) {
            given.put(i == 0 ? ":x" : ":y", s(values[i]));
        }
        QueryRequest.Builder request = QueryRequest.builder()
                .tableName(table())
                .consistentRead(true)
                .keyConditionExpression("job_id = :job" + (range.isEmpty() ? "" : " AND " + range))
                .expressionAttributeValues(given);
        return range.isEmpty() ? request : request.expressionAttributeNames(Map.of("#item", "item"));
    }

    private List<String> found(QueryRequest.Builder request) {
        return names(dynamo().query(request.build()).items());
    }

    @Test
    default void aQueryFindsTheItemsOfOnePartitionInOrder() {
        items("b", "a", "B", "10", "9", "a#b", "a-b");
        dynamo().putItem(r -> r.tableName(table()).item(key(job() + "x", "other")));

        assertThat(found(asking(""))).containsExactly("10", "9", "B", "a", "a#b", "a-b", "b");
        assertThat(found(asking("").scanIndexForward(false))).containsExactly("b", "a-b", "a#b", "a", "B", "9", "10");
    }

    @Test
    default void sortKeysAreInTheOrderOfTheirBytes() {
        // U+FF5E comes before U+1F600 in UTF-8 and after it among Java's characters.
        items("\uD83D\uDE00", "\uFF5E", "é", "z");

        assertThat(found(asking(""))).containsExactly("z", "é", "\uFF5E", "\uD83D\uDE00");
        assertThat(found(asking("#item > :x", "\uFF5E"))).containsExactly("\uD83D\uDE00");
    }

    @ParameterizedTest
    @CsvSource({
        "#item = :x,b,,b",
        "#item < :x,b,,a aa",
        "#item <= :x,b,,a aa b",
        "#item > :x,aa,,b ba c",
        "#item >= :x,aa,,aa b ba c",
        "#item BETWEEN :x AND :y,aa,b,aa b",
        "'begins_with(#item, :x)',a,,a aa",
        "'begins_with(#item, :x)',ba,,ba",
        "'begins_with(#item, :x)',d,,''"
    })
    default void aRangeOfTheSortKeyIsFound(String range, String x, String y, String expected) {
        items("a", "aa", "b", "ba", "c");
        QueryRequest.Builder request = y == null ? asking(range, x) : asking(range, x, y);

        assertThat(String.join(" ", found(request))).isEqualTo(expected);
        List<String> reversed = new ArrayList<>(found(request.scanIndexForward(false)));
        java.util.Collections.reverse(reversed);
        assertThat(String.join(" ", reversed)).isEqualTo(expected);
    }

    @Test
    default void pagesTellEveryItemOnceAndGoOnWhereTheLastOneEnded() {
        items("a", "b", "c", "d", "e");

        for (boolean forward : List.of(true, false)) {
            List<String> all = new ArrayList<>();
            int pages = 0;
            for (QueryResponse page : dynamo().queryPaginator(
                            asking("").limit(2).scanIndexForward(forward).build())) {
                all.addAll(names(page.items()));
                pages++;
                assertThat(page.count()).isEqualTo(page.items().size());
                assertThat(page.hasLastEvaluatedKey()).isEqualTo(pages < 3);
            }
            assertThat(all)
                    .containsExactlyElementsOf(
                            forward ? List.of("a", "b", "c", "d", "e") : List.of("e", "d", "c", "b", "a"));
        }
    }

    @Test
    default void aFullPageGoesOnThoughNothingFollows() {
        items("a", "b");

        QueryResponse page = dynamo().query(asking("").limit(2).build());
        assertThat(page.lastEvaluatedKey()).isEqualTo(key("b"));
        QueryResponse next = dynamo().query(asking("")
                .limit(2)
                .exclusiveStartKey(page.lastEvaluatedKey())
                .build());
        assertThat(next.items()).isEmpty();
        assertThat(next.hasLastEvaluatedKey()).isFalse();
    }

    @Test
    default void aPageCountsWhatItReadAndNotWhatItFound() {
        items("a", "b", "c");
        put("b", Map.of("a", n(1)));

        QueryResponse page = dynamo().query(asking("")
                .limit(2)
                .filterExpression("a = :one")
                .expressionAttributeValues(Map.of(":job", s(job()), ":one", n(1)))
                .build());

        assertThat(names(page.items())).containsExactly("b");
        assertThat(page.count()).isEqualTo(1);
        assertThat(page.scannedCount()).isEqualTo(2);
        assertThat(page.lastEvaluatedKey()).isEqualTo(key("b"));
    }

    @Test
    default void aQueryGoesOnAfterAnItemThatIsGone() {
        items("a", "c");
        assertThat(found(asking("").exclusiveStartKey(key("b")))).containsExactly("c");
        assertThat(found(asking("").exclusiveStartKey(key("b")).scanIndexForward(false)))
                .containsExactly("a");
    }

    @Test
    default void aPageEndsAtOneMegabyte() {
        String text = "x".repeat(300_000);
        for (String name : List.of("a", "b", "c", "d", "e")) {
            put(name, Map.of("a", s(text)));
        }

        QueryResponse first = dynamo().query(asking("").build());
        assertThat(first.hasLastEvaluatedKey()).isTrue();
        assertThat(first.items()).hasSizeBetween(3, 4);
        assertThat(dynamo().queryPaginator(asking("").build()).items()).hasSize(5);
    }

    @Test
    default void aCountIsToldWithoutItems() {
        items("a", "b");

        QueryResponse answer = dynamo().query(asking("").select(Select.COUNT).build());

        assertThat(answer.count()).isEqualTo(2);
        assertThat(answer.items()).isEmpty();
    }

    @Test
    default void aProjectionIsMadeAfterTheFilter() {
        put("a", Map.of("a", n(1), "b", n(2)));

        QueryResponse answer = dynamo().query(asking("")
                .filterExpression("b = :two")
                .projectionExpression("a, #item")
                .expressionAttributeNames(Map.of("#item", "item"))
                .expressionAttributeValues(Map.of(":job", s(job()), ":two", n(2)))
                .build());

        assertThat(answer.items()).containsExactly(Map.of("a", n(1), "item", s("a")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#item = :x",
                "job_id <> :x",
                "job_id > :x",
                "begins_with(job_id, :x)",
                "job_id = :x OR #item = :x",
                "NOT job_id = :x",
                "job_id = :x AND a = :x",
                "job_id = :x AND #item <> :x",
                "job_id = :x AND contains(#item, :x)",
                "job_id = :x AND attribute_exists(#item)",
                "job_id = :x AND #item IN (:x)",
                "job_id = :x AND #item > :x AND #item < :x",
                "job_id = :x AND size(#item) = :x",
                "job_id = #item",
                "job_id = :x AND"
            })
    default void thisKeyConditionIsRefused(String condition) {
        refused(() -> dynamo().query(r -> {
            r.tableName(table()).keyConditionExpression(condition);
            if (condition.contains(":x")) {
                r.expressionAttributeValues(Map.of(":x", s("a")));
            }
            if (condition.contains("#item")) {
                r.expressionAttributeNames(Map.of("#item", "item"));
            }
        }));
    }

    @Test
    default void aQueryWithoutAKeyConditionIsRefused() {
        refused(() -> dynamo().query(r -> r.tableName(table())));
    }

    @Test
    default void aPageOfNothingIsRefused() {
        refused(() -> dynamo().query(asking("").limit(0).build()));
    }

    @Test
    default void aFilterOfAKeyIsRefused() {
        refused(() ->
                dynamo().query(asking("").filterExpression("job_id = :job").build()));
    }

    @Test
    default void aKeyOfAnotherTypeOrAnEmptyOneIsRefused() {
        refused(() -> dynamo().query(asking("")
                .expressionAttributeValues(Map.of(":job", n(1)))
                .build()));
        refused(() -> dynamo().query(asking("")
                .expressionAttributeValues(Map.of(":job", s("")))
                .build()));
    }

    @Test
    default void aStartOutsideThePartitionIsRefused() {
        refused(() -> dynamo().query(
                        asking("").exclusiveStartKey(key("another job", "a")).build()));
    }

    @Test
    default void aStartThatIsNoKeyIsRefused() {
        refused(() -> dynamo().query(
                        asking("").exclusiveStartKey(Map.of("job_id", s(job()))).build()));
    }

    @Test
    default void aStartBeforeTheRangeIsRefused() {
        items("a", "b");
        refused(() -> dynamo().query(
                        asking("#item > :x", "a").exclusiveStartKey(key("A")).build()));
    }
}
