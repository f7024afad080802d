package io.pairbatch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.step.OpenJob;
import io.pairbatch.testing.FakeBatch;
import io.pairbatch.testing.FakeProvider;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A service that may keep no metadata: the input file identifies the owner of a batch.
class TokenSearchTest {

    private static final Duration LEASE = Duration.ofMinutes(12);

    private final JobFixture fixture = new JobFixture("\"interval_seconds\": 10");
    private final SettableClock clock = fixture.clock;
    private final FakeProvider provider = fixture.provider;
    private OpenJob job;

    @BeforeEach
    void twoSegmentsArePending() throws Exception {
        job = fixture.split(JobFixture.segment(1, 1, 2), JobFixture.segment(2, 3, 4));
    }

    @Test
    void aBatchMadeFromTheSubmissionsFileIsAdopted() {
        provider.keepsMetadata = false;
        provider.lostAnswers.add(1);
        fixture.submit(job);
        clock.advance(LEASE);
        fixture.submit(job);

        assertThat(fixture.segment(1).batchId()).isEqualTo("batch_1");
        assertThat(fixture.segment(2).batchId()).isEqualTo("batch_2");
        assertThat(provider.calls("create")).hasSize(2);
    }

    @Test
    void aBatchThatAnEarlierSubmissionOwnsIsNotTheLostOne() {
        provider.keepsMetadata = false;
        fixture.submit(job);
        assertThat(fixture.segment(1).batchId()).isEqualTo("batch_1");
        // There was no room for it after all: the segment comes back, and is submitted with the same file.
        fixture.segments
                .batches()
                .returnForLackOfRoom(job.fence(), fixture.segment(1), "token_limit_exceeded", clock.instant());
        provider.lostRequests.add(1);
        fixture.submit(job);
        clock.advance(LEASE);
        fixture.submit(job);
        assertThat(fixture.segment(1).state())
                .as("batch_1 is not the response to the second create")
                .isEqualTo(SegmentState.SUBMITTING);
        assertThat(fixture.segment(1).absentSince()).isNotNull();
    }

    @Test
    void aBatchOfTheSameFileWithAnotherTokenIsNotTheLostOne() {
        provider.lostRequests.add(1);
        fixture.submit(job);
        FakeBatch stranger = provider.add("stranger");
        stranger.input = "file_1";
        stranger.metadata.put(BatchProvider.TOKEN, "another");
        provider.add("other_file").input = "file_9";
        clock.advance(LEASE);
        fixture.submit(job);

        assertThat(fixture.segment(1).absentSince()).isNotNull();
    }

    @Test
    void theTokenTakesPrecedenceOverTheFile() {
        provider.lostAnswers.add(1);
        fixture.submit(job);
        provider.add("by_hand").input = "file_1";
        clock.advance(LEASE);
        fixture.submit(job);

        assertThat(fixture.segment(1).batchId()).isEqualTo("batch_1");
    }
}
