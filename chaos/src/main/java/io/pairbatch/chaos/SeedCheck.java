package io.pairbatch.chaos;

import io.pairbatch.chaos.asl.StateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Lives through one seed and says which promise was broken; with types of the JDK only, so that it can be asked across
/// class
/// loaders.
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
