package io.pairbatch.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Work that mostly waits for answers, done side by side on virtual threads. At most so many pieces are under way as
/// there are lanes, and results of at most four times as many are held, whatever the number of pieces.
///
/// @param width how many lanes there are; with one, everything is done by the calling thread
public record Lanes(int width) {

    /// Everything in its turn, by the calling thread.
    public static final Lanes ONE = new Lanes(1);

    private static final int HELD = 4;

    /// @throws IllegalArgumentException if there is no lane
    public Lanes {
        if (width < 1) {
            throw new IllegalArgumentException("there must be one lane at least, not " + width);
        }
    }

    /// What is done with an item; on any thread.
    @FunctionalInterface
    public interface Work<A, B> {

        /// Does it.
        B of(A item) throws IOException;
    }

    /// Takes what came of it; always on the thread that asked for the work.
    @FunctionalInterface
    public interface Sink<B> {

        /// Takes the next result.
        void accept(B result) throws IOException;
    }

    /// Does the work for each item, and passes on the results in the order of the items.
    ///
    /// @throws IOException what the first of them threw that did; the others are interrupted
    public <A, B> void each(Iterable<? extends A> items, Work<A, B> work, Sink<B> results) throws IOException {
        try (Ahead<A, B> ahead = ahead(items, work)) {
            while (ahead.hasNext()) {
                results.accept(ahead.next());
            }
        }
    }

    /// Does the work for each item ahead of whoever takes the results one by one.
    public <A, B> Ahead<A, B> ahead(Iterable<? extends A> items, Work<A, B> work) {
        return new Ahead<>(width, items.iterator(), work);
    }

    /// Results in the order of the items. Closing it interrupts what is under way.
    public static final class Ahead<A, B> implements Closeable {

        private final int held;
        private final Iterator<? extends A> items;
        private final Work<A, B> work;
        private final @Nullable ExecutorService threads;
        private final Queue<Future<B>> under = new ArrayDeque<>();

        private Ahead(int width, Iterator<? extends A> items, Work<A, B> work) {
            this.held = HELD * width;
            this.items = items;
            this.work = work;
            this.threads = width == 1
                    ? null
                    : Executors.newFixedThreadPool(width, Thread.ofVirtual().factory());
        }

        public boolean hasNext() {
            return !under.isEmpty() || items.hasNext();
        }

        /// The next result.
        ///
        /// @throws IOException what its work threw
        public B next() throws IOException {
            if (threads == null) {
                return work.of(items.next());
            }
            while (under.size() < held && items.hasNext()) {
                A item = items.next();
                under.add(threads.submit(() -> work.of(item)));
            }
            return result(under.remove());
        }

        @Override
        public void close() {
            if (threads != null) {
                threads.shutdownNow();
                threads.close();
            }
        }
    }

    private static <B> B result(Future<B> work) throws IOException {
        try {
            return work.get();
        } catch (ExecutionException e) {
            switch (Objects.requireNonNull(e.getCause())) {
                case IOException thrown -> throw thrown;
                case RuntimeException thrown -> throw thrown;
                case Error thrown -> throw thrown;
                default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while work was under way");
        }
    }
}
