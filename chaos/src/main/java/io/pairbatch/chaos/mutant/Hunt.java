package io.pairbatch.chaos.mutant;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Looks for the first seed that notices a mutant.
public final class Hunt {

    private static final String WORLD = "io.pairbatch.chaos.SeedCheck";

    private Hunt() {}

    /// What came of it.
    ///
    /// @param seed that noticed; 0 when none did
    /// @param says the broken promise; empty when none was
    public record Caught(String mutant, long seed, String says) {}

    /// Lives through seeds in the broken code until a promise is broken.
    ///
    /// @param home the project's folder
    public static Caught hunt(Mutant mutant, Path home, long first, long most) {
        try {
            Class<?> world = Class.forName(WORLD, true, MutantLoader.of(mutant, home));
            @SuppressWarnings("unchecked")
            LongFunction<@Nullable String> check = (LongFunction<@Nullable String>)
                    world.getConstructor(String.class).newInstance(home.toString());
            for (long seed = first; seed < first + most; seed++) {
                String says = check.apply(seed);
                if (says != null) {
                    return new Caught(mutant.name(), seed, says);
                }
            }
            return new Caught(mutant.name(), 0, "");
        } catch (ReflectiveOperationException | IOException e) {
            throw new IllegalStateException(mutant.name(), e);
        }
    }
}
