package io.pairbatch.submit;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.Segment;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.CollectedSegment;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Restoration;
import io.pairbatch.testing.FakeProvider;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the mirror in S3 restores after the registry's table was lost or restored to an older state; the number of
/// creates is what matters.
class LostRegistryTest {

    private static final String OUTCOME = "registry/segment_000001_sub_01_outcome.json";

    private final JobFixture first = new JobFixture();
    private final SettableClock clock = first.clock;
    private final FakeProvider provider = first.provider;

    @Test
    void aLostTableIsRebuiltAndNothingIsCreatedAgain() throws Exception {
        first.submit(first.split(3));
        assertThat(provider.batches).hasSize(3);

        JobFixture after = first.afterItsRegistryWasLost();
        OpenJob job = after.split(3);
        assertThat(restore(after)).isEqualTo(3);
        after.submit(job);

        assertThat(provider.batches).hasSize(3);
        assertThat(after.segments.all(JOB))
                .extracting(SegmentItem::batchId)
                .containsExactly("batch_1", "batch_2", "batch_3");
        assertThat(after.segments.all(JOB)).allMatch(s -> s.state() == SegmentState.SUBMITTED);
        assertThat(after.segments.submissions(JOB, 2)).hasSize(1);
    }

    @Test
    void aRegistryThatWasRestoredToAnOlderStateCatchesUp() throws Exception {
        OpenJob job = first.split(3);
        provider.failing.put("create 2", new RefusedException(RefusedException.Kind.LATER, 429, "rate_limit", "later"));
        first.submit(job);
        assertThat(provider.batches).hasSize(1);
        MemoryTable.Snapshot copy = first.table.snapshot();
        provider.failing.clear();
        clock.advance(Duration.ofHours(1));
        first.submit(job);
        assertThat(provider.batches).hasSize(3);

        first.table.reset(copy);
        assertThat(restore(first)).isEqualTo(2);
        first.submit(job);
        assertThat(provider.batches).hasSize(3);
        assertThat(first.segments.all(JOB))
                .extracting(SegmentItem::batchId)
                .containsExactly("batch_1", "batch_2", "batch_3");
    }

    @Test
    void aCreateWithoutARecordedOutcomeIsSearchedForAfterItsLease() throws Exception {
        first.submit(first.split(1));
        assertThat(first.files.texts()).containsKey(OUTCOME);
        first.files.delete(OUTCOME);

        JobFixture after = first.afterItsRegistryWasLost();
        OpenJob job = after.split(1);
        assertThat(restore(after)).isEqualTo(1);
        assertThat(after.segment(1).state()).isEqualTo(SegmentState.SUBMITTING);
        after.submit(job);
        assertThat(after.segment(1).state()).isEqualTo(SegmentState.SUBMITTING);

        clock.advance(Duration.ofMinutes(12));
        after.submit(job);
        assertThat(after.segment(1).batchId()).isEqualTo("batch_1");
        assertThat(provider.batches).hasSize(1);
    }

    @Test
    void aCollectedSegmentIsNotPolledAgain() throws Exception {
        first.submit(first.split(2));
        Instant received = clock.instant();
        Mirror.collected(
                first.files,
                2,
                new CollectedSegment(
                        SegmentState.COLLECTED,
                        9,
                        1,
                        JobFixture.TAG_RULES,
                        "batch_2",
                        "completed",
                        10,
                        9,
                        1,
                        null,
                        null,
                        received,
                        received,
                        received.plusSeconds(5),
                        "file_out",
                        null,
                        null));

        JobFixture after = first.afterItsRegistryWasLost();
        after.split(2);
        assertThat(restore(after)).isEqualTo(2);
        SegmentItem second = after.segment(2);
        assertThat(second.state()).isEqualTo(SegmentState.COLLECTED);
        assertThat(second.receivedAt()).isEqualTo(received.plusSeconds(5));
        assertThat(second.batchId()).isEqualTo("batch_2");
        // A deletion has to know what the provider keeps.
        assertThat(second.outputFileId()).isEqualTo("file_out");
        assertThat(restore(after)).isZero();
    }

    @Test
    void aRegistryThatKnowsEverythingIsUnchanged() throws Exception {
        first.submit(first.split(2));
        List<SegmentItem> before = first.segments.all(JOB);
        assertThat(restore(first)).isZero();
        assertThat(first.segments.all(JOB)).isEqualTo(before);
    }

    @Test
    void aSegmentOfOtherRowsIsAConflictAndNothingIsSubmitted() throws Exception {
        first.submit(first.split(1));
        JobFixture after = first.afterItsRegistryWasLost();
        after.split(new Segment(1, 1, 7, 7, 100, "other"));
        assertThatThrownBy(() -> restore(after))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("REGISTRY_CONFLICT")
                .hasMessageContaining("a batch for rows 1 to 1 (1)")
                .hasMessageContaining("rows 1 to 7 (7)");
    }

    @Test
    void aBatchOfASegmentThatDoesNotExistIsAConflict() throws Exception {
        first.submit(first.split(3));
        JobFixture after = first.afterItsRegistryWasLost();
        after.split(2);
        assertThatThrownBy(() -> restore(after))
                .hasMessageContaining("REGISTRY_CONFLICT")
                .hasMessageContaining("segment 3")
                .hasMessageContaining("the 2 segments of the table");
    }

    private static int restore(JobFixture fixture) throws Exception {
        return new Restoration(fixture.segments).restore(fixture.open());
    }
}
