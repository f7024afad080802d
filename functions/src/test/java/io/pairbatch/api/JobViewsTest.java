package io.pairbatch.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.pairs.TableReport;
import io.pairbatch.registry.JobIndex;
import io.pairbatch.registry.JobState;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.step.OpenJob;
import io.pairbatch.testing.JobFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JobViewsTest {

    private final JobFixture fixture = new JobFixture();

    @Test
    void aJobThatRunsSaysWhatItWaitsForSinceWhenAndWhenItLooksNext() throws Exception {
        OpenJob job = fixture.split(2);
        Instant first = fixture.clock.instant();
        fixture.submit(job);
        fixture.jobs.recordNextLook(fixture.fence(), first.plusSeconds(60));
        fixture.clock.advance(Duration.ofSeconds(5));

        JsonNode shown = shown();
        assertThat(shown.path("next_look").asString())
                .isEqualTo(first.plusSeconds(60).toString());
        assertThat(shown.at("/oldest_batch/segment").asInt()).isEqualTo(1);
        assertThat(shown.at("/oldest_batch/batch_id").asString())
                .isEqualTo(fixture.segment(1).batchId());
        assertThat(shown.at("/oldest_batch/submitted_at").asString()).isEqualTo(first.toString());
        assertThat(shown.path("outcome").isNull()).isTrue();
    }

    @Test
    void aBatchThatIsOverdueIsNamedWithItsReason() throws Exception {
        OpenJob job = fixture.split(7);
        Instant first = fixture.clock.instant();
        fixture.submit(job);
        fixture.clock.advance(Duration.ofHours(12));
        assertThat(shown().path("overdue_batches").isEmpty()).isTrue();
        fixture.clock.advance(Duration.ofSeconds(1));
        assertThat(shown().path("overdue_count").asInt()).isEqualTo(7);
        assertThat(shown().path("overdue_batches").size()).isEqualTo(5);
        assertThat(shown().at("/overdue_batches/0/reason").asString()).isEqualTo("no_news");
        assertThat(shown().at("/overdue_batches/0/since").asString()).isEqualTo(first.toString());

        fixture.segments.batches().recordProgress(JobFixture.JOB, fixture.segment(1), "in_progress", 1, 0, 0);
        assertThat(shown().path("overdue_count").asInt()).isEqualTo(6);
        fixture.clock.advance(Duration.ofHours(12));
        JsonNode late = shown().at("/overdue_batches/0");
        assertThat(late.path("reason").asString()).isEqualTo("past_window");
        assertThat(late.path("since").asString())
                .isEqualTo(first.plus(Duration.ofDays(1)).toString());
        assertThat(late.path("batch_id").asString())
                .isEqualTo(fixture.segment(1).batchId());
        assertThat(late.path("status").asString()).isEqualTo("in_progress");
    }

    @Test
    void noMoreRequestsEndThanThereAre() throws Exception {
        fixture.submit(fixture.split(JobFixture.segment(1, 1, 300)));
        fixture.segments.batches().recordProgress(JobFixture.JOB, fixture.segment(1), "cancelling", 300, 204, 97);
        assertThat(shown().path("requests").toString()).isEqualTo("{\"completed\":204,\"failed\":96}");
    }

    @Test
    void aJobThatWaitsForADeletionSaysForWhichAndOnlyAsLongAsItDoes() throws Exception {
        fixture.split(2);
        fixture.jobs.awaitDeletion(fixture.fence(), "old-0badcafe");
        assertThat(shown().path("awaits_deletion").asString()).isEqualTo("old-0badcafe");
        assertThat(shown().at("/notices/0").asString()).contains("./pairbatch delete old-0badcafe");

        fixture.jobs.move(fixture.fence(), JobState.RUNNING);
        assertThat(shown().has("awaits_deletion")).isFalse();
        assertThat(shown().path("notices").isEmpty()).isTrue();
    }

    @Test
    void aJobThatIsDoneSaysHowItHasGoneAndWaitsForNothing() throws Exception {
        fixture.split(2);
        fixture.jobs.claims().notice(JobFixture.JOB, "dropped again: limit: not applied", true);
        SortedMap<String, TableReport.Rows> failures =
                new TreeMap<>(Map.of("no_tag", new TableReport.Rows(1, List.of(2L), "")));
        fixture.jobs.finish(
                fixture.fence(), fixture.clock.instant(), 1, 1, failures, null, "rules", null, null, 0, false);

        JsonNode shown = shown();
        assertThat(shown.path("state").asString()).isEqualTo("DONE");
        assertThat(shown.path("outcome").asString()).isEqualTo("done with losses");
        assertThat(shown.at("/pairs/failed_by_code").toString()).isEqualTo("{\"no_tag\":1}");
        assertThat(shown.path("oldest_batch").isNull()).isTrue();
        assertThat(shown.at("/notices/0").asString()).contains("not applied");
    }

    private JsonNode shown() {
        JobIndex index = new JobIndex(fixture.table, "t");
        InboxFiles inbox = new InboxFiles(new MemoryBuckets(fixture.clock, "b"), "b");
        return JsonMapper.shared()
                .readTree(new JobViews(index, new JobSearch(index, inbox), fixture.clock)
                        .one(JobFixture.JOB)
                        .body());
    }
}
