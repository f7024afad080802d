package io.pairbatch.chaos;

import io.pairbatch.chaos.asl.StateMachine;
import io.pairbatch.chaos.provider.Batch;
import io.pairbatch.chaos.provider.Fault;
import io.pairbatch.chaos.provider.Journal;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The result of one scenario.
///
/// @param state the final state of the job; empty if an invariant was violated
/// @param violation what was violated; null if nothing was
/// @param effects the number of actions on the outside world
/// @param faults how often each kind of fault occurred
/// @param digest of the trace: the same in each run of the scenario
record Life(String state, @Nullable Throwable violation, long effects, Map<String, Integer> faults, long digest) {

    /// Runs a scenario and checks the result.
    ///
    /// @param reader receives each line of the trace
    static Life of(Scenario scenario, StateMachine machine, Fates fates, Consumer<String> reader) {
        try (World world = new World(scenario, machine, fates, reader)) {
            Throwable violation = null;
            String state = "";
            long effects;
            long digest;
            try {
                world.run();
                effects = world.effects().count();
                digest = world.digest();
                world.effects().heal();
                state = Verdict.of(world);
            } catch (RuntimeException | Error e) {
                violation = e;
                effects = world.effects().count();
                digest = world.digest();
            }
            return new Life(state, violation, effects, faults(world), digest);
        }
    }

    private static Map<String, Integer> faults(World world) {
        Map<String, Integer> faults = new TreeMap<>();
        world.effects()
                .met()
                .forEach((fate, n) ->
                        faults.merge("effect " + fate.name().toLowerCase(java.util.Locale.ROOT), n, Integer::sum));
        for (Journal.Seen seen : world.provider().journal().seen()) {
            if (!seen.fault().equals(Fault.NONE)) {
                faults.merge(
                        "wire " + seen.fault().getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT),
                        1,
                        Integer::sum);
            }
        }
        for (Batch batch : world.provider().batches()) {
            batch.oddities().forEach(oddity -> faults.merge("batch " + oddity, 1, Integer::sum));
            batch.items().stream()
                    .filter(item -> !batch.foreign() && item.attempt() > 1)
                    .forEach(item -> faults.merge("pair in attempt " + item.attempt(), 1, Integer::sum));
        }
        world.scenario()
                .upheavals()
                .forEach(u -> faults.merge(
                        "upheaval " + u.kind().name().toLowerCase(java.util.Locale.ROOT), 1, Integer::sum));
        return faults;
    }
}
