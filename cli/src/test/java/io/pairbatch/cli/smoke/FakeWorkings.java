package io.pairbatch.cli.smoke;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The inside of a stack, as a test wants it.
final class FakeWorkings implements Workings {

    /// What was set, in order.
    final List<String> settings = new ArrayList<>();

    List<Batch> batches = List.of();
    int usual = 600;
    int strays;
    long entered = 5;
    long ended = 1;
    boolean refusesToPutBack;
    Stored stored = new Stored(3, Optional.of("crc"));

    /// One batch for each of so many segments.
    void oneBatchEach(int segments) {
        List<Batch> each = new ArrayList<>();
        for (int segment = 1; segment <= segments; segment++) {
            each.add(new Batch(segment, "batch_" + segment));
        }
        batches = each;
    }

    @Override
    public int timeout(String step) {
        return usual;
    }

    @Override
    public void timeout(String step, int seconds) {
        if (refusesToPutBack && seconds == usual) {
            throw Bench.failed("AWS does not answer.", "Wait.");
        }
        settings.add(step + " " + seconds);
    }

    @Override
    public List<Batch> batches(String jobId) {
        return batches;
    }

    @Override
    public int strays(String jobId) {
        return strays;
    }

    @Override
    public String execution(String jobId) {
        return "execution";
    }

    @Override
    public long entered(String execution, String state) {
        return entered;
    }

    @Override
    public long ended(String execution) {
        return ended;
    }

    @Override
    public Stored stored(String key) {
        return stored;
    }

    @Override
    public void close() {}
}
