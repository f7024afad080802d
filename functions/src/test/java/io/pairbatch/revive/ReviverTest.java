package io.pairbatch.revive;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.NewJob;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which jobs are given a new execution, and which are left alone.
class ReviverTest {

    private final SettableClock clock = new SettableClock();
    private final JobRegistry registry = new JobRegistry(MemoryTable.registry("t"), "t", clock);
    private final Set<String> running = new HashSet<>();
    private final List<String> started = new ArrayList<>();
    private final List<String> inBucket = new ArrayList<>();
    private String neverFrozen = "";
    private String grown = "";
    private final Reviver reviver = new Reviver(
            registry,
            new Reviver.Executions() {
                @Override
                public boolean running(String arn) {
                    return running.contains(arn);
                }

                @Override
                public void start(String jobId, long epoch, @Nullable Integer limit) {
                    started.add(jobId + " " + epoch);
                }
            },
            new Reviver.Folders() {
                @Override
                public boolean frozen(String jobId) {
                    return !jobId.equals(neverFrozen);
                }

                @Override
                public int limits(String jobId) {
                    return jobId.equals(grown) ? 1 : 0;
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
        registry.noteWaiting("waiting-00000005", "waiting", "b", "inbox/waiting/", "no table");
        running.add("arn:alive-00000002");
    }

    @Test
    void anExecutionsEndRevivesItsOwnJobOnly() {
        assertThat(reviver.after("arn:dead-00000001")).containsExactly("dead-00000001");
        assertThat(started).containsExactly("dead-00000001 2");
    }

    @Test
    void theEndOfAnExecutionThatHadStoppedItsJobRevivesNothing() {
        assertThat(reviver.after("arn:keyless-00000004")).isEmpty();
        assertThat(reviver.after("arn:done-00000003")).isEmpty();
        assertThat(reviver.after("arn:somebody-else")).isEmpty();
        assertThat(started).isEmpty();
    }

    @Test
    void anExecutionThatDiesAtOnceIsNotStartedAgainAndAgain() {
        reviver.after("arn:dead-00000001");
        clock.advance(Duration.ofMinutes(9));
        assertThat(reviver.after("arn:dead-00000001")).isEmpty();
        assertThat(reviver.all(false)).containsExactly("dead-00000001");
        clock.advance(Duration.ofMinutes(11));
        assertThat(reviver.after("arn:dead-00000001")).containsExactly("dead-00000001");
    }

    @Test
    void theRoundLeavesAloneWhatRunsWaitsOrIsAtItsEnd() {
        assertThat(reviver.all(false)).containsExactly("dead-00000001");
    }

    @Test
    void aRoundAfterKeysWerePutWakesTheJobsThatWaitForOne() {
        assertThat(reviver.all(true)).containsExactlyInAnyOrder("dead-00000001", "keyless-00000004");
    }

    @Test
    void aJobThatWasNeverFrozenIsLeftToItsFiles() {
        neverFrozen = "dead-00000001";
        assertThat(reviver.all(false)).isEmpty();
        assertThat(reviver.after("arn:dead-00000001")).isEmpty();
    }

    @Test
    void aFinishedSampleWhoseGrowthTheRegistryHasForgottenGoesOnAtTheNextStart() {
        grown = "done-00000003";
        assertThat(reviver.all(false)).containsExactly("dead-00000001");
        assertThat(reviver.all(true)).contains("done-00000003");
    }

    @Test
    void aJobWithFilesThatTheRegistryHasLostIsStartedAnew() {
        inBucket.add("lost-00000009");
        inBucket.add("done-00000003");
        assertThat(reviver.all(false)).containsExactly("dead-00000001", "lost-00000009");
        assertThat(started).containsExactly("dead-00000001 2", "lost-00000009 1");
    }

    private void job(String id, JobState state) throws Exception {
        Claim claim = registry.claim(
                new NewJob(id, "n", "openai", "gpt-4.1", "b", "k", "v", 1, clock.instant()), "arn:" + id, arn -> true);
        registry.move(new Fence(id, "arn:" + id, ((Claim.Mine) claim).job().epoch()), state);
    }
}
