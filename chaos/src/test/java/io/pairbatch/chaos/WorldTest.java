package io.pairbatch.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.Scenario.Upheaval;
import io.pairbatch.chaos.asl.StateMachine;
import io.pairbatch.chaos.mutant.Hunt;
import io.pairbatch.chaos.mutant.Mutant;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Jobs in the simulated world: a small part of what `pairbatch chaos` runs.
class WorldTest {

    private static final Path HOME = Path.of(System.getProperty("pairbatch.home", ".."));
    private static final long SEEDS = 120;
    /// Every n-th point of the sweep.
    private static final int STEP = 6;

    private final StateMachine machine = machine();

    private static StateMachine machine() {
        try {
            return ChaosCommand.machine(HOME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void answersAreReadByTheFirstRulesAgainThoughAnOlderTableSaysTheyWere() {
        assertThat(violation(
                        upheaval(Duration.ofHours(27), Upheaval.Kind.READ_AGAIN),
                        upheaval(Duration.ofHours(28), Upheaval.Kind.OLD_TABLE),
                        upheaval(Duration.ofHours(28).plusSeconds(10), Upheaval.Kind.READ_AGAIN)))
                .isNull();
    }

    /// The reading is asked for at every moment around the merge.
    @Test
    void aReadingThatIsPromisedIsDone() {
        Instant[] merge = new Instant[1];
        Life.of(Scenario.calm(2, Backend.OPENAI, 2), machine, Fates.KIND, line -> {
            if (line.contains("[Merge]") && merge[0] == null) {
                merge[0] = Instant.parse(line.substring(0, line.indexOf(' ')));
            }
        });
        Duration merging = Duration.between(Scenario.START, merge[0]);
        for (int ms = -5_000; ms <= 2_000; ms += 140) {
            assertThat(violation(upheaval(merging.plusMillis(ms), Upheaval.Kind.DROP_CHANGED)))
                    .as("%d ms", ms)
                    .isNull();
        }
    }

    private static Upheaval upheaval(Duration at, Upheaval.Kind kind) {
        return new Upheaval(at, kind);
    }

    private @Nullable Throwable violation(Upheaval... upheavals) {
        Scenario scenario = Scenario.calm(2, Backend.OPENAI, 2).with(List.of(upheavals));
        return Life.of(scenario, machine, Fates.KIND, line -> {}).violation();
    }

    @ParameterizedTest
    @EnumSource
    void aJobWithoutFaultsIsDone(Backend backend) {
        Life life = Life.of(Scenario.calm(1, backend, 3), machine, Fates.KIND, line -> {});
        assertThat(life.violation()).isNull();
        assertThat(life.state()).isEqualTo("DONE");
        assertThat(life.faults()).isEmpty();
    }

    @Test
    void theSameSeedIsTheSameRun() {
        Seeds seeds = new Seeds(machine, null);
        for (long seed = 1; seed <= 5; seed++) {
            Life life = seeds.live(seed);
            Life again = seeds.live(seed);
            assertThat(again.digest()).as("seed %d", seed).isEqualTo(life.digest());
            assertThat(again.effects()).isEqualTo(life.effects());
        }
    }

    @Test
    void nothingIsLostOrPaidTwiceWithAnySeed() {
        Report report = new Report();
        new Seeds(machine, null).run(1, SEEDS, report, line -> {});
        assertThat(report.failures()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void whatFailedOnceSucceedsNow(long seed) {
        assertThat(new Seeds(machine, null).live(seed).violation()).isNull();
    }

    static LongStream whatFailedOnceSucceedsNow() throws IOException {
        try (InputStream in = Objects.requireNonNull(WorldTest.class.getResourceAsStream("/seeds.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .mapToLong(line -> Long.parseLong(line, 0, line.indexOf(' '), 10));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aJobSurvivesADeathAndALostResponseAtEachPoint(Backend backend) {
        Sweep sweep = new Sweep(machine, backend);
        Report report = new Report();
        long effects = sweep.live(Map.of()).effects();
        List<Fate.Kind> kinds = List.of(Fate.Kind.DIE_BEFORE, Fate.Kind.DIE_AFTER, Fate.Kind.ANSWER_LOST);
        for (long k = 1; k <= effects; k += STEP) {
            Fate.Kind kind = kinds.get((int) (k / STEP % kinds.size()));
            report.add(kind + " at " + k, sweep.live(Map.of(k, kind)));
        }
        assertThat(report.failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-intent", "create-retried", "tally-skipped", "mirror-after-create", "any-witness"})
    void brokenCodeIsNoticed(String name) {
        Mutant mutant = Mutant.all().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(Hunt.hunt(mutant, HOME, 1, 1000).seed()).as(name).isPositive();
    }
}
