package io.pairbatch.revive;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.node.ObjectNode;

/// Which jobs get a new execution, and which do not.
class ReviveStepTest {

    private final JobFixture fixture = new JobFixture();
    private final SettableClock clock = fixture.clock;
    private final JobRegistry registry = fixture.jobs;
    private final Set<String> running = new HashSet<>();
    private final List<String> started = new ArrayList<>();
    private final List<String> inBucket = new ArrayList<>();
    private String neverFrozen = "";
    private String grown = "";
    private String reread = "";
    private @Nullable JobSpec policy;
    private String retried = "";
    private String collecting = "";
    private String broken = "";
    private final ReviveStep reviver = new ReviveStep(
            registry,
            new ReviveStep.Executions() {
                @Override
                public boolean running(String arn) {
                    return running.contains(arn);
                }

                @Override
                public void start(String jobId, long epoch, ObjectNode wish) {
                    if (jobId.equals(broken)) {
                        throw new IllegalStateException("refused");
                    }
                    started.add(jobId + " " + epoch);
                }

                @Override
                public void drop(JobItem job) {
                    started.add("drop of " + job.sourceBucket() + " " + job.sourceKey());
                }
            },
            new ReviveStep.Folders() {
                @Override
                public boolean frozen(String jobId) {
                    return !jobId.equals(neverFrozen);
                }

                @Override
                public int limits(String jobId) {
                    return jobId.equals(grown) ? 1 : 0;
                }

                @Override
                public int lastRetry(String jobId) {
                    return jobId.equals(retried) ? 9 : 0;
                }

                @Override
                public boolean collectsAgain(String jobId, @Nullable Instant merged) {
                    return jobId.equals(collecting);
                }

                @Override
                public Optional<JobSpec> policy(String jobId) {
                    return Optional.ofNullable(jobId.equals(reread) ? policy : null);
                }

                @Override
                public void each(Predicate<String> wanted, Consumer<String> jobId) {
                    inBucket.stream().filter(wanted).forEach(jobId);
                }
            });

    @BeforeEach
    void jobs() throws Exception {
        job("dead-00000001", JobState.RUNNING);
        job("alive-00000002", JobState.RUNNING);
        job("done-00000003", JobState.DONE);
        job("keyless-00000004", JobState.WAITING_FOR_KEY);
        registry.claims().noteWaiting("waiting-00000005", "waiting", "b", "inbox/waiting/", "no table");
        running.add("arn:alive-00000002");
    }

    @Test
    void anExecutionsEndRevivesItsOwnJobOnly() {
        assertThat(reviver.after("arn:dead-00000001").revived()).containsExactly("dead-00000001");
        assertThat(started).containsExactly("dead-00000001 2");
    }

    @Test
    void theEndOfAnExecutionThatHadStoppedItsJobRevivesNothing() {
        assertThat(reviver.after("arn:keyless-00000004").revived()).isEmpty();
        assertThat(reviver.after("arn:done-00000003").revived()).isEmpty();
        assertThat(reviver.after("arn:somebody-else").revived()).isEmpty();
        assertThat(started).isEmpty();
    }

    @Test
    void anExecutionThatDiesAtOnceIsNotRestartedRepeatedly() {
        reviver.after("arn:dead-00000001");
        clock.advance(Duration.ofMinutes(9));
        assertThat(reviver.after("arn:dead-00000001").revived()).isEmpty();
        assertThat(reviver.all(false).revived()).containsExactly("dead-00000001");
        clock.advance(Duration.ofMinutes(11));
        assertThat(reviver.after("arn:dead-00000001").revived()).containsExactly("dead-00000001");
    }

    @Test
    void theRoundIgnoresJobsThatRunWaitOrHaveEnded() {
        assertThat(reviver.all(false).revived()).containsExactly("dead-00000001");
    }

    @Test
    void aRoundAfterKeysWereSetWakesTheJobsThatWaitForOne() {
        assertThat(reviver.all(true).revived()).containsExactlyInAnyOrder("dead-00000001", "keyless-00000004");
    }

    @Test
    void aJobThatWasDoneFetchesAnswersAgainIfItsFilesSaySo() {
        registry.claims().recordCollecting("done-00000003");
        assertThat(reviver.all(false).revived()).contains("done-00000003");
        registry.claims().readAgain("done-00000003", "arn:next", 2);
        assertThat(registry.find("done-00000003").orElseThrow().collecting()).isFalse();
    }

    @Test
    void aJobOfAnOlderTableFetchesAnswersAgainIfItsFilesSaySo() {
        collecting = "done-00000003";
        assertThat(reviver.all(false).revived()).containsExactly("dead-00000001");
        assertThat(reviver.all(true).revived()).contains("done-00000003");
    }

    @Test
    void aJobThatWasClaimedButNeverFrozenStartsWithItsFilesAgain() {
        neverFrozen = "dead-00000001";
        assertThat(reviver.all(false).revived()).containsExactly("dead-00000001");
        assertThat(started).containsExactly("drop of b inbox/a/p.csv");
        clock.advance(Duration.ofMinutes(11));
        assertThat(reviver.after("arn:dead-00000001").revived()).containsExactly("dead-00000001");
        assertThat(started).containsExactly("drop of b inbox/a/p.csv", "drop of b inbox/a/p.csv");
    }

    @Test
    void anErrorWithOneJobDoesNotPreventRevivingTheOthers() throws Exception {
        job("dead-00000006", JobState.SPLITTING);
        job("dead-00000007", JobState.MERGING);
        inBucket.add("lost-00000009");
        broken = "dead-00000006";

        ReviveStep.Round round = reviver.all(false);

        assertThat(round.revived()).containsExactlyInAnyOrder("dead-00000001", "dead-00000007", "lost-00000009");
        assertThat(round.failed())
                .containsOnlyKeys("dead-00000006")
                .hasToString("{dead-00000006=java.lang.IllegalStateException: refused}");
        assertThat(round.failedWhole()).isFalse();
        broken = "dead-00000001";
        clock.advance(Duration.ofMinutes(11));
        assertThat(reviver.after("arn:dead-00000001").failedWhole()).isTrue();
        assertThat(reviver.after("arn:nobody").failedWhole()).isFalse();
    }

    @Test
    void aFinishedSampleWhoseGrowthTheRegistryHasLostContinuesAtTheNextStart() {
        grown = "done-00000003";
        assertThat(reviver.all(false).revived()).containsExactly("dead-00000001");
        assertThat(reviver.all(true).revived()).contains("done-00000003");
    }

    @Test
    void aFinishedJobWithAnotherLimitThanItsFilesTellGoesOnWithWhatItDidNotSubmit() throws Exception {
        fixture.jobs.claims().limitCost("done-00000003", 5_000_000_000L);
        assertThat(reviver.all(false).revived()).contains("done-00000003");
        fixture.table.edit(
                "done-00000003", "JOB", item -> item.put("merged_limit", AttributeValue.fromN("5000000000")));
        assertThat(reviver.all(false).revived()).doesNotContain("done-00000003");
        // Its policy says 6: a table of before that was restored.
        reread = "done-00000003";
        policy = JobFixture.spec("\"max_cost_usd\": 6");
        assertThat(reviver.all(false).revived()).doesNotContain("done-00000003");
        assertThat(reviver.all(true).revived()).contains("done-00000003");
    }

    @Test
    void aFinishedJobWhoseNewReadingTheRegistryHasLostContinuesAtTheNextStart() throws Exception {
        policy = JobFixture.spec("");
        reread = "done-00000003";
        assertThat(reviver.all(true).revived()).as("an older version read it").doesNotContain("done-00000003");
        fixture.table.edit("done-00000003", "JOB", item -> item.put("tag_rules", AttributeValue.fromS("old")));
        assertThat(reviver.all(false).revived()).doesNotContain("done-00000003");
        assertThat(reviver.all(true).revived()).contains("done-00000003");
        fixture.table.edit(
                "done-00000003", "JOB", item -> item.put("tag_rules", AttributeValue.fromS(JobFixture.TAG_RULES)));
        assertThat(reviver.all(true).revived()).doesNotContain("done-00000003");
    }

    @Test
    void aJobWithFilesThatTheRegistryHasLostIsStartedAgain() {
        inBucket.add("lost-00000009");
        inBucket.add("done-00000003");
        assertThat(reviver.all(false).revived()).containsExactly("dead-00000001", "lost-00000009");
        assertThat(started).containsExactly("dead-00000001 2", "lost-00000009 1");
    }

    private void job(String id, JobState state) throws Exception {
        registry.move(fixture.claim(JobFixture.resolved(id, ""), "arn:" + id), state);
    }
}
