package io.pairbatch.revive;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.registry.Claim;
import io.pairbatch.registry.JobIndex;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.NewJob;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/// What nobody has been told of is found by the round of each hour.
class LostDropsTest {

    private final SettableClock clock = new SettableClock();
    private final MemoryBuckets buckets = new MemoryBuckets(clock, "bucket");
    private final MemoryTable table = MemoryTable.registry("t");
    private final JobRegistry registry = new JobRegistry(table, "t", clock);
    private final List<String> started = new ArrayList<>();
    private final LostDrops drops =
            new LostDrops(buckets, "bucket", new JobIndex(table, "t")::newestFirst, started::add, clock);
    private final Instant deployed = clock.instant();

    private String put(String key) {
        return buckets.putObject(r -> r.bucket("bucket").key(key), RequestBody.fromString(key))
                .versionId();
    }

    private void job(String id, String key, String version) {
        NewJob job = new NewJob(id, "n", "openai", "m", "bucket", key, version, 1, clock.instant());
        assertThat(registry.claims().claim(job, "arn", arn -> true)).isInstanceOf(Claim.Mine.class);
    }

    private LostDrops.Found hourLater() {
        clock.advance(Duration.ofHours(1));
        return drops.look(deployed);
    }

    @Test
    void aDropThatNothingHasStartedIsStartedOnce() {
        clock.advance(Duration.ofMinutes(2));
        put("inbox/essays/job.json");
        clock.advance(Duration.ofSeconds(2));
        put("inbox/essays/pairs.csv");
        put("inbox/lone.csv");
        put("inbox/a/b/pairs.csv");
        put("inbox/defaults.json");

        assertThat(hourLater().started()).containsExactly("inbox/a/", "inbox/essays/", "inbox/lone.csv");
        assertThat(started).containsExactly("inbox/a/b/pairs.csv", "inbox/essays/pairs.csv", "inbox/lone.csv");
        assertThat(hourLater().started()).isEmpty();
    }

    @Test
    void aDropThatIsAJobIsLeftAlone() {
        clock.advance(Duration.ofMinutes(2));
        job("essays-0123abcd", "inbox/essays/pairs.csv", put("inbox/essays/pairs.csv"));
        put("inbox/essays/job.json");
        assertThat(hourLater().started()).isEmpty();
    }

    @Test
    void anotherVersionOfTheTableIsAnotherDrop() {
        clock.advance(Duration.ofMinutes(2));
        job("essays-0123abcd", "inbox/essays/pairs.csv", put("inbox/essays/pairs.csv"));
        put("inbox/essays/pairs.csv");
        assertThat(hourLater().started()).containsExactly("inbox/essays/");
    }

    @Test
    void aFolderThatOnlyWaitsIsLookedAtAgain() {
        clock.advance(Duration.ofMinutes(2));
        put("inbox/essays/pairs.csv");
        registry.claims().noteWaiting("waits", "essays", "bucket", "inbox/essays/", "job.json is not there yet");
        put("inbox/essays/job.json");
        assertThat(hourLater().started()).containsExactly("inbox/essays/");
    }

    @Test
    void whatIsOlderThanTheDeploymentIsToldAndNeverStarted() {
        put("inbox/old/pairs.csv");
        LostDrops.Found first = hourLater();
        assertThat(first.older()).containsExactly("inbox/old/");
        assertThat(hourLater().older()).isEmpty();
        assertThat(started).isEmpty();
    }

    @Test
    void whatHasJustArrivedWaitsForItsEvent() {
        assertThat(hourLater().started()).isEmpty();
        put("inbox/essays/pairs.csv");
        clock.advance(Duration.ofMinutes(9));
        assertThat(drops.look(deployed).started()).isEmpty();
        assertThat(hourLater().started()).containsExactly("inbox/essays/");
    }
}
