package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

class DynamoJobSourceTest {

    private static final Map<String, AttributeValue> JOB = item(
            "job_id essays-1",
            "item JOB",
            "state RUNNING",
            "created_at 2026-11-22T19:44:20.714858688Z",
            "#rows_read 190",
            "#rows_accepted 188",
            "#rows_rejected 2",
            "#segments 4",
            "?split_done true");

    @Test
    void sumsTheSegmentsAndLeavesTheirSubmissionsOut() {
        JobSnapshot snapshot = DynamoJobSource.snapshot(List.of(
                        JOB,
                        item(
                                "item SEGMENT#000001",
                                "state SUBMITTED",
                                "#rows 50",
                                "#requests_total 50",
                                "#requests_completed 20",
                                "#requests_failed 1"),
                        item("item SEGMENT#000001#SUB#01", "outcome CREATED"),
                        item(
                                "item SEGMENT#000002",
                                "state IN_DOUBT",
                                "#rows 50",
                                "provider_says HTTP 404",
                                "look_again 2026-11-22T19:54:20Z"),
                        item(
                                "item SEGMENT#000003",
                                "state FAILED",
                                "?done true",
                                "#rows 50",
                                "#requests_total 50",
                                "provider_says past"),
                        item("item SEGMENT#000004", "state PENDING", "#rows 38")))
                .orElseThrow();

        assertThat(snapshot.segments()).isEqualTo(new SegmentTotals(4, 188, 2, 1, 1, 1, 100, 20, 1));
        assertThat(snapshot.troubles()).containsExactly("segment 2: HTTP 404");
        assertThat(snapshot.waits().sentences())
                .containsExactly("segment 2 is in doubt: its batch is looked for again at 2026-11-22T19:54:20Z");
        assertThat(snapshot.waits().oldest()).isNull();
        assertThat(snapshot.job().rowsRejected()).isEqualTo(2);
        assertThat(snapshot.job().createdAt()).isEqualTo(Instant.parse("2026-11-22T19:44:20.714858688Z"));
    }

    @Test
    void countsACollectedSegmentByItsResults() {
        JobSnapshot snapshot = DynamoJobSource.snapshot(List.of(
                        JOB,
                        item(
                                "item SEGMENT#000001",
                                "state COLLECTED",
                                "?done true",
                                "#rows 50",
                                "#requests_total 50",
                                "#requests_completed 0",
                                "#observed 48",
                                "#failed 2")))
                .orElseThrow();

        assertThat(snapshot.segments()).isEqualTo(new SegmentTotals(1, 50, 1, 0, 0, 1, 50, 48, 2));
    }

    @Test
    void aStateThatIsNotKnownIsTakenForWork() {
        Map<String, AttributeValue> newer = new HashMap<>(JOB);
        newer.put("state", AttributeValue.fromS("POLISHING"));

        assertThat(DynamoJobSource.snapshot(List.of(newer)).orElseThrow().job().state())
                .isEqualTo(JobState.UNKNOWN);
    }

    @Test
    void segmentsWithoutAJobAreNoJob() {
        assertThat(DynamoJobSource.snapshot(List.of(item("item SEGMENT#000001", "state PENDING"))))
                .isEmpty();
    }

    @Test
    void readsOnWhereAPageEnds() {
        Map<String, AttributeValue> key = Map.of("item", AttributeValue.fromS("JOB"));
        // A page can be empty and still not be the last one.
        Deque<QueryResponse> pages = new ArrayDeque<>(List.of(
                QueryResponse.builder()
                        .items(List.of(JOB))
                        .lastEvaluatedKey(key)
                        .build(),
                QueryResponse.builder().items(List.of()).lastEvaluatedKey(key).build(),
                QueryResponse.builder().items(List.of(key)).build()));
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        PagedItems items = new PagedItems(QueryRequest.builder().build(), request -> pages.removeFirst());
        items.forEachRemaining(found::add);

        assertThat(found).containsExactly(JOB, key);
    }

    /// Attributes as `name text`, `#name number` and `?name flag`.
    private static Map<String, AttributeValue> item(String... attributes) {
        Map<String, AttributeValue> item = new HashMap<>();
        for (String attribute : attributes) {
            int blank = attribute.indexOf(' ');
            String name = attribute.substring(0, blank);
            String value = attribute.substring(blank + 1);
            if (name.startsWith("#")) {
                item.put(name.substring(1), AttributeValue.fromN(value));
            } else if (name.startsWith("?")) {
                item.put(name.substring(1), AttributeValue.fromBool(Boolean.parseBoolean(value)));
            } else {
                item.put(name, AttributeValue.fromS(value));
            }
        }
        return item;
    }
}
