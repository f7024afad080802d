package io.pairbatch.standins;

import static io.pairbatch.standins.TableCases.n;
import static io.pairbatch.standins.TableCases.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Words that an expression may use as attribute names only with a placeholder.
interface ReservedWordCases extends TableCases {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state",
                "status",
                "items",
                "owner",
                "token",
                "name",
                "rows",
                "segment",
                "segments",
                "size",
                "data",
                "date",
                "time",
                "key",
                "value",
                "values",
                "count",
                "counter",
                "total",
                "error",
                "result",
                "source",
                "region",
                "role",
                "user",
                "batch",
                "file",
                "path",
                "url",
                "uuid",
                "ttl",
                "type",
                "number",
                "object",
                "index",
                "limit",
                "language",
                "level",
                "location",
                "month",
                "year",
                "State",
                "OWNER"
            })
    default void thisWordNeedsAPlaceholder(String word) {
        put("A", Map.of(word, n(1)));

        reserved(() -> update("A", "SET " + word + " = :two"));
        reserved(() -> update("A", "SET a = :two", word + " = :one", r -> {}));
        reserved(() -> update("A", "SET a." + word + " = :two"));
        reserved(() -> update("A", "REMOVE " + word));
        reserved(() -> dynamo().getItem(r -> r.tableName(table()).key(key("A")).projectionExpression(word)));
        update("A", "SET #w = :two", "#w = :one", r -> r.expressionAttributeNames(Map.of("#w", word)));
        assertThat(get("A")).isEqualTo(Map.of(word, n(2)));
    }

    @Test
    default void aReservedWordInAKeyConditionNeedsAPlaceholder() {
        reserved(() -> dynamo().query(r -> r.tableName(table())
                .keyConditionExpression("job_id = :job AND item = :item")
                .expressionAttributeValues(Map.of(":job", s(job()), ":item", s("A")))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoch", "attempt", "outcome", "invocation", "state_2", "my_owner", "limits", "done"})
    default void thisWordNeedsNone(String word) {
        update("A", "SET " + word + " = :two");
        assertThat(get("A")).isEqualTo(Map.of(word, n(2)));
    }
}
