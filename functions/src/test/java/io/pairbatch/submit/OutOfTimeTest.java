package io.pairbatch.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.job.Segment;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.reconcile.AbsenceRule;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.NewJob;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.split.JobFixture;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.SettableClock;
import io.pairbatch.store.FolderStore;
import io.pairbatch.time.Deadline;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Uploads and the time of a call: what does not fit is left to the next call, which has the full time, and what never
/// fits is an outage.
class OutOfTimeTest {

    private static final String JOB = "a-0123abcd";
    private static final Duration FUNCTION = Duration.ofMinutes(10);
    /// At the slowest rate it takes 230 s.
    private static final long BYTES = 200_000_000;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final MemoryTable table = MemoryTable.registry("t");
    private final JobRegistry jobs = new JobRegistry(table, "t", clock);
    private final SegmentRegistry segments = new SegmentRegistry(table, "t", jobs, clock);
    private final Submitter submitter = new Submitter(
            segments,
            new Reconciler(segments, new AbsenceRule(Duration.ofMinutes(1), true), clock),
            Duration.ofMinutes(1),
            clock,
            new Random(1));
    private final Line line = new Line();
    private final Account account = new Account(line, "openai#x#m");

    @Test
    void anUploadIsNotStartedInTheTimeThatAnotherHasLeft() throws Exception {
        OpenJob job = pending(3, BYTES);
        line.uploadTakes = Duration.ofSeconds(200);
        SubmitReport first = submit(job);
        assertThat(first.submitted()).isEqualTo(2);
        assertThat(first.outOfTime()).isTrue();
        assertThat(line.uploads).hasSize(2);

        SubmitReport second = submit(job);
        assertThat(second.submitted()).isEqualTo(1);
        assertThat(second.outOfTime()).isFalse();
        assertThat(line.uploads).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void aFileThatTakesAWholeCallIsUsedByTheNext() throws Exception {
        OpenJob job = pending(1, BYTES);
        line.uploadTakes = Duration.ofSeconds(580);
        SubmitReport first = submit(job);
        assertThat(first.submitted()).isZero();
        assertThat(first.outOfTime()).isTrue();
        assertThat(submit(job).submitted()).isEqualTo(1);
        assertThat(line.uploads).hasSize(1);
    }

    @Test
    void aFileThatMayBeTooLargeForAnyCallIsTriedInAWholeOne() throws Exception {
        OpenJob job = pending(1, 2_000_000_000);
        assertThat(submit(job).submitted()).isEqualTo(1);
    }

    @Test
    void aFileThatIsNeverUploadedIsAnOutageAndNotProgress() throws Exception {
        OpenJob job = pending(1, BYTES);
        line.broken = 1;
        line.uploadTakes = Duration.ofSeconds(590);
        for (int call = 0; call < 3; call++) {
            assertThatThrownBy(() -> submit(job))
                    .isExactlyInstanceOf(RetryableException.class)
                    .hasMessage("the upload timed out");
            clock.advance(Duration.ofMinutes(2));
        }
        assertThat(line.uploads).hasSize(3);
    }

    /// If others are open, the call does not fail; it does not ask to be called again at once either, and it ends.
    @Test
    void aFileThatIsNeverUploadedEndsTheJobAsStalledWithItsReason() throws Exception {
        OpenJob job = pending(3, 100);
        line.broken = 2;
        line.uploadTakes = Duration.ofSeconds(560);
        SubmitReport report = submit(job);
        int calls = 1;
        while (report.blocked() == null && calls < 200) {
            clock.advance(report.outOfTime() ? Duration.ZERO : Duration.ofMinutes(15));
            report = submit(job);
            calls++;
        }
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(segments.require(JOB, 2).state()).isEqualTo(SegmentState.PENDING);
        assertThat(segments.require(JOB, 3).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(report.outOfTime()).isFalse();
        assertThat(report.blocked()).isNotNull();
        assertThat(java.util.Objects.requireNonNull(report.blocked()).code()).isEqualTo(ErrorCode.STALLED);
        assertThat(report.blocked().message()).contains("the upload timed out");
        assertThat(calls).isGreaterThan(50);
    }

    @Test
    void aCallWithoutTimeForACreateReportsThat() throws Exception {
        OpenJob job = pending(1, 100);
        Deadline deadline = new Deadline(clock.instant().plusSeconds(39), clock);
        assertThatThrownBy(() -> submitter.submit(job, account, deadline))
                .isExactlyInstanceOf(RetryableException.class)
                .hasMessageContaining("too little time to create a batch: 39 s were left");
        assertThat(line.uploads).isEmpty();
    }

    private SubmitReport submit(OpenJob job) {
        return submitter.submit(job, account, new Deadline(clock.instant().plus(FUNCTION), clock));
    }

    private OpenJob pending(int count, long bytes) throws Exception {
        Claim claim = jobs.claims()
                .claim(
                        new NewJob(JOB, "a", "openai", "gpt-4.1", "b", "k", "v", 1, clock.instant()),
                        "arn",
                        arn -> true);
        Fence fence = new Fence(JOB, "arn", ((Claim.Mine) claim).job().epoch());
        for (int i = 1; i <= count; i++) {
            segments.register(JOB, new Segment(i, i, i, 1, bytes, "0" + i), "openai", "gpt-4.1");
        }
        jobs.recordSplitProgress(fence, count, count, 0, count, true);
        ResolvedJob resolved = JobFixture.resolved(JOB, "");
        return new OpenJob(fence, jobs.require(fence), resolved, new FolderStore(folder));
    }

    /// A slow connection to a provider.
    private final class Line implements BatchProvider {

        private final List<String> uploads = new ArrayList<>();
        private Duration uploadTakes = Duration.ZERO;
        /// The segment whose file is never uploaded.
        private int broken;

        @Override
        public Duration fileLife() {
            return Duration.ofDays(1);
        }

        @Override
        public String upload(String fileName, long bytes, Body body) {
            uploads.add(fileName);
            clock.advance(uploadTakes);
            if (fileName.contains(String.format("%02d_input", broken))) {
                throw new RetryableException("the upload timed out", null);
            }
            return "file-" + uploads.size();
        }

        @Override
        public CreateOutcome create(NewBatch batch, Duration timeout) {
            return new CreateOutcome.Created("batch-of-" + batch.fileId());
        }

        @Override
        public BatchStatus retrieve(String batchId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void list(Instant since, BatchVisitor visitor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public InputStream download(String fileId) {
            throw new UnsupportedOperationException();
        }
    }
}
