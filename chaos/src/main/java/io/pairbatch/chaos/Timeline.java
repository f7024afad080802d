package io.pairbatch.chaos;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Virtual time and its actors. Each actor has a thread, of which exactly one runs at a time; when all of them wait,
/// the clock jumps to the earliest time at which one has something to do. The same actors with the same waits always
/// run in the same order.
final class Timeline {

    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final List<Actor> living = new ArrayList<>();
    private final Semaphore driver = new Semaphore(0);
    private Instant now;
    private long events;
    private @Nullable Actor current;
    private @Nullable Throwable failure;
    private boolean stopped;

    Timeline(Instant start) {
        now = start;
    }

    /// Something that acts: an execution, an invocation of a function, a person.
    static final class Actor {

        final String name;
        private final Semaphore baton = new Semaphore(0);
        private final Deque<Runnable> atEnd = new ArrayDeque<>();
        private long ticket;
        private boolean killed;
        private boolean ended;

        private Actor(String name) {
            this.name = name;
        }

        boolean ended() {
            return ended;
        }

        boolean killed() {
            return killed;
        }
    }

    /// A time at which something happens.
    private record Event(Instant at, long order, Runnable what) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    Instant now() {
        return now;
    }

    /// A clock on this timeline.
    Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }

    /// The actor whose turn it is.
    Actor current() {
        return Objects.requireNonNull(current, "nobody acts");
    }

    /// Starts a new actor at `at`.
    Actor start(String name, Instant at, Runnable body) {
        Actor actor = new Actor(name);
        living.add(actor);
        enter(actor, at);
        Thread.ofVirtual().name(name).start(() -> {
            actor.baton.acquireUninterruptibly();
            try {
                if (!actor.killed) {
                    body.run();
                }
            } catch (Killed e) {
                // Whoever killed it has already handled its death.
            } catch (Throwable e) {
                failure = failure == null ? e : failure;
            }
            actor.ended = true;
            living.remove(actor);
            actor.atEnd.forEach(Runnable::run);
            driver.release();
        });
        return actor;
    }

    /// Starts a new actor now.
    Actor start(String name, Runnable body) {
        return start(name, now, body);
    }

    /// Lets time pass for the current actor; others act in the meantime.
    void sleep(Duration duration) {
        Actor me = current();
        if (me.killed) {
            throw new Killed();
        }
        Instant until = now.plus(duration);
        Event next = queue.peek();
        if (next == null || next.at.isAfter(until)) {
            now = until;
            return;
        }
        me.ticket++;
        enter(me, until);
        yieldTurn(me);
    }

    /// Waits until `other` has ended, at most until `limit`.
    ///
    /// @return whether it has ended
    boolean join(Actor other, Instant limit) {
        Actor me = current();
        if (!other.ended) {
            me.ticket++;
            other.atEnd.add(() -> enter(me, now));
            enter(me, limit);
            yieldTurn(me);
        }
        return other.ended;
    }

    /// Waits until all of them have ended.
    void join(List<Actor> others) {
        others.forEach(other -> join(other, Instant.MAX));
    }

    /// Kills an actor immediately: its next effect does not happen, nor any later one.
    void kill(Actor actor) {
        if (actor.ended || actor.killed) {
            return;
        }
        actor.killed = true;
        actor.ticket++;
        if (actor != current) {
            enter(actor, now);
        }
    }

    /// Runs an action at `at` that waits for nothing.
    void at(Instant at, Runnable what) {
        queue.add(new Event(at, events++, what));
    }

    /// Starts an actor's turn, which is skipped if the actor has had another one by then.
    private void enter(Actor actor, Instant at) {
        long ticket = actor.ticket;
        at(at, () -> {
            if (!actor.ended && ticket == actor.ticket) {
                give(actor);
            }
        });
    }

    private void yieldTurn(Actor me) {
        driver.release();
        me.baton.acquireUninterruptibly();
        if (me.killed) {
            throw new Killed();
        }
    }

    /// Runs until no actor has anything to do, `limit` is reached, or [#stop] was called.
    ///
    /// @throws Error or RuntimeException with which an actor ended
    void run(Instant limit) {
        while (!stopped) {
            Event event = queue.peek();
            if (event == null || event.at.isAfter(limit)) {
                break;
            }
            queue.poll();
            now = event.at.isAfter(now) ? event.at : now;
            event.what.run();
            rethrow();
        }
    }

    private void give(Actor actor) {
        current = actor;
        actor.baton.release();
        driver.acquireUninterruptibly();
        current = null;
    }

    private void rethrow() {
        Throwable thrown = failure;
        failure = null;
        switch (thrown) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
        }
    }

    /// Makes [#run] return after this turn.
    void stop() {
        stopped = true;
    }

    /// Undoes [#stop].
    void goOn() {
        stopped = false;
    }

    /// Ends all actors.
    void close() {
        for (Actor actor : List.copyOf(living)) {
            kill(actor);
        }
        while (!living.isEmpty()) {
            give(living.getLast());
        }
        queue.clear();
        failure = null;
    }
}
