package io.pairbatch.chaos;

import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What happened, line by line, for replaying a seed; and a digest of it, which is the same in every run of the seed.
final class Trace {

    private final Supplier<Instant> now;
    private final Consumer<String> reader;
    private long digest = 0xcbf29ce484222325L;

    /// @param reader receives each line
    Trace(Supplier<Instant> now, Consumer<String> reader) {
        this.now = now;
        this.reader = reader;
    }

    void effect(long number, Effect effect, Fate fate) {
        say(
                effect.actor(),
                () -> "#" + number + " " + effect
                        + (fate.equals(Fate.PLAIN)
                                ? ""
                                : "  << " + fate.kind() + (fate.duration().isZero() ? "" : " " + fate.duration())));
    }

    /// Records what an actor did.
    void say(String actor, Supplier<String> what) {
        String line = now.get() + " " + actor + ": " + what.get();
        for (int i = 0; i < line.length(); i++) {
            digest = (digest ^ line.charAt(i)) * 0x100000001b3L;
        }
        reader.accept(line);
    }

    long digest() {
        return digest;
    }
}
