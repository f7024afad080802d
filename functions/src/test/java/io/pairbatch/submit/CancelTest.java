package io.pairbatch.submit;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.RetryableException;
import io.pairbatch.poll.PollReport;
import io.pairbatch.poll.PollStep;
import io.pairbatch.reconcile.Backoff;
import io.pairbatch.registry.Intent;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.testing.JobFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A job that a person has cancelled.
class CancelTest {

    private final JobFixture fixture = new JobFixture();

    @Test
    void whatWasNotSentIsNotSentAnyMore() throws Exception {
        fixture.split(2);
        assertThat(fixture.jobs.claims().cancel(JOB)).isTrue();

        fixture.submit(fixture.open());

        assertThat(fixture.provider.calls).isEmpty();
        SegmentItem segment = fixture.segment(1);
        assertThat(segment.state()).isEqualTo(SegmentState.ENDED);
        assertThat(segment.outcome()).isEqualTo(SegmentState.NOT_SUBMITTED);
        assertThat(segment.errorMessage()).isEqualTo("the job was cancelled before it was sent");
    }

    @Test
    void aCallThatHasReadTheJobBeforeCreatesNothing() throws Exception {
        OpenJob before = fixture.split(1);
        fixture.jobs.claims().cancel(JOB);

        fixture.submit(before);

        assertThat(fixture.provider.calls).noneMatch(call -> call.startsWith("create"));
        Instant soon = fixture.clock.instant().plusSeconds(60);
        Submission submission =
                new Submission(1, 1, "token", "file", fixture.account.window(), fixture.clock.instant(), null, null);
        assertThat(fixture.segments
                        .creations()
                        .intend(fixture.fence(), fixture.segment(1), submission, soon, soon, null, null))
                .isEqualTo(Intent.LOST);
    }

    @Test
    void openBatchesAreAskedToStopOnce() throws Exception {
        OpenJob job = fixture.split(2);
        fixture.submit(job);
        fixture.jobs.claims().cancel(JOB);
        fixture.provider.calls.clear();

        poll();
        poll();

        assertThat(fixture.provider.calls("cancel")).containsExactly("cancel batch_1", "cancel batch_2");
        assertThat(fixture.segment(2).cancelAsked()).isEqualTo(fixture.clock.instant());
    }

    @Test
    void aProviderThatDoesNotAnswerIsAskedAgain() throws Exception {
        OpenJob job = fixture.split(1);
        fixture.submit(job);
        fixture.jobs.claims().cancel(JOB);
        fixture.provider.calls.clear();
        fixture.provider.failing.put("cancel", new RetryableException("503", null));
        poll();
        fixture.provider.failing.clear();
        poll();
        assertThat(fixture.provider.calls("cancel")).hasSize(2);
    }

    @Test
    void aJobThatIsDoneIsNotCancelled() throws Exception {
        fixture.split(1);
        fixture.jobs.stop(fixture.fence(), JobState.DONE, "none", "none");
        assertThat(fixture.jobs.claims().cancel(JOB)).isFalse();
        assertThat(fixture.open().item().cancelled()).isFalse();
    }

    private PollReport poll() throws Exception {
        PollStep step = new PollStep(
                fixture.segments,
                PriceTable::bundled,
                Patience.USUAL,
                fixture.clock,
                pause -> {},
                new Backoff(new Random(1)));
        return step.poll(fixture.open(), fixture.account, 0, fixture.within(Duration.ofMinutes(10)));
    }
}
