package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.registry.JobState;
import io.pairbatch.standins.MemoryTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

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

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T19:50:00Z, SUBMITTED, 2026-11-22T20:00:00Z",
        // Retried since.
        "2026-11-22T20:10:00Z, SUBMITTED, ",
        // Read again: nothing is open.
        "2026-11-22T19:50:00Z, COLLECTED, "
    })
    void aLookThatIsOverOrThatNothingWaitsForIsNotTold(String updated, String segment, @Nullable Instant told) {
        Map<String, AttributeValue> job = new HashMap<>(JOB);
        job.putAll(item("job_id essays-1", "next_look 2026-11-22T20:00:00Z", "updated_at " + updated));
        assertThat(snapshot(
                                job,
                                item(
                                        "item SEGMENT#000001",
                                        "#segment_index 1",
                                        "state " + segment,
                                        "batch_id b1",
                                        "submitted_at 2026-11-22T19:45:00Z",
                                        "#rows 50"))
                        .orElseThrow()
                        .waits()
                        .nextLook())
                .isEqualTo(told);
    }

    @Test
    void sumsTheSegmentsAndLeavesTheirSubmissionsOut() {
        JobSnapshot snapshot = snapshot(
                        JOB,
                        item(
                                "item SEGMENT#000001",
                                "#segment_index 1",
                                "state SUBMITTED",
                                "#rows 50",
                                "#requests_total 50",
                                "#requests_completed 20",
                                "#requests_failed 1"),
                        item("item SEGMENT#000001#SUB#01", "token t", "outcome CREATED"),
                        item(
                                "item SEGMENT#000002",
                                "#segment_index 2",
                                "state IN_DOUBT",
                                "#rows 50",
                                "provider_says HTTP 404",
                                "look_again 2026-11-22T19:54:20Z"),
                        item(
                                "item SEGMENT#000003",
                                "#segment_index 3",
                                "state FAILED",
                                "?done true",
                                "#rows 50",
                                "#requests_total 50",
                                "provider_says past"),
                        item("item SEGMENT#000004", "#segment_index 4", "state PENDING", "#rows 38"))
                .orElseThrow();

        assertThat(snapshot.segments()).isEqualTo(new SegmentTotals(4, 188, 2, 1, 1, 1, 20, 51, 0, 50, 1, 1));
        assertThat(snapshot.troubles()).containsExactly("segment 2: HTTP 404");
        assertThat(snapshot.waits().sentences())
                .containsExactly(
                        "segment 2 is in doubt: whether its batch exists is not known; it is looked for again at 2026-11-22T19:54:20Z");
        assertThat(snapshot.waits().oldest()).isNull();
        assertThat(snapshot.job().rowsRejected()).isEqualTo(2);
        assertThat(snapshot.job().createdAt()).isEqualTo(Instant.parse("2026-11-22T19:44:20.714858688Z"));
    }

    @Test
    void aVerboseJobTellsEachSegmentThatHasABatch() {
        Map<String, AttributeValue> verbose = new HashMap<>(JOB);
        verbose.put("verbose", AttributeValue.fromBool(true));
        verbose.put("backend", AttributeValue.fromS("openai"));
        verbose.put("study", AttributeValue.fromS("reading"));
        verbose.put("labels", AttributeValue.fromS("{\"wave\":\"2\"}"));
        Map<String, AttributeValue> sent =
                item("item SEGMENT#000001", "#segment_index 1", "state SUBMITTED", "#rows 50", "batch_id batch_abc");
        Map<String, AttributeValue> waiting =
                item("item SEGMENT#000002", "#segment_index 2", "state PENDING", "#rows 1");

        JobSnapshot told = snapshot(verbose, sent, waiting).orElseThrow();
        assertThat(told.lines())
                .containsExactly(
                        new SegmentLine(1, "submitted: 50 pairs, openai, batch batch_abc, batch_01_input.jsonl"));
        assertThat(told.job().tags().filing().words()).isEqualTo("wave=2");
        assertThat(snapshot(JOB, sent, waiting).orElseThrow().lines()).isEmpty();
    }

    @Test
    void aJobThatIsBeingRevivedSaysSo() {
        Map<String, AttributeValue> job = new HashMap<>(JOB);
        job.put("state", AttributeValue.fromS("RUNNING"));
        job.put("updated_at", AttributeValue.fromS("2026-11-22T10:00:00Z"));
        job.put("revived_at", AttributeValue.fromS("2026-11-22T18:00:00.123456789Z"));
        JobSnapshot revived = snapshot(job).orElseThrow();
        assertThat(revived.notices())
                .contains("the job is being revived: its execution had ended, and the next one was started at"
                        + " 2026-11-22T18:00:00Z");
        assertThat(revived.job().updatedAt()).startsWith("2026-11-22T18:00:00");
        job.put("updated_at", AttributeValue.fromS("2026-11-22T18:00:01Z"));
        assertThat(snapshot(job).orElseThrow().notices()).isEmpty();
    }

    @Test
    void countsACollectedSegmentByItsResults() {
        JobSnapshot snapshot = snapshot(
                        JOB,
                        item(
                                "item SEGMENT#000001",
                                "#segment_index 1",
                                "state COLLECTED",
                                "?done true",
                                "#rows 50",
                                "#requests_total 50",
                                "#requests_completed 0",
                                "#observed 48",
                                "#failed 2"))
                .orElseThrow();

        assertThat(snapshot.segments()).isEqualTo(new SegmentTotals(1, 50, 1, 0, 0, 1, 48, 2, 48, 2, 0, 0));
    }

    @Test
    void whatWasNeverSentIsNotCalledUnanswered() {
        SegmentTotals totals = snapshot(
                        JOB,
                        item(
                                "item SEGMENT#000001",
                                "#segment_index 1",
                                "state NOT_SUBMITTED",
                                "?done true",
                                "#rows 50",
                                "#failed 50"),
                        item("item SEGMENT#000002", "#segment_index 2", "#attempt 2", "state PENDING", "#rows 50"))
                .orElseThrow()
                .segments();

        assertThat(totals.unanswered()).isZero();
        assertThat(totals.unsent()).isEqualTo(50);
        assertThat(totals.unended()).isEqualTo(50);
    }

    /// What will not be sent is `ENDED` for a while, like a batch that has come back.
    @ParameterizedTest
    @ValueSource(strings = {"ENDED", "NOT_SUBMITTED"})
    void whatIsNeverSentIsNeitherSubmittedNorLost(String state) {
        SegmentTotals totals = snapshot(
                        JOB,
                        item("item SEGMENT#000001", "#segment_index 1", "state " + state, "#rows 50"),
                        item("item SEGMENT#000002", "#segment_index 2", "state ENDED", "batch_id b", "#rows 50"))
                .orElseThrow()
                .segments();

        assertThat(totals.submitted()).isEqualTo(1);
        assertThat(totals.open()).isEqualTo(1);
        assertThat(totals.failed()).isZero();
        assertThat(totals.unsentSegments()).isEqualTo(1);
        assertThat(totals.unsent()).isEqualTo(50);
    }

    /// A batch that is stopped may count a request as answered, and later as not.
    @ParameterizedTest
    @ValueSource(strings = {"SUBMITTED", "ENDED", "CANCELLED"})
    void noMoreRequestsEndThanThereAre(String state) {
        SegmentTotals totals = snapshot(
                        JOB,
                        item(
                                "item SEGMENT#000001",
                                "#segment_index 1",
                                "state " + state,
                                "batch_id b",
                                "#rows 300",
                                "#requests_total 300",
                                "#requests_completed 204",
                                "#requests_failed 97"))
                .orElseThrow()
                .segments();

        assertThat(totals.answered()).isEqualTo(204);
        assertThat(totals.unanswered()).isEqualTo(96);
        assertThat(totals.unended()).isZero();
    }

    @Test
    void looksNoMoreAtAJobThatIsDone() {
        assertThat(snapshot(with(with(JOB, "next_look", "2026-11-22T19:50:00.5Z"), "state", "DONE"))
                        .orElseThrow()
                        .waits()
                        .nextLook())
                .isNull();
    }

    @Test
    void saysUntilWhenALeaseRunsAndFromWhenRoomIsTriedFor() {
        Waits waits = snapshot(
                        with(JOB, "next_look", "2026-11-22T19:50:00.5Z"),
                        item(
                                "item SEGMENT#000001",
                                "#segment_index 1",
                                "state SUBMITTING",
                                "create_until 2026-11-22T19:46:00.123Z",
                                "lease_until 2026-11-22T20:03:00Z"),
                        item("item SEGMENT#000002", "#segment_index 2", "state PENDING"),
                        item(
                                "item SEGMENT#000003",
                                "#segment_index 3",
                                "state PENDING",
                                "not_before 2026-11-22T19:52:00Z"),
                        item(
                                "item SEGMENT#000004",
                                "#segment_index 4",
                                "state PENDING",
                                "not_before 2026-11-22T19:49:00Z"))
                .orElseThrow()
                .waits();

        assertThat(waits.nextLook()).isEqualTo(Instant.parse("2026-11-22T19:50:00.5Z"));
        String room = "3 segments wait for room at the provider; one is sent again at the first look after"
                + " 2026-11-22T19:52:00Z";
        assertThat(waits.sentences())
                .containsExactly(
                        "segment 1 is being submitted: its create is in flight, or the answer was lost; its batch is"
                                + " looked for at 2026-11-22T19:46:00Z, and before its lease ends at"
                                + " 2026-11-22T20:03:00Z it is not sent again",
                        room);
        // As long as the create has time left it is nothing to tell to one who watches.
        assertThat(waits.sentences(Instant.parse("2026-11-22T19:46:00Z"))).containsExactly(room);
        assertThat(waits.sentences(Instant.parse("2026-11-22T19:46:01Z"))).hasSize(2);
    }

    private static final String FULL = "provider_says token_limit_exceeded: Enqueued token limit reached for gpt-4.1 in"
            + " organization org-x. Limit: 90,000 enqueued tokens. Please try again once some in_progress batches have"
            + " been completed.";

    @Test
    void aSegmentThatNeverFitsIsToldWithTheLargestBatchThatDoes() {
        Map<String, AttributeValue> large = item(
                "item SEGMENT#000001",
                "#segment_index 1",
                "state PENDING",
                "#rows 3500",
                "#input_bytes 432000",
                "#bounces 1",
                FULL);
        Map<String, AttributeValue> rest =
                item("item SEGMENT#000002", "#segment_index 2", "state PENDING", "#rows 100", "#input_bytes 12300");
        assertThat(snapshot(with(JOB, "backend", "openai"), large, rest)
                        .orElseThrow()
                        .notices())
                .containsExactly("Segment 1 can never be sent as it is: its 3,500 pairs have about 108,000 tokens, and"
                        + " openai takes 90,000 at once. Largest batch that fits: about 2,900 pairs. Set `batch_size`"
                        + " to 2900 in a new job (./pairbatch delete essays-1 --cancel, then run FILE --set"
                        + " batch_size=2900), or have the provider raise the limit.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "it fits, and waits for other jobs          | PENDING   | #requests_total 0   | #input_bytes 10    | 360000",
                "one as large was let in, so it does fit    | COLLECTED | #requests_total 3500| #input_bytes 432000| 432000",
                "another one of the job runs at the moment  | SUBMITTED | #requests_total 100 | #input_bytes 10    | 432000",
            })
    void aSegmentThatMayFitIsNotSaidNeverTo(
            String why, String state, String requests, String otherBytes, String bytes) {
        Map<String, AttributeValue> full = item(
                "item SEGMENT#000001",
                "#segment_index 1",
                "state PENDING",
                "#rows 3500",
                "#input_bytes " + bytes,
                FULL);
        Map<String, AttributeValue> other =
                item("item SEGMENT#000002", "#segment_index 2", "state " + state, "#rows 100", requests, otherBytes);

        assertThat(snapshot(with(JOB, "backend", "openai"), full, other)
                        .orElseThrow()
                        .notices())
                .as(why)
                .isEmpty();
    }

    private static Map<String, AttributeValue> with(Map<String, AttributeValue> item, String name, String value) {
        Map<String, AttributeValue> more = new HashMap<>(item);
        more.put(name, AttributeValue.fromS(value));
        return more;
    }

    @Test
    void aCancelledBatchWhoseAnswersWereCollectedIsNotLost() {
        Map<String, AttributeValue> answered = item(
                "item SEGMENT#000001",
                "#segment_index 1",
                "state CANCELLED",
                "?done true",
                "#rows 3",
                "#requests_total 3",
                "#requests_completed 3",
                "#observed 3");
        Map<String, AttributeValue> empty =
                item("item SEGMENT#000002", "#segment_index 2", "state CANCELLED", "?done true", "#rows 3");

        SegmentTotals totals = snapshot(JOB, answered, empty).orElseThrow().segments();
        assertThat(totals.collected()).isEqualTo(2);
        assertThat(totals.failed()).isEqualTo(1);
    }

    @Test
    void eachSegmentCountsOnce() {
        Map<String, AttributeValue> unsent =
                item("item SEGMENT#000001", "#segment_index 1", "state NOT_SUBMITTED", "?done true", "#rows 3");
        Map<String, AttributeValue> ending =
                item("item SEGMENT#000002", "#segment_index 2", "state ENDED", "#rows 3", "batch_id b2");
        Map<String, AttributeValue> unsentEnding =
                item("item SEGMENT#000003", "#segment_index 3", "state ENDED", "#rows 3");
        Map<String, AttributeValue> collected =
                item("item SEGMENT#000004", "#segment_index 4", "state COLLECTED", "?done true", "#rows 3");
        Map<String, AttributeValue> doubted =
                item("item SEGMENT#000005", "#segment_index 5", "state IN_DOUBT", "#rows 3");

        SegmentTotals totals = snapshot(JOB, unsent, ending, unsentEnding, collected, doubted)
                .orElseThrow()
                .segments();

        assertThat(List.of(
                        totals.pending(), totals.inDoubt(), totals.open(), totals.collected(), totals.unsentSegments()))
                .containsExactly(0, 1, 1, 1, 2);
    }

    @Test
    void aJobThatWaitsForADeletionSaysSo() {
        JobSnapshot waiting = snapshot(with(with(JOB, "state", "RUNNING"), "awaits_deletion", "old-0badcafe"))
                .orElseThrow();

        assertThat(waiting.job().words()).isEqualTo("waiting for the deletion of old-0badcafe");
        assertThat(waiting.waits().sentences())
                .containsExactly(
                        "nothing is sent before job old-0badcafe, which judged the same pairs in the same way, is"
                                + " deleted: ./pairbatch delete old-0badcafe finishes that");
    }

    @Test
    void aStateThatIsNotKnownIsTakenForWork() {
        Map<String, AttributeValue> newer = new HashMap<>(JOB);
        newer.put("state", AttributeValue.fromS("POLISHING"));

        assertThat(snapshot(newer).orElseThrow().job().state()).isEqualTo(JobState.UNKNOWN);
    }

    @Test
    void segmentsWithoutAJobAreNoJob() {
        assertThat(snapshot(item("item SEGMENT#000001", "#segment_index 1", "state PENDING")))
                .isEmpty();
    }

    /// What the source reads of a table with these items, one on each page.
    @SafeVarargs
    private static Optional<JobSnapshot> snapshot(Map<String, AttributeValue>... items) {
        MemoryTable table = MemoryTable.registry("t");
        table.itemsPerPage(1);
        for (Map<String, AttributeValue> item : items) {
            table.edit("essays-1", Objects.requireNonNull(item.get("item")).s(), row -> row.putAll(item));
        }
        return new DynamoJobSource(table, "t").read("essays-1");
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
