package io.pairbatch.standins;

import static io.pairbatch.standins.TableCases.n;
import static io.pairbatch.standins.TableCases.names;
import static io.pairbatch.standins.TableCases.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/// Queries of the index `jobs-by-time`, whose keys are `kind` and `created_at`. The kind is unique to the case.
interface IndexCases extends TableCases {

    private void created(String item, String at) {
        put(item, Map.of("kind", s(job()), "created_at", s(at), "a", n(1)));
    }

    private QueryRequest.Builder byTime() {
        return QueryRequest.builder()
                .tableName(table())
                .indexName("jobs-by-time")
                .keyConditionExpression("kind = :kind")
                .expressionAttributeValues(Map.of(":kind", s(job())));
    }

    private List<String> found() {
        return names(dynamo().query(byTime().build()).items());
    }

    @Test
    default void anIndexTellsWholeItemsInTheOrderOfItsOwnKey() {
        created("a", "2026-03");
        created("b", "2026-01");
        created("c", "2026-02");

        assertThat(found()).containsExactly("b", "c", "a");
        QueryResponse newest =
                dynamo().query(byTime().scanIndexForward(false).limit(1).build());
        assertThat(newest.items())
                .containsExactly(item("a", Map.of("kind", s(job()), "created_at", s("2026-03"), "a", n(1))));
    }

    @Test
    default void anIndexHasOnlyItemsWithBothItsKeys() {
        created("a", "2026-01");
        put("b", Map.of("kind", s(job())));
        put("c", Map.of("created_at", s("2026-01")));

        assertThat(found()).containsExactly("a");
    }

    @Test
    default void anItemMovesInAnIndexAndLeavesIt() {
        created("a", "2026-01");
        created("b", "2026-02");
        created("c", "2026-03");
        dynamo().updateItem(r -> r.tableName(table())
                .key(key("a"))
                .updateExpression("SET created_at = :at")
                .expressionAttributeValues(Map.of(":at", s("2026-09"))));
        update("b", "REMOVE kind");
        dynamo().deleteItem(r -> r.tableName(table()).key(key("c")));

        assertThat(found()).containsExactly("a");
        created("b", "2026-08");
        assertThat(found()).containsExactly("b", "a");
    }

    @Test
    default void aRangeOfAnIndexIsFound() {
        created("a", "2026-01");
        created("b", "2026-02");
        created("c", "2026-03");

        QueryResponse answer = dynamo().query(byTime().keyConditionExpression(
                        "kind = :kind AND created_at BETWEEN :from AND :to")
                .expressionAttributeValues(Map.of(":kind", s(job()), ":from", s("2026-02"), ":to", s("2026-03")))
                .build());

        assertThat(names(answer.items())).containsExactly("b", "c");
    }

    @Test
    default void anIndexGoesOnAfterItemsOfTheSameTime() {
        for (String item : List.of("a", "b", "c", "d", "e")) {
            created(item, "2026-01");
        }
        List<String> all = new ArrayList<>();
        Map<String, AttributeValue> last = Map.of();
        do {
            QueryRequest.Builder request = byTime().limit(2);
            QueryResponse page = dynamo().query((last.isEmpty() ? request : request.exclusiveStartKey(last)).build());
            all.addAll(names(page.items()));
            last = page.lastEvaluatedKey();
            if (page.hasLastEvaluatedKey()) {
                assertThat(last).containsOnlyKeys("job_id", "item", "kind", "created_at");
            }
        } while (!last.isEmpty());

        assertThat(all).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
    }

    @Test
    default void aFilterOfAnIndexMayNameTheTablesKeys() {
        created("a", "2026-01");
        created("ab", "2026-02");
        created("b", "2026-03");

        QueryResponse answer = dynamo().query(byTime().filterExpression("begins_with(#item, :a)")
                .expressionAttributeNames(Map.of("#item", "item"))
                .expressionAttributeValues(Map.of(":kind", s(job()), ":a", s("a")))
                .build());

        assertThat(names(answer.items())).containsExactly("a", "ab");
    }

    @Test
    default void aConsistentReadOfAnIndexIsRefused() {
        refused(() -> dynamo().query(byTime().consistentRead(true).build()));
    }

    @Test
    default void anIndexThatThereIsNotIsRefused() {
        refused(() -> dynamo().query(byTime().indexName("no-such-index").build()));
    }

    @Test
    default void aFilterOfAnIndexesOwnKeyIsRefused() {
        refused(() -> dynamo().query(byTime().filterExpression("kind = :kind").build()));
    }

    @Test
    default void aStartWithoutTheIndexesKeyIsRefused() {
        refused(() -> dynamo().query(byTime().exclusiveStartKey(key("a")).build()));
    }

    @Test
    default void anIndexIsNotAskedByTheTablesKey() {
        refused(() ->
                dynamo().query(byTime().keyConditionExpression("job_id = :kind").build()));
    }

    @Test
    default void aKeyOfAnIndexIsAStringAndNotEmpty() {
        refused(() -> put("a", Map.of("kind", n(1), "created_at", s("2026-01"))));
        refused(() -> put("a", Map.of("kind", s(job()), "created_at", s(""))));
        put("a", Map.of("a", n(1)));
        refused(() -> update("a", "SET kind = :one"));
        refused(() -> update("a", "SET open_account = :empty"));
        assertThat(get("a")).isEqualTo(Map.of("a", n(1)));
    }
}
