package io.pairbatch.chaos;

import io.pairbatch.chaos.Fate.Kind;
import io.pairbatch.chaos.asl.StateMachine;
import io.pairbatch.job.Backend;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// One job of two segments, lived through once for each point at which something can go wrong.
final class Sweep {

    private static final List<Kind> KINDS = List.of(Kind.DIE_BEFORE, Kind.DIE_AFTER, Kind.ANSWER_LOST);
    private static final long SEED = 11;

    private final StateMachine machine;
    private final Scenario scenario;

    Sweep(StateMachine machine, Backend backend) {
        this.machine = machine;
        this.scenario = Scenario.calm(SEED, backend, 2);
    }

    /// What was tried.
    record Points(long effects, long single, long pairs) {
        @Override
        public String toString() {
            return effects + " effects, " + single + " points and " + pairs + " pairs of points tried";
        }
    }

    /// Tries every point, and a part of all pairs of points.
    ///
    /// @param part from 0 to 1
    Points run(double part, Report report) {
        Life undisturbed = live(Map.of());
        report.add(scenario.backend().code() + " undisturbed", undisturbed);
        long n = undisturbed.effects();
        long single = 0;
        for (long k = 1; k <= n; k++) {
            for (Kind kind : KINDS) {
                report.add(scenario.backend().code() + " " + kind + " at " + k, live(Map.of(k, kind)));
                single++;
            }
        }
        long pairs = 0;
        SplittableRandom random = new SplittableRandom(SEED);
        for (long k = 1; part > 0 && k <= n; k++) {
            // What follows the first fault has other numbers, and there is more of it.
            for (long l = k + 1; l <= n + n / 2; l++) {
                if (random.nextDouble() < part) {
                    Kind first = KINDS.get(random.nextInt(KINDS.size()));
                    Kind second = KINDS.get(random.nextInt(KINDS.size()));
                    report.add(
                            scenario.backend().code() + " " + first + " at " + k + ", " + second + " at " + l,
                            live(Map.of(k, first, l, second)));
                    pairs++;
                }
            }
        }
        return new Points(n, single, pairs);
    }

    Life live(Map<Long, Kind> fates) {
        return Life.of(scenario, machine, new SingleFate(fates), line -> {});
    }
}
