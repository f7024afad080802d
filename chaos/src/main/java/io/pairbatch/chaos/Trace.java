package io.pairbatch.chaos;

import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What happened, line by line, for whoever replays a seed; and a digest of it, which two runs of a seed share.
final class Trace {

    private final Supplier<Instant> now;
    private final Consumer<String> reader;
    private long digest = 0xcbf29ce484222325L;

    /// @param reader gets each line
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

    /// Says what an actor did.
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
