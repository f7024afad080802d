package io.pairbatch.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The only way to the outside world. Effects are numbered; at each of them its process can die before or after it, or
/// its response can be lost, or it can be slow, refused, or overtaken.
final class Effects {

    private final Timeline timeline;
    private final RandomGenerator latencies;
    private final Trace trace;
    private final Map<Fate.Kind, Integer> met = new TreeMap<>();
    private Consumer<Boolean> left = told -> {};
    private Fates fates;
    /// A job of a seed has a few thousand. One that goes round and round without a pause would do so for hours.
    private static final long RESTLESS = 200_000;

    private long count;

    Effects(Timeline timeline, RandomGenerator latencies, Trace trace, Fates fates) {
        this.timeline = timeline;
        this.latencies = latencies;
        this.trace = trace;
        this.fates = fates;
    }

    /// An effect that may fail in the way of its service.
    @FunctionalInterface
    interface Act<T extends @Nullable Object, E extends Exception> {

        T run() throws E;
    }

    /// How a service reports that a call failed.
    interface Words<E extends Exception> {

        /// It is unknown whether it happened.
        E lost();

        /// It did not happen.
        E outage();

        /// A response whose body breaks off; the response itself if it has no body.
        ///
        /// @param silently whether the stream just ends
        default <T> T cut(T answer, boolean silently) {
            return answer;
        }
    }

    /// Ends the executions when a process dies together with its execution.
    ///
    /// @param ending receives whether anybody is notified
    void onLeft(Consumer<Boolean> ending) {
        left = ending;
    }

    /// From now on, nothing goes wrong.
    void heal() {
        fates = Fates.KIND;
    }

    long count() {
        return count;
    }

    /// How often each fate occurred.
    Map<Fate.Kind, Integer> met() {
        return met;
    }

    /// Does what an actor wants, or what the effect's fate makes of it.
    <T extends @Nullable Object, E extends Exception> T act(Effect effect, Words<E> words, Act<T, E> act) throws E {
        // Randomized, so that concurrent effects happen in another order with another seed.
        timeline.sleep(Duration.ofMillis(2 + latencies.nextInt(30)));
        if (count >= RESTLESS) {
            throw new Violation(Violation.Kind.UNFINISHED, "there were " + RESTLESS + " effects, and no rest");
        }
        Fate fate = fates.of(++count, effect);
        trace.effect(count, effect, fate);
        if (fate.kind() != Fate.Kind.PLAIN) {
            met.merge(fate.kind(), 1, Integer::sum);
        }
        return switch (fate.kind()) {
            case PLAIN -> act.run();
            case DIE_BEFORE -> {
                throw death();
            }
            case DIE_AFTER -> {
                act.run();
                throw death();
            }
            case LEFT_BEFORE -> {
                left.accept(false);
                throw death();
            }
            case LEFT_AFTER -> {
                act.run();
                left.accept(true);
                throw death();
            }
            case ANSWER_LOST -> {
                act.run();
                throw words.lost();
            }
            case REPEATED -> {
                act.run();
                yield act.run();
            }
            case OUTAGE -> throw words.outage();
            // The JDK's connections treat some broken bodies as the end.
            case CUT -> words.cut(act.run(), count % 2 == 0);
            case SLOW -> {
                timeline.sleep(fate.duration());
                yield act.run();
            }
            case OUTLIVED -> {
                left.accept(true);
                timeline.sleep(fate.duration());
                yield act.run();
            }
        };
    }

    private Killed death() {
        timeline.kill(timeline.current());
        return new Killed();
    }

    /// The errors of a plain connection.
    static final Words<IOException> CONNECTION = new Words<>() {
        @Override
        public IOException lost() {
            return new IOException("connection reset after the request was sent");
        }

        @Override
        public IOException outage() {
            return new IOException("connection refused");
        }
    };
}
