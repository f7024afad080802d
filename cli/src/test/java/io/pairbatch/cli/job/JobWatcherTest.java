package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.OutageException;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobWatcherTest {

    private final FakeTime time = new FakeTime();
    private final MemoryJobSource source = new MemoryJobSource();
    private final Recording listener = new Recording();

    @Test
    void showsEachStateOnTheWayToTheEnd() throws Exception {
        source.then(Jobs.snapshot(JobState.SPLITTING))
                .then(Jobs.snapshot(JobState.RUNNING))
                .then(Jobs.snapshot(JobState.MERGING))
                .then(Jobs.snapshot(JobState.DONE));

        JobSnapshot end = watch(Pacing.EMBEDDED, null);

        assertThat(end.job().state()).isEqualTo(JobState.DONE);
        assertThat(listener.states)
                .containsExactly(JobState.SPLITTING, JobState.RUNNING, JobState.MERGING, JobState.DONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"DONE", "FAILED", "REJECTED", "CANCELLED", "WAITING_FOR_KEY", "WAITING_FOR_DECISION"})
    void endsAtOnceInAStateOfRest(JobState state) throws Exception {
        source.then(Jobs.snapshot(state));

        assertThat(watch(Pacing.AWS, null).job().state()).isEqualTo(state);
        assertThat(time.passed()).isZero();
    }

    @Test
    void givesTheFilesOfOneDropTimeToArrive() throws Exception {
        source.then(Jobs.snapshot(JobState.WAITING_FOR_SPEC))
                .then(Jobs.snapshot(JobState.WAITING_FOR_SPEC))
                .then(Jobs.snapshot(JobState.DONE));

        assertThat(watch(Pacing.EMBEDDED, null).job().state()).isEqualTo(JobState.DONE);
    }

    @Test
    void endsWhenTheSpecDoesNotCome() throws Exception {
        source.then(Jobs.snapshot(JobState.WAITING_FOR_SPEC));

        assertThat(watch(Pacing.EMBEDDED, null).job().state()).isEqualTo(JobState.WAITING_FOR_SPEC);
        assertThat(time.passed()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void waitsForTheRevivalOfAJobThatHadFailedBeforeTheDrop() throws Exception {
        source.then(Jobs.snapshot(JobState.FAILED))
                .then(Jobs.snapshot(JobState.FAILED))
                .then(Jobs.snapshot(JobState.RUNNING))
                .then(Jobs.snapshot(JobState.DONE));

        assertThat(watch(Pacing.EMBEDDED, Jobs.in(JobState.FAILED)).job().state())
                .isEqualTo(JobState.DONE);
    }

    @Test
    void doesNotTakeTheOldFailureOfAJobThatWasJustPickedUpForANewOne() throws Exception {
        Job claimed = Jobs.updated(Jobs.in(JobState.FAILED), "2026-11-22T19:00:00Z");
        source.then(Jobs.snapshot(JobState.FAILED))
                .then(new JobSnapshot(claimed, SegmentTotals.NONE))
                .then(new JobSnapshot(claimed, SegmentTotals.NONE))
                .then(Jobs.snapshot(JobState.DONE));

        assertThat(watch(Pacing.EMBEDDED, Jobs.in(JobState.FAILED)).job().state())
                .isEqualTo(JobState.DONE);
    }

    @Test
    void waitsForASampleThatIsAboutToGrow() throws Exception {
        Job sample = Jobs.with(Jobs.in(JobState.DONE), 1_000, 0, null, null);
        source.then(new JobSnapshot(sample, SegmentTotals.NONE))
                .then(new JobSnapshot(sample, SegmentTotals.NONE))
                .then(Jobs.snapshot(JobState.RUNNING))
                .then(Jobs.snapshot(JobState.DONE));
        assertThat(watch(Pacing.EMBEDDED, sample).job()).isEqualTo(Jobs.in(JobState.DONE));
        assertThat(listener.states).containsExactly(JobState.DONE, JobState.RUNNING, JobState.DONE);
    }

    @Test
    void waitsForAFinishedJobWithWhichAnExecutionGoesOn() throws Exception {
        Job done = Jobs.in(JobState.DONE);
        Job again = Jobs.created(done, FakeTime.START.plusSeconds(1));
        source.then(Jobs.snapshot(JobState.DONE))
                .then(Jobs.snapshot(JobState.DONE))
                .then(Jobs.snapshot(JobState.RUNNING))
                .then(new JobSnapshot(again, SegmentTotals.NONE));
        assertThat(watchStarted(done).job()).isEqualTo(again);
        assertThat(listener.states)
                .as("the end that was before is no news")
                .containsExactly(JobState.RUNNING, JobState.DONE);
    }

    @Test
    void givesUpOnAnExecutionThatDoesNothing() throws Exception {
        source.then(Jobs.snapshot(JobState.DONE));
        assertThat(watchStarted(Jobs.in(JobState.DONE)).job()).isEqualTo(Jobs.in(JobState.DONE));
        assertThat(time.passed()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void takesANoticeForNoResult() throws Exception {
        Job done = Jobs.in(JobState.DONE);
        Job noticed = Jobs.updated(done, "2026-11-22T19:00:00Z");
        Job again = Jobs.created(noticed, FakeTime.START.plusSeconds(1));
        source.then(new JobSnapshot(noticed, SegmentTotals.NONE))
                .then(new JobSnapshot(noticed, SegmentTotals.NONE))
                .then(new JobSnapshot(again, SegmentTotals.NONE));
        assertThat(watchStarted(done).job()).isEqualTo(again);
    }

    @Test
    void takesASampleThatDoesNotGrowForDone() throws Exception {
        Job sample = Jobs.with(Jobs.in(JobState.DONE), 1_000, 0, null, null);
        source.then(new JobSnapshot(sample, SegmentTotals.NONE));
        assertThat(watch(Pacing.EMBEDDED, sample).job()).isEqualTo(sample);
    }

    @Test
    void givesUpOnARevivalThatDoesNotCome() throws Exception {
        source.then(Jobs.snapshot(JobState.FAILED));

        assertThat(watch(Pacing.EMBEDDED, Jobs.in(JobState.FAILED)).job().state())
                .isEqualTo(JobState.FAILED);
        assertThat(time.passed()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void livesWithAnOutageThatPasses() throws Exception {
        source.then(Jobs.snapshot(JobState.RUNNING))
                .thenThrow(outage())
                .thenThrow(outage())
                .then(Jobs.snapshot(JobState.DONE));

        assertThat(watch(Pacing.EMBEDDED, null).job().state()).isEqualTo(JobState.DONE);
        assertThat(listener.notes).contains("No answer. Trying again; the job itself continues.");
        assertThat(listener.notes.getLast()).isNull();
    }

    @Test
    void losesPatienceWithAnOutageThatDoesNotPass() {
        source.then(Jobs.snapshot(JobState.RUNNING)).thenThrow(outage());

        assertThatThrownBy(() -> watch(Pacing.EMBEDDED, null)).isInstanceOf(OutageException.class);
        assertThat(time.passed()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(32));
    }

    @Test
    void waitsForAJobThatIsBeingRestored() throws Exception {
        source.then(Jobs.snapshot(JobState.RUNNING))
                .thenThrow(outage())
                .thenNothing()
                .thenNothing()
                .then(Jobs.snapshot(JobState.DONE));

        assertThat(watch(Pacing.EMBEDDED, null).job().state()).isEqualTo(JobState.DONE);
        assertThat(listener.notes).anyMatch(note -> note != null && note.contains("is not in the registry any more"));
    }

    @Test
    void endsWithAJobThatDoesNotComeBack() {
        source.then(Jobs.snapshot(JobState.RUNNING)).thenNothing();

        assertThatThrownBy(() -> watch(Pacing.EMBEDDED, null)).hasMessageContaining("is not in the registry.");
        assertThat(time.passed()).isGreaterThanOrEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void endsAtOnceWithAnErrorThatDoesNotPass() {
        source.thenThrow(new CliException(ExitStatus.UNREACHABLE, "AWS refused access.", "Sign in."));

        assertThatThrownBy(() -> watch(Pacing.AWS, null)).hasMessage("AWS refused access.");
        assertThat(time.passed()).isZero();
    }

    @Test
    void asksAwsLessOftenWhileNothingChanges() throws Exception {
        source.then(Jobs.snapshot(JobState.RUNNING));
        for (int i = 0; i < 30; i++) {
            source.then(Jobs.snapshot(JobState.RUNNING));
        }
        source.then(Jobs.snapshot(JobState.DONE));

        watch(Pacing.AWS, null);

        // 5, 7.5, 11.25, … and then once a minute.
        assertThat(time.passed()).isBetween(Duration.ofMinutes(25), Duration.ofMinutes(30));
        assertThat(listener.shown).isGreaterThan(25 * 60);
    }

    private JobSnapshot watchStarted(Job before) throws InterruptedException {
        return new JobWatcher(source, Pacing.EMBEDDED, time, time).watch(Jobs.ID, before, true, listener);
    }

    private JobSnapshot watch(Pacing pacing, @Nullable Job before) throws InterruptedException {
        return new JobWatcher(source, pacing, time, time).watch(Jobs.ID, before, listener);
    }

    private static OutageException outage() {
        return new OutageException("No answer.", "Wait.", new IOException());
    }

    private static final class Recording implements JobListener {

        private final List<JobState> states = new ArrayList<>();
        private final List<@Nullable String> notes = new ArrayList<>();
        private int shown;

        @Override
        public void show(JobSnapshot snapshot, Instant now) {
            shown++;
            if (states.isEmpty() || states.getLast() != snapshot.job().state()) {
                states.add(snapshot.job().state());
            }
        }

        @Override
        public void note(@Nullable String message) {
            notes.add(message);
        }
    }
}
