package io.pairbatch.chaos;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.asl.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Many jobs, each with the scenario of its seed.
final class Seeds {

    private static final long EVERY = 1000;

    private final StateMachine machine;
    private final @Nullable Backend backend;

    /// @param backend null: each seed decides
    Seeds(StateMachine machine, @Nullable Backend backend) {
        this.machine = machine;
        this.backend = backend;
    }

    static Fates fates(long seed, @Nullable Backend backend) {
        return new WeatherFates(Scenarios.drawn(seed, backend).weather(), new SplittableRandom(seed ^ 0x66617465L));
    }

    Life live(long seed) {
        return Life.of(Scenarios.drawn(seed, backend), machine, fates(seed, backend), line -> {});
    }

    /// Runs `count` seeds starting at `first`, as many at a time as there are processors.
    ///
    /// @param progress receives a line now and then
    void run(long first, long count, Report report, Consumer<String> progress) {
        List<Callable<Boolean>> lives = new ArrayList<>();
        for (long seed = first; seed < first + count; seed++) {
            long one = seed;
            lives.add(() -> {
                report.add("seed " + one, live(one));
                return true;
            });
        }
        AtomicLong done = new AtomicLong();
        Workers.run(lives, lived -> {
            long n = done.incrementAndGet();
            if (n % EVERY == 0) {
                progress.accept(n + " of " + count);
            }
        });
    }
}
