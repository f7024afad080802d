package io.pairbatch.simulator.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// The system time plus the time that tests have skipped. The skipped time survives a restart.
public final class SimulatedClock {

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile long skipped;

    public SimulatedClock(Path data) throws IOException {
        file = data.resolve("clock.json");
        skipped = Files.exists(file) ? Json.read(file).path("skipped_ms").longValue(0) : 0;
    }

    /// Milliseconds since the epoch. Takes no lock: callers may hold a batch's monitor.
    public long millis() {
        return System.currentTimeMillis() + skipped;
    }

    public long seconds() {
        return Math.floorDiv(millis(), 1000L);
    }

    public void advance(long millis) throws IOException {
        lock.lock();
        try {
            long total = skipped + millis;
            Json.write(file, Json.object().put("skipped_ms", total));
            skipped = total;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Makes all waiters check their conditions again.
    public void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the clock has reached `millis`, or until `early` is true; a change of `early` needs a [#wake].
    public void await(long millis, BooleanSupplier early) throws InterruptedException {
        lock.lock();
        try {
            while (!early.getAsBoolean()) {
                long left = millis - System.currentTimeMillis() - skipped;
                if (left <= 0) {
                    return;
                }
                // Signalled or not, the loop checks again.
                changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(left));
            }
        } finally {
            lock.unlock();
        }
    }
}
