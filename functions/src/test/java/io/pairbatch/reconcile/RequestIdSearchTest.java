package io.pairbatch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.step.OpenJob;
import io.pairbatch.testing.FakeProvider;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A provider without metadata, in a workspace that other people use too.
class RequestIdSearchTest {

    private static final Duration LEASE = Duration.ofMinutes(12);

    private final JobFixture fixture = new JobFixture("\"interval_seconds\": 10");
    private final SettableClock clock = fixture.clock;
    private final FakeProvider provider = fixture.provider;
    private OpenJob job;

    @BeforeEach
    void twoSegmentsArePending() throws Exception {
        provider.takesFiles = false;
        provider.keepsMetadata = false;
        provider.evidence = BatchProvider.Evidence.REQUEST_IDS;
        job = fixture.split(JobFixture.segment(1, 1, 2), JobFixture.segment(2, 3, 4));
    }

    @Test
    void theBatchWhoseRequestsAreOursIsAdoptedOnceItHasEnded() {
        add("theirs_ended", 2, true, "request-1");
        submitLosing("ours", "0123abcd-1");
        clock.advance(LEASE);
        fixture.submit(job);
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTING);

        end("ours");
        clock.advance(Duration.ofMinutes(2));
        fixture.submit(job);

        assertThat(fixture.segment(1).batchId()).isEqualTo("ours");
        assertThat(provider.calls("create"))
                .as("one lost, one for the second segment")
                .hasSize(2);
    }

    @Test
    void nothingIsCreatedWhileABatchOfOurSizeMayStillBeOurs() {
        submitLosing(null, "");
        add("theirs", 2, false, "request-1");
        for (int i = 0; i < 30; i++) {
            clock.advance(Duration.ofMinutes(20));
            fixture.submit(job);
            assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTING);
        }
        end("theirs");
        clock.advance(Duration.ofMinutes(2));
        fixture.submit(job);
        assertThat(fixture.segment(1).state()).as("one look is no proof").isEqualTo(SegmentState.SUBMITTING);
        clock.advance(Duration.ofMinutes(2));
        fixture.submit(job);
        fixture.submit(job);

        assertThat(fixture.segment(1).batchId()).startsWith("batch_");
        assertThat(provider.calls("cancel")).isEmpty();
    }

    @Test
    void aBatchOfAnotherSegmentOrOfAnotherSizeIsNotOurs() {
        submitLosing(null, "");
        add("other_rows", 2, true, "0123abcd-3");
        add("other_job", 2, true, "0123abce-1");
        add("other_size", 3, false, "0123abcd-1");
        clock.advance(LEASE);
        fixture.submit(job);
        clock.advance(Duration.ofMinutes(2));
        fixture.submit(job);

        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.PENDING);
    }

    @Test
    void aBatchWithoutCountsMayBeOurs() {
        submitLosing(null, "");
        add("uncounted", 0, true, "0123abcd-1");
        clock.advance(LEASE);
        fixture.submit(job);

        assertThat(fixture.segment(1).batchId()).isEqualTo("uncounted");
    }

    @Test
    void aBatchThatASubmissionOwnsIsNoCandidate() {
        submitLosing(null, "");
        clock.advance(LEASE);
        fixture.submit(job);
        assertThat(fixture.segment(2).batchId())
                .as("the second segment continues")
                .isEqualTo("batch_1");
        clock.advance(Duration.ofMinutes(2));
        fixture.submit(job);

        // batch_1 is running, has our size, and is known to belong to the second segment.
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.PENDING);
    }

    @Test
    void aPersonDecidesIfTheResultsCannotBeRead() {
        submitLosing(null, "");
        add("unreadable", 2, true, "");
        clock.advance(LEASE);
        fixture.submit(job);

        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.IN_DOUBT);
        assertThat(fixture.segment(1).errorMessage()).contains("unreadable");
    }

    @Test
    void anAccountHasOneCreateInProgressAtATime() {
        submitLosing(null, "");
        assertThat(fixture.segment(2).state())
                .as("it waits for the first one's lease")
                .isEqualTo(SegmentState.PENDING);
        assertThat(provider.calls("create")).hasSize(1);
        fixture.submit(job);
        assertThat(provider.calls("create")).hasSize(1);

        clock.advance(LEASE);
        fixture.submit(job);

        assertThat(fixture.segment(2).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    /// Submits so that the first create's response is lost; the batch exists if `batchId` is not null.
    private void submitLosing(@Nullable String batchId, String firstId) {
        provider.lostRequests.add(1);
        fixture.submit(job);
        if (batchId != null) {
            add(batchId, 2, false, firstId);
        }
    }

    /// Adds a batch.
    ///
    /// @param firstId the ID of its first request that can be read; empty if there is none
    private void add(String id, int requests, boolean ended, String firstId) {
        provider.add(id).total = requests;
        String line = "broken\n{\"custom_id\":\"" + firstId + "\",\"response\":null}\n";
        provider.files.put("results of " + id, firstId.isEmpty() ? "not json\n" : line);
        if (ended) {
            end(id);
        }
    }

    private void end(String id) {
        provider.batch(id).state = BatchState.COMPLETED;
        provider.batch(id).output = "results of " + id;
    }
}
