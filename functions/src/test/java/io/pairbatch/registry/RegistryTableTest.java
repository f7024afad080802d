package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.registry.RegistryTable.Transacted;
import io.pairbatch.registry.RegistryTable.Written;
import io.pairbatch.standins.MemoryTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class RegistryTableTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final MemoryTable memory = MemoryTable.registry("t", () -> NOW);
    private final RegistryTable table = new RegistryTable(memory, "t");

    private static Row segment(int n) {
        return new Row()
                .with(Kind.JOB_ID, "j")
                .with(Kind.ITEM, SegmentItem.key(n))
                .with(SEGMENT_INDEX, n)
                .with(STATE, SegmentState.PENDING);
    }

    private Map<String, AttributeValue> stored(int n) {
        return memory.item("j", SegmentItem.key(n));
    }

    @Test
    void valuesAreWrittenInTheSameFormatByEveryVersion() {
        table.put(
                ITEMS,
                segment(1)
                        .with(SUBMITTED_AT, Instant.parse("2026-01-01T12:00:00.5Z"))
                        .with(DONE, false)
                        .with(REQUESTS_TOTAL, 7L));

        assertThat(stored(1))
                .containsEntry("state", AttributeValue.fromS("PENDING"))
                .containsEntry("submitted_at", AttributeValue.fromS("2026-01-01T12:00:00.500Z"))
                .containsEntry("done", AttributeValue.fromBool(false))
                .containsEntry("requests_total", AttributeValue.fromN("7"))
                .doesNotContainKey("batch_id");
    }

    @Test
    void anUpdateChangesOnlyWhatItNamesAndReturnsTheWholeItem() {
        table.put(ITEMS, segment(1).with(BATCH_ID, "b").with(MODEL, "m"));

        Written written = table.update(
                ITEMS,
                key("j", 1),
                List.of(STATE.to(SegmentState.SUBMITTING), BATCH_ID.removed(), ERROR_CODE.ifKnown(null)),
                STATE.is(SegmentState.PENDING));

        assertThat(written.done()).isTrue();
        assertThat(written.required().get(MODEL)).isEqualTo("m");
        assertThat(written.required().get(STATE)).isEqualTo(SegmentState.SUBMITTING);
        assertThat(stored(1)).containsKeys("model", "segment_index").doesNotContainKeys("batch_id", "error_code");
    }

    @Test
    void theFirstValueIsKeptAndACounterStartsAtOne() {
        table.put(ITEMS, segment(1));
        for (int i = 0; i < 2; i++) {
            table.update(
                    ITEMS,
                    key("j", 1),
                    List.of(UNSEEN_SINCE.first(NOW.plusSeconds(i)), UNSEEN_LOOKS.oneMore()),
                    Kind.JOB_ID.exists());
            assertThat(table.find(ITEMS, key("j", 1)).orElseThrow().get(UNSEEN_LOOKS))
                    .isEqualTo(i + 1);
        }
        assertThat(table.find(ITEMS, key("j", 1)).orElseThrow().get(UNSEEN_SINCE))
                .isEqualTo(NOW);
    }

    @Test
    void aRefusedWriteReturnsTheConflictingItem() {
        table.put(ITEMS, segment(1).with(BATCH_ID, "b"));
        Condition none = STATE.isEither(SegmentState.ENDED, SegmentState.FAILED).or(BATCH_ID.isMissing());

        Written update = table.update(ITEMS, key("j", 1), List.of(MODEL.to("m")), none);
        Written put = table.put(ITEMS, segment(1), Kind.JOB_ID.isMissing());

        assertThat(update.done()).isFalse();
        assertThat(update.required().get(BATCH_ID)).isEqualTo("b");
        assertThat(put.done()).isFalse();
        assertThat(put.required().get(BATCH_ID)).isEqualTo("b");
        assertThat(table.delete(ITEMS, key("j", 1), none)).isFalse();
        assertThat(table.update(ITEMS, key("j", 2), List.of(MODEL.to("m")), Kind.JOB_ID.exists())
                        .row())
                .isNull();
    }

    @Test
    void aTransactionIsMadeAsAWholeOrReportsWhichConditionFailed() {
        table.put(ITEMS, segment(1).with(SUBMISSIONS, 3));
        Write.Update update = new Write.Update(ITEMS, key("j", 1), List.of(SUBMISSIONS.to(4)), SUBMISSIONS.below(4));
        Write.Put put = new Write.Put(ITEMS, segment(2), Kind.JOB_ID.isMissing());
        Write.Check check = new Write.Check(ITEMS, key("j", 1), SUBMISSIONS.atLeast(4));

        Transacted refused = table.transact(List.of(check, put));

        assertThat(refused.done()).isFalse();
        assertThat(List.of(refused.refused(0), refused.refused(1))).containsExactly(true, false);
        assertThat(refused.inTheWay(0).orElseThrow().get(SUBMISSIONS)).isEqualTo(3);
        assertThat(refused.orThrowUnlessConditions()).isSameAs(refused);
        assertThatThrownBy(refused::orThrow).hasMessageContaining("ConditionalCheckFailed");
        assertThat(memory.items()).hasSize(1);
        assertThat(table.transact(List.of(update, put)).done()).isTrue();
        assertThat(memory.items()).hasSize(2);
    }

    @Test
    void aQueryReturnsOnlyItsKindAndAPageKnowsItsNext() {
        IntStream.rangeClosed(1, 3).forEach(n -> table.put(ITEMS, segment(n)));
        Submission sub = new Submission(2, 1, "t", "f", "a", NOW, SubmissionOutcome.CREATED, "b");
        table.put(SubmissionAttributes.ITEMS, sub.row("j"));
        List<Integer> segments = new ArrayList<>();
        table.each(ITEMS, "j", PREFIX, IS_SEGMENT, row -> segments.add(row.require(SEGMENT_INDEX)));
        assertThat(segments).containsExactly(1, 2, 3);

        Kind any = Kind.of(FORGOTTEN);
        RegistryTable.Page first = table.page(any, "j", PREFIX, 3, null);
        assertThat(first.rows()).hasSize(3);
        Map<String, String> next = Objects.requireNonNull(first.next());
        RegistryTable.Page second = table.page(any, "j", PREFIX, 3, next.get("item"));
        assertThat(second.rows().stream().map(row -> row.require(Kind.ITEM)).toList())
                .containsExactly(SegmentItem.key(3));
        table.deleteAll(
                any,
                first.rows().stream()
                        .map(row -> new ItemKey("j", row.require(Kind.ITEM)))
                        .toList());
        assertThat(memory.items()).hasSize(1);
    }
}
