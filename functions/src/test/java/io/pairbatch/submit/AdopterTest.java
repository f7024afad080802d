package io.pairbatch.submit;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.RetryableException;
import io.pairbatch.preflight.Preflight;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.registry.AccountRegistry;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.Reservation;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Reckoning;
import io.pairbatch.step.RegistryFile;
import io.pairbatch.step.Restoration;
import io.pairbatch.step.Settings;
import io.pairbatch.step.Stop;
import io.pairbatch.testing.FakeProvider;
import io.pairbatch.testing.JobFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Batches that somebody else has made are taken over, and nothing is created for their rows.
class AdopterTest {

    private static final String THREE = "\"adopted_batches\": [{\"rows\": 1, \"batch_id\": \"batch_x\"},"
            + " {\"rows\": 1, \"batch_id\": null}, {\"rows\": 1, \"batch_id\": \"batch_z\"}]";
    private static final Instant MADE = Instant.parse("2020-02-02T02:02:02Z");

    private final JobFixture fixture = new JobFixture(THREE);
    private final FakeProvider provider = fixture.provider;

    private void theirs() {
        provider.add("batch_x").input = "file-x";
        provider.add("batch_z").createdAt = MADE;
    }

    private static SubmitStep.Result run(JobFixture at, OpenJob job) throws Exception {
        Settings settings =
                Settings.from(Map.of("PAIRBATCH_BUCKET", "b", "PAIRBATCH_TABLE", "t", "PAIRBATCH_PREFLIGHT", "on"));
        Preflight preflight =
                new Preflight(at.jobs, at.segments, settings, PriceTable::bundled, at.clock, new Random(1));
        return new SubmitStep(preflight, at.submitter, new RegistryFile(at.segments), at.segments, at.clock)
                .run(job, at.account, at.within(Duration.ofMinutes(10)));
    }

    private static List<String> told(JobFixture at) {
        return at.segments.all(JOB).stream()
                .map(s -> s.index() + " " + s.state() + " " + s.batchId() + " " + s.submissions())
                .toList();
    }

    @Test
    void whatOthersHaveSentHasReservedNothing() throws Exception {
        theirs();
        run(fixture, fixture.split(3));
        new Reckoning(fixture.segments, PriceTable.bundled()).restate(fixture.open());

        assertThat(fixture.segment(1).held()).isEqualTo(Reservation.NONE);
        assertThat(fixture.jobs.find(JOB).orElseThrow().costs().committed()).isZero();
    }

    @Test
    void eachSegmentHasItsBatchFromTheStartAndNothingIsSent() throws Exception {
        theirs();
        OpenJob job = fixture.split(3);
        SubmitStep.Result result = run(fixture, job);

        assertThat(result.stop()).isNull();
        assertThat(told(fixture)).containsExactly("1 SUBMITTED batch_x 1", "2 ENDED null 0", "3 SUBMITTED batch_z 1");
        assertThat(fixture.segment(2).outcome()).isEqualTo(SegmentState.NOT_SUBMITTED);
        assertThat(fixture.segment(3).submittedAt())
                .as("when the provider says it was made")
                .isEqualTo(MADE);
        Submission first = fixture.segments.submissions(JOB, 1).getFirst();
        assertThat(first.outcome()).isEqualTo(SubmissionOutcome.RESCUED);
        assertThat(first.fileId()).as("it is deleted with the job").isEqualTo("file-x");
        assertThat(provider.calls).containsExactly("retrieve batch_x", "retrieve batch_z");
    }

    /// When it was really asked for is not known: it must not prove that a list is up to date.
    @Test
    void aBatchOfOthersIsAWitnessOfNoTime() throws Exception {
        theirs();
        run(fixture, fixture.split(3));
        AccountRegistry.Known known =
                fixture.segments.accounts().known("openai#x", "batch_x").orElseThrow();
        assertThat(known.intendedAt()).isNull();
    }

    @Test
    void aSecondCallTakesNothingOverAgain() throws Exception {
        theirs();
        OpenJob job = fixture.split(3);
        run(fixture, job);
        List<String> calls = List.copyOf(provider.calls);
        List<SegmentItem> before = fixture.segments.all(JOB);
        run(fixture, job);
        assertThat(provider.calls).isEqualTo(calls);
        assertThat(fixture.segments.all(JOB)).isEqualTo(before);
    }

    @Test
    void aLostRegistryGetsTheSameBatchesFromItsCopyAndFromTheFrozenJob() throws Exception {
        theirs();
        run(fixture, fixture.split(3));
        JobFixture copied = fixture.afterItsRegistryWasLost();
        new Restoration(copied.segments).restore(copied.split(3));
        assertThat(copied.segment(1).batchId()).isEqualTo("batch_x");
        run(copied, copied.open());
        assertThat(told(copied)).isEqualTo(told(fixture));

        fixture.files.texts().keySet().forEach(fixture.files::delete);
        JobFixture bare = fixture.afterItsRegistryWasLost();
        run(bare, bare.split(3));
        assertThat(told(bare)).isEqualTo(told(fixture));
        assertThat(provider.calls("create")).isEmpty();
    }

    @Test
    void aBatchThatAnotherJobHasStopsTheJobWithNothingTakenOver() throws Exception {
        theirs();
        JobFixture other = fixture;
        OpenJob job = fixture.split(3);
        Submission theirs = new Submission(
                7, 1, "0f0f0f0f-000007-aa", "", "openai#y", Instant.EPOCH, SubmissionOutcome.CREATED, "batch_z");
        Fence owner = other.claim(JobFixture.resolved("other-0f0f0f0f", "\"run\": 2"), "another");
        other.jobs.recordSplitProgress(owner, 7, 7, 0, 7, true);
        other.segments.register("other-0f0f0f0f", JobFixture.segment(7, 7, 7), "openai", "gpt-4.1");
        other.segments.restoration().restore(owner, theirs, Instant.EPOCH, false);

        Stop stop = Objects.requireNonNull(run(fixture, job).stop());
        assertThat(stop.code()).isEqualTo(ErrorCode.RESCUE_BATCH_OWNED);
        assertThat(stop.state()).isEqualTo(JobState.REJECTED);
        assertThat(stop.message()).contains("batch_z", "segment 7 of job other-0f0f0f0f");
        assertThat(told(fixture)).containsExactly("1 PENDING null 0", "2 PENDING null 0", "3 PENDING null 0");
    }

    @Test
    void otherRequestsThanRowsStopTheJobWithNothingTakenOver() throws Exception {
        theirs();
        provider.batch("batch_z").total = 2;
        Stop stop = Objects.requireNonNull(run(fixture, fixture.split(3)).stop());
        assertThat(stop.code()).isEqualTo(ErrorCode.RESCUE_ROWS);
        assertThat(stop.message()).contains("batch_z", "2 requests");
        assertThat(told(fixture)).containsExactly("1 PENDING null 0", "2 PENDING null 0", "3 PENDING null 0");
    }

    @Test
    void aProviderThatSaysNothingStopsNothing() throws Exception {
        theirs();
        provider.failing.put("retrieve", new RetryableException("it is down", null));
        run(fixture, fixture.split(3));
        assertThat(told(fixture)).contains("1 SUBMITTED batch_x 1", "3 SUBMITTED batch_z 1");
        assertThat(fixture.segment(3).submittedAt()).isEqualTo(fixture.clock.instant());
    }

    @Test
    void aBatchThatTheProviderDeniesIsAdoptedAndLeftToThePoll() throws Exception {
        provider.add("batch_x");
        run(fixture, fixture.split(3));
        assertThat(told(fixture)).contains("3 SUBMITTED batch_z 1");
    }

    @Test
    void withoutAdoptionTheRowsAreStillNeverSent() throws Exception {
        OpenJob job = fixture.split(3);
        fixture.submitter.submit(job, fixture.account, fixture.within(Duration.ofMinutes(10)));
        assertThat(provider.calls).isEmpty();
    }

    @Test
    void aCancelledJobTakesItsBatchesOverSoThatTheyCanBeStopped() throws Exception {
        theirs();
        OpenJob job = fixture.split(3);
        fixture.jobs.claims().cancel(JOB);
        run(fixture, fixture.open());
        assertThat(job.id()).isEqualTo(JOB);
        assertThat(told(fixture)).contains("1 SUBMITTED batch_x 1");
    }
}
