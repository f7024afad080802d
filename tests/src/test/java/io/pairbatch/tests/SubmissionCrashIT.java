package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.tests.CrashingJob.Crash;
import io.pairbatch.tests.CrashingJob.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// A function can die between any two steps of a submission. At every point, each segment ends with exactly one batch,
/// and it is the one in the registry.
@Tag("long")
class SubmissionCrashIT {

    private static final Set<Point> UPLOADS = Set.of(Point.BEFORE_UPLOAD, Point.AFTER_UPLOAD);
    private static final Duration PATIENCE = TestStack.PATIENCE;

    private final Provider provider = TestStack.shared().provider();

    @TestFactory
    Stream<DynamicTest> aCrashAtAnyPointLeavesOneBatchASegment() {
        return Stream.of(Backend.OPENAI, Backend.ANTHROPIC).flatMap(this::crashes);
    }

    @TestFactory
    Stream<DynamicTest> aCrashWithGeminiLeavesOneBatchASegment() {
        return crashes(Backend.GEMINI);
    }

    private Stream<DynamicTest> crashes(Backend backend) {
        return Stream.of(Point.values())
                .filter(point -> backend != Backend.ANTHROPIC || !UPLOADS.contains(point))
                .map(point ->
                        DynamicTest.dynamicTest(backend.code() + " " + point, () -> crashAndGoOn(backend, point)));
    }

    private void crashAndGoOn(Backend backend, Point point) throws Exception {
        CrashingJob job = CrashingJob.split(backend, 25, 10);
        assertThatThrownBy(() -> job.submitCrashing(point, 2)).isInstanceOf(Crash.class);
        long paidAtCrash = provider.batchesOf(job.id()).size();
        assertThat(paidAtCrash).isLessThanOrEqualTo(2);

        // A function that comes at once must leave the submission in doubt alone: its create may still be in progress.
        job.submit();
        assertThat(provider.batchesOf(job.id())).hasSizeLessThanOrEqualTo(3);

        job.later(Duration.ofSeconds(200));
        Instant end = Instant.now().plus(PATIENCE);
        while (job.segments().stream().anyMatch(s -> s.state() != SegmentState.SUBMITTED)
                && Instant.now().isBefore(end)) {
            job.submit();
            job.later(Duration.ofSeconds(70));
            // The owner of an Anthropic batch can be read only when it has ended.
            DroppedJob.pause(Duration.ofMillis(backend == Backend.ANTHROPIC ? 500 : 1));
        }
        List<SegmentItem> segments = job.segments();
        assertThat(segments).hasSize(3).allMatch(s -> s.state() == SegmentState.SUBMITTED);
        assertThat(provider.batchesOf(job.id()))
                .containsExactlyInAnyOrderElementsOf(
                        segments.stream().map(SegmentItem::batchId).toList());
    }

    @Test
    void batchesOfOtherPeopleAreNeitherAdoptedNorTouched() throws Exception {
        provider.plant("{\"api\": \"anthropic\", \"requests\": 10}");
        CrashingJob job = CrashingJob.split(Backend.ANTHROPIC, 10, 10);
        assertThatThrownBy(() -> job.submitCrashing(Point.AFTER_INTENT, 1)).isInstanceOf(Crash.class);
        provider.plant("{\"api\": \"anthropic\", \"requests\": 10}");
        job.later(Duration.ofSeconds(200));
        job.submit();
        assertThat(provider.batchesOf(job.id())).as("one of them may be ours").isEmpty();
        Instant end = Instant.now().plus(PATIENCE);
        while (provider.batchesOf(job.id()).isEmpty() && Instant.now().isBefore(end)) {
            DroppedJob.pause(Duration.ofMillis(500));
            job.later(Duration.ofSeconds(70));
            job.submit();
        }
        assertThat(provider.batchesOf(job.id()))
                .hasSize(1)
                .containsExactly(job.segments().getFirst().batchId());
        assertThat(provider.cancels()).isZero();
    }

    @Test
    void aLostResponseIsNotSearchedForBeforeItsLeaseIsOver() throws Exception {
        CrashingJob job = CrashingJob.split(10, 10);
        assertThatThrownBy(() -> job.submitCrashing(Point.BEFORE_CREATE, 1)).isInstanceOf(Crash.class);
        job.later(Duration.ofSeconds(30));
        for (int i = 0; i < 3; i++) {
            job.submit();
        }
        assertThat(provider.batchesOf(job.id())).isEmpty();
        assertThat(job.segments()).allMatch(s -> s.state() == SegmentState.SUBMITTING);
    }

    @Test
    void oneListIsNoProofThatThereIsNoBatch() throws Exception {
        CrashingJob job = CrashingJob.split(10, 10);
        assertThatThrownBy(() -> job.submitCrashing(Point.BEFORE_CREATE, 1)).isInstanceOf(Crash.class);
        job.later(Duration.ofSeconds(200));
        job.submit();
        job.submit();
        assertThat(provider.batchesOf(job.id())).isEmpty();
        job.later(Duration.ofSeconds(61));
        job.submit();
        job.submit();
        assertThat(provider.batchesOf(job.id())).hasSize(1);
    }

    @Test
    void withoutTheProvidersListAPersonDecides() throws Exception {
        CrashingJob job = CrashingJob.split(10, 10);
        assertThatThrownBy(() -> job.submitCrashing(Point.AFTER_CREATE, 1)).isInstanceOf(Crash.class);
        job.later(Duration.ofSeconds(200));
        provider.faults("[{\"operation\": \"list\", \"action\": \"status\", \"status\": 403}]");
        try {
            job.submit();
        } finally {
            provider.faults("[]");
        }
        assertThat(job.segments()).allMatch(s -> s.state() == SegmentState.IN_DOUBT);
        job.later(Duration.ofDays(1));
        job.submit();
        assertThat(provider.batchesOf(job.id())).hasSize(1);
    }

    @Test
    void aFencedExecutionCreatesNothing() throws Exception {
        CrashingJob job = CrashingJob.split(10, 10);
        job.takenOverByAnother();
        job.submitAsFormerOwner();
        assertThat(provider.batchesOf(job.id())).isEmpty();
    }

    @Test
    void twoConcurrentFunctionsCreateOneBatchPerSegment() throws Exception {
        CrashingJob job = CrashingJob.split(60, 5);
        job.submitTwiceAtOnce();
        assertThat(provider.batchesOf(job.id())).hasSize(12);
        assertThat(job.segments()).allMatch(s -> s.state() == SegmentState.SUBMITTED);
    }
}
