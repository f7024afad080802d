package io.pairbatch.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.step.OpenJob;
import io.pairbatch.testing.FakeProvider;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import io.pairbatch.time.Deadline;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Uploads and the time of a call: what does not fit is left to the next call, which has the full time, and what never
/// fits is an outage.
class OutOfTimeTest {

    /// At the slowest rate it takes 230 s.
    private static final long BYTES = 200_000_000;

    private final JobFixture fixture = new JobFixture();
    private final SettableClock clock = fixture.clock;
    private final FakeProvider provider = fixture.provider;

    @Test
    void anUploadIsNotStartedInTheTimeThatAnotherHasLeft() throws Exception {
        OpenJob job = fixture.split(3, BYTES);
        provider.takes.put("upload", Duration.ofSeconds(200));
        SubmitReport first = fixture.submit(job);
        assertThat(first.submitted()).isEqualTo(2);
        assertThat(first.outOfTime()).isTrue();
        assertThat(provider.calls("upload")).hasSize(2);

        SubmitReport second = fixture.submit(job);
        assertThat(second.submitted()).isEqualTo(1);
        assertThat(second.outOfTime()).isFalse();
        assertThat(provider.calls("upload")).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void aFileThatTakesAWholeCallIsUsedByTheNext() throws Exception {
        OpenJob job = fixture.split(1, BYTES);
        provider.takes.put("upload", Duration.ofSeconds(580));
        SubmitReport first = fixture.submit(job);
        assertThat(first.submitted()).isZero();
        assertThat(first.outOfTime()).isTrue();
        assertThat(fixture.submit(job).submitted()).isEqualTo(1);
        assertThat(provider.calls("upload")).hasSize(1);
    }

    @Test
    void aFileThatMayBeTooLargeForAnyCallIsTriedInAWholeOne() throws Exception {
        OpenJob job = fixture.split(1, 2_000_000_000);
        assertThat(fixture.submit(job).submitted()).isEqualTo(1);
    }

    @Test
    void aFileThatIsNeverUploadedIsAnOutageAndNotProgress() throws Exception {
        OpenJob job = fixture.split(1, BYTES);
        provider.failing.put(JobFixture.upload(1), new RetryableException("the upload timed out", null));
        provider.takes.put("upload", Duration.ofSeconds(590));
        for (int call = 0; call < 3; call++) {
            assertThatThrownBy(() -> fixture.submit(job))
                    .isExactlyInstanceOf(RetryableException.class)
                    .hasMessage("the upload timed out");
            clock.advance(Duration.ofMinutes(2));
        }
        assertThat(provider.calls("upload")).hasSize(3);
    }

    /// If others are open, the call does not fail; it does not ask to be called again at once either, and it ends.
    @Test
    void aFileThatIsNeverUploadedEndsTheJobAsStalledWithItsReason() throws Exception {
        OpenJob job = fixture.split(3, 100);
        provider.failing.put(JobFixture.upload(2), new RetryableException("the upload timed out", null));
        provider.takes.put("upload", Duration.ofSeconds(560));
        SubmitReport report = fixture.submit(job);
        int calls = 1;
        while (report.blocked() == null && calls < 200) {
            clock.advance(report.outOfTime() ? Duration.ZERO : Duration.ofMinutes(15));
            report = fixture.submit(job);
            calls++;
        }
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(fixture.segment(2).state()).isEqualTo(SegmentState.PENDING);
        assertThat(fixture.segment(3).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(report.outOfTime()).isFalse();
        assertThat(report.blocked()).isNotNull();
        assertThat(Objects.requireNonNull(report.blocked()).code()).isEqualTo(ErrorCode.STALLED);
        assertThat(report.blocked().message()).contains("the upload timed out");
        assertThat(calls).isGreaterThan(50);
    }

    @Test
    void aCallWithoutTimeForACreateReportsThat() throws Exception {
        OpenJob job = fixture.split(1, 100);
        Deadline deadline = fixture.within(Duration.ofSeconds(39));
        assertThatThrownBy(() -> fixture.submitter.submit(job, fixture.account, deadline))
                .isExactlyInstanceOf(RetryableException.class)
                .hasMessageContaining("too little time to create a batch: 39 s were left");
        assertThat(provider.calls("upload")).isEmpty();
    }
}
