package io.pairbatch.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.registry.JobIndex;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.step.OpenJob;
import io.pairbatch.testing.JobFixture;
import java.time.Duration;
import java.time.Instant;
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
    void aJobThatIsDoneSaysHowItHasGoneAndWaitsForNothing() throws Exception {
        fixture.split(2);
        fixture.jobs.claims().notice(JobFixture.JOB, "dropped again: limit: not applied", true);
        fixture.jobs.finish(fixture.fence(), fixture.clock.instant(), 1, 1, null, "rules", 0);

        JsonNode shown = shown();
        assertThat(shown.path("state").asString()).isEqualTo("DONE");
        assertThat(shown.path("outcome").asString()).isEqualTo("done with losses");
        assertThat(shown.path("oldest_batch").isNull()).isTrue();
        assertThat(shown.at("/notices/0").asString()).contains("not applied");
    }

    private JsonNode shown() {
        JobIndex index = new JobIndex(fixture.table, "t");
        InboxFiles inbox = new InboxFiles(new MemoryBuckets(fixture.clock, "b"), "b");
        return JsonMapper.shared()
                .readTree(new JobViews(index, new JobSearch(index, inbox))
                        .one(JobFixture.JOB)
                        .body());
    }
}
