package io.pairbatch.chaos.mutant;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Searches for the first seed that notices a mutant.
public final class Hunt {

    private static final String WORLD = "io.pairbatch.chaos.SeedCheck";

    private Hunt() {}

    /// The result.
    ///
    /// @param seed the seed that noticed; 0 if none did
    /// @param says the violated invariant; empty if there is none
    public record Caught(String mutant, long seed, String says) {}

    /// Runs seeds with the broken code until an invariant is violated.
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
