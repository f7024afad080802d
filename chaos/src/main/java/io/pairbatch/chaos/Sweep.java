package io.pairbatch.chaos;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.Fate.Kind;
import io.pairbatch.chaos.Scenario.Upheaval;
import io.pairbatch.chaos.asl.StateMachine;
import io.pairbatch.chaos.provider.Judge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/// One job with two segments, run once for each point at which something can go wrong.
final class Sweep {

    private static final List<Kind> KINDS =
            List.of(Kind.DIE_BEFORE, Kind.DIE_AFTER, Kind.ANSWER_LOST, Kind.LEFT_BEFORE, Kind.LEFT_AFTER);
    private static final long SEED = 11;
    /// Ten comparisons in both orders, six of them first.
    private static final long DESIGN = 15;

    private final StateMachine machine;
    private final Scenario scenario;

    Sweep(StateMachine machine, Backend backend) {
        this(machine, Scenario.calm(SEED, backend, 2).with(new Scenario.Quirks(true, true, false, false)));
    }

    private Sweep(StateMachine machine, Scenario scenario) {
        this.machine = machine;
        this.scenario = scenario;
    }

    /// The same pairs are dropped in two files at about the same time.
    static Sweep ofTwins(StateMachine machine, Backend backend) {
        return new Sweep(
                machine,
                Scenario.calm(SEED, backend, 2)
                        .with(List.of(new Upheaval(Duration.ofMillis(500), Upheaval.Kind.DROP_COPY))));
    }

    /// The job is done, and its answers are read again.
    static Sweep ofReading(StateMachine machine, Backend backend) {
        return new Sweep(
                machine,
                Scenario.calm(SEED, backend, 2)
                        .with(List.of(new Upheaval(Duration.ofHours(27), Upheaval.Kind.READ_AGAIN))));
    }

    /// The job is done, and the answers of a segment are fetched once more.
    static Sweep ofCollecting(StateMachine machine, Backend backend) {
        return new Sweep(
                machine,
                Scenario.calm(SEED, backend, 2)
                        .with(List.of(new Upheaval(Duration.ofHours(27), Upheaval.Kind.COLLECT_AGAIN))));
    }

    /// Most of the requests fail, and are sent again.
    static Sweep ofRounds(StateMachine machine, Backend backend) {
        return new Sweep(machine, Scenario.calm(SEED, backend, 2).with(new Judge.Rates(0, 0, 0, 0.9)));
    }

    /// The batches were made before the job, and elsewhere.
    static Sweep ofRescue(StateMachine machine, Backend backend) {
        return new Sweep(machine, Scenario.calm(SEED, backend, 2).with(new Scenario.Quirks(true, true, true, false)));
    }

    /// The pairs are made of samples, first a part of them, with a pause after each segment.
    static Sweep ofDesign(StateMachine machine, Backend backend) {
        return new Sweep(
                machine,
                Scenario.calm(SEED, backend, 2)
                        .with(PairTable.designed(DESIGN, 3))
                        .with(new Scenario.Quirks(true, true, false, false)));
    }

    /// What was tried.
    record Points(long effects, long single, long pairs) {

        @Override
        public String toString() {
            return effects + " effects, " + single + " points and " + pairs + " pairs of points tried";
        }
    }

    /// Tries every point, and a share of all pairs of points.
    ///
    /// @param part from 0 to 1
    Points run(double part, Report report) {
        Life undisturbed = live(Map.of());
        report.add(scenario.backend().code() + " undisturbed", undisturbed);
        long n = undisturbed.effects();
        Map<String, Map<Long, Kind>> points = new LinkedHashMap<>();
        for (long k = 1; k <= n; k++) {
            for (Kind kind : KINDS) {
                points.put(kind + " at " + k, Map.of(k, kind));
            }
        }
        long single = points.size();
        SplittableRandom random = new SplittableRandom(SEED);
        for (long k = 1; part > 0 && k <= n; k++) {
            // The effects after the first fault have other numbers, and there are more of them.
            for (long l = k + 1; l <= n + n / 2; l++) {
                if (random.nextDouble() < part) {
                    Kind first = KINDS.get(random.nextInt(KINDS.size()));
                    Kind second = KINDS.get(random.nextInt(KINDS.size()));
                    points.put(first + " at " + k + ", " + second + " at " + l, Map.of(k, first, l, second));
                }
            }
        }
        List<Callable<Boolean>> lives = new ArrayList<>();
        points.forEach((name, fates) -> lives.add(() -> {
            report.add(scenario.backend().code() + " " + name, live(fates));
            return true;
        }));
        Workers.run(lives, lived -> {});
        return new Points(n, single, points.size() - single);
    }

    Life live(Map<Long, Kind> fates) {
        return Life.of(scenario, machine, new SingleFate(fates), line -> {});
    }
}
