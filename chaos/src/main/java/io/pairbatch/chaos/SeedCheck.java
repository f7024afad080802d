package io.pairbatch.chaos;

import io.pairbatch.chaos.asl.StateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Runs one seed and returns which invariant was violated; uses only types of the JDK, so that it can be called across
/// class loaders.
public final class SeedCheck implements LongFunction<@Nullable String> {

    private final StateMachine machine;

    /// @param home the project's folder
    public SeedCheck(String home) throws IOException {
        machine = ChaosCommand.machine(Path.of(home));
    }

    @Override
    public @Nullable String apply(long seed) {
        Throwable violation = new Seeds(machine, null).live(seed).violation();
        return violation == null ? null : violation.toString();
    }
}
