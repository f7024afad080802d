package io.pairbatch.forget;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchState;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.SegmentItem.Copies;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.testing.FakeProvider;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.time.Deadline;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `provider_retention: delete_after_collect` with a table in memory.
class RetentionTest {

    private final JobFixture fixture = new JobFixture();
    private final FakeProvider provider = fixture.provider;
    private final Account account = fixture.account;
    private final Retention retention = new Retention(fixture.segments);

    @Test
    void everythingOfACollectedSegmentIsDeletedOnce() throws Exception {
        OpenJob job = collected("delete_after_collect", Copies.DUE);

        retention.collected(job, account, 1, deadline());

        assertThat(provider.files).isEmpty();
        assertThat(provider.batches).isEmpty();
        assertThat(provider.calls).hasSize(4);
        assertThat(fixture.segment(1).copies()).isEqualTo(Copies.DELETED);
        retention.collected(job, account, 1, deadline());
        retention.polled(job, account, deadline());
        assertThat(retention.merging(job, () -> account, deadline())).isEmpty();
        assertThat(provider.calls).hasSize(4);
    }

    @Test
    void nothingIsDeletedBeforeTheRegistrySaysThatItIsInS3() throws Exception {
        OpenJob job = ended("delete_after_collect");

        retention.collected(job, account, 1, deadline());
        retention.polled(job, account, deadline());

        assertThat(provider.calls).isEmpty();
    }

    @Test
    void whatCouldNotBeFetchedCompletelyIsKeptAndReported() throws Exception {
        OpenJob job = collected("delete_after_collect", Copies.KEPT);

        retention.collected(job, account, 1, deadline());

        assertThat(provider.calls).isEmpty();
        assertThat(retention.merging(job, () -> account, deadline()))
                .containsExactly("provider_retention: segment 1 may still be at the provider.");
    }

    @Test
    void aJobThatDoesNotAskForItKeepsItsCopies() throws Exception {
        OpenJob job = collected("keep", Copies.KEPT);

        retention.collected(job, account, 1, deadline());
        retention.polled(job, account, deadline());

        assertThat(retention.merging(job, () -> account, deadline())).isEmpty();
        assertThat(provider.calls).isEmpty();
    }

    @Test
    void aFailureIsRetriedAtPollsUpToALimitAndOnceMoreAtTheMerge() throws Exception {
        OpenJob job = collected("delete_after_collect", Copies.DUE);
        provider.failing.put("delete", new RetryableException("out of reach", null));

        retention.collected(job, account, 1, deadline());
        for (int i = 0; i < 20; i++) {
            retention.polled(job, account, deadline());
        }
        assertThat(provider.calls).hasSize(5);
        assertThat(fixture.segment(1).copies()).isEqualTo(Copies.DUE);

        List<String> notices = retention.merging(job, () -> account, deadline());
        assertThat(provider.calls).hasSize(6);
        assertThat(notices)
                .containsExactly(
                        "provider_retention: segment 1 is still at the provider as file_1, out-1, err-1, batch_1.");
        assertThat(retention.merging(job, () -> account, deadline())).isEqualTo(notices);
        assertThat(provider.calls).as("merging again does nothing new").hasSize(6);
    }

    @Test
    void theMergeSucceedsWhereTheCollectorFailed() throws Exception {
        OpenJob job = collected("delete_after_collect", Copies.DUE);
        provider.failing.put("delete", new RetryableException("out of reach", null));
        retention.collected(job, account, 1, deadline());
        provider.failing.clear();

        assertThat(retention.merging(job, () -> account, deadline())).isEmpty();
        assertThat(fixture.segment(1).copies()).isEqualTo(Copies.DELETED);
    }

    private Deadline deadline() {
        return fixture.within(Duration.ofMinutes(15));
    }

    private OpenJob collected(String wish, Copies copies) throws Exception {
        OpenJob job = ended(wish);
        fixture.segments
                .batches()
                .recordCollected(
                        JOB, fixture.segment(1), SegmentState.COLLECTED, 1, 0, JobFixture.TAG_RULES, copies, null);
        return job;
    }

    private OpenJob ended(String wish) throws Exception {
        fixture.submit(fixture.split(1));
        provider.batch("batch_1").state = BatchState.COMPLETED;
        provider.files.put("out-1", "");
        provider.files.put("err-1", "");
        provider.calls.clear();
        Ending ending = new Ending(SegmentState.COLLECTED, "completed", 1, 1, 0, "out-1", "err-1", null, null);
        fixture.segments.batches().recordEnd(JOB, fixture.segment(1), ending);
        return fixture.open("\"provider_retention\": \"" + wish + "\"");
    }
}
