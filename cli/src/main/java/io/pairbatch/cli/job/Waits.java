package io.pairbatch.cli.job;

import io.pairbatch.registry.OverdueBatch;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the segments of a job wait for, and until when: a few sentences, and the oldest of the open batches.
///
/// @param all what is waited for beside the open batches
/// @param oldest null when no batch is open
/// @param first the open batches that are overdue first, a few of them
/// @param nextLook when the open batches are next looked at; in the past while that is under way, or cannot be done
public record Waits(
        List<Wait> all,
        @Nullable OpenBatch oldest,
        List<OpenBatch> first,
        @Nullable Instant nextLook) {

    public static final Waits NONE = new Waits(List.of(), null, null);

    /// Waits for one batch at most.
    public Waits(List<Wait> all, @Nullable OpenBatch oldest, @Nullable Instant nextLook) {
        this(all, oldest, oldest == null ? List.of() : List.of(oldest), nextLook);
    }

    /// What some segment waits for.
    ///
    /// @param sentence without its full stop
    /// @param notableFrom until then it is an ordinary moment in the life of a segment
    public record Wait(String sentence, Instant notableFrom) {

        public Wait(String sentence) {
            this(sentence, Instant.MIN);
        }
    }

    public Waits {
        all = List.copyOf(all);
        first = List.copyOf(first);
    }

    /// The batches that are overdue, a few of them.
    public List<OverdueBatch> overdue(Instant now) {
        return first.stream().flatMap(batch -> batch.overdue(now).stream()).toList();
    }

    /// All that is waited for.
    public List<String> sentences() {
        return all.stream().map(Wait::sentence).toList();
    }

    /// What is worth telling to one who watches.
    public List<String> sentences(Instant now) {
        return all.stream()
                .filter(wait -> !now.isBefore(wait.notableFrom()))
                .map(Wait::sentence)
                .toList();
    }
}
