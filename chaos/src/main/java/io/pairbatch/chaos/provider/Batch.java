package io.pairbatch.chaos.provider;

import io.pairbatch.chaos.provider.Course.End;
import io.pairbatch.chaos.provider.Course.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One batch. Its status follows from the time and its [Course]; only a cancel or a deletion changes it.
public final class Batch {

    /// The status of a batch.
    public enum Stage {
        VALIDATING,
        RUNNING,
        FINALIZING,
        CANCELLING,
        COMPLETED,
        FAILED,
        EXPIRED,
        CANCELLED;

        public boolean ended() {
            return this == COMPLETED || this == FAILED || this == EXPIRED || this == CANCELLED;
        }
    }

    /// Who created a batch, and from what.
    ///
    /// @param metadata as it was sent; null for none
    /// @param version of the API; empty if there is none
    record Origin(
            String key,
            String project,
            String fileId,
            String model,
            String endpoint,
            String version,
            @Nullable Map<String, String> metadata,
            boolean foreign) {}

    /// An error of the batch as a whole.
    ///
    /// @param line from 1 on; 0 for none
    record Problem(String code, String message, @Nullable String param, int line) {}

    private record Ending(Instant at, Stage stage, int executed) {}

    private final String id;
    private final Instant createdAt;
    private final Origin origin;
    private final List<Item> items;
    private final Course course;
    private final Duration lifetime;
    private final Lies lies;
    private final Dice dice;
    private final List<Problem> problems;
    private @Nullable Instant cancelledAt;
    private @Nullable Instant deletedAt;
    private @Nullable Instant expungedAt;
    private @Nullable List<Item> order;

    /// @param lifetime after which it expires, regardless of its course
    /// @param problems for which it fails validation
    Batch(
            String id,
            Instant createdAt,
            Origin origin,
            List<Item> items,
            Course course,
            Duration lifetime,
            Lies lies,
            List<Problem> problems) {
        this.id = id;
        this.createdAt = createdAt;
        this.origin = origin;
        this.items = items;
        this.course = course;
        this.lifetime = lifetime;
        this.lies = lies;
        this.dice = new Dice(0).with(id);
        this.problems = new ArrayList<>(problems);
    }

    public String id() {
        return id;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /// The requests, in the order of the file.
    public List<Item> items() {
        return items;
    }

    public Map<String, String> metadata() {
        return origin.metadata == null ? Map.of() : origin.metadata;
    }

    public String key() {
        return origin.key;
    }

    public String fileId() {
        return origin.fileId;
    }

    /// Whether it belongs to somebody else.
    public boolean foreign() {
        return origin.foreign;
    }

    Origin origin() {
        return origin;
    }

    Course course() {
        return course;
    }

    Dice dice() {
        return dice;
    }

    Instant expiresAt() {
        return createdAt.plus(lifetime);
    }

    Instant validatedAt() {
        return createdAt.plus(course.validating());
    }

    Instant finalizingAt() {
        return validatedAt().plus(course.running());
    }

    @Nullable
    Instant cancelledAt() {
        return cancelledAt;
    }

    List<Problem> problems() {
        return problems;
    }

    /// Makes it fail validation, if it was not validated yet.
    void fail(Problem problem, Instant at) {
        if (stage(at) == Stage.VALIDATING) {
            problems.add(problem);
        }
    }

    /// Its true status.
    public Stage stage(Instant at) {
        Ending ending = ending();
        if (!at.isBefore(ending.at)) {
            return ending.stage;
        }
        if (cancelledAt != null && !at.isBefore(cancelledAt)) {
            return Stage.CANCELLING;
        }
        if (at.isBefore(validatedAt())) {
            return Stage.VALIDATING;
        }
        return at.isBefore(finalizingAt()) ? Stage.RUNNING : Stage.FINALIZING;
    }

    /// When it ends, according to its current state.
    public Instant endsAt() {
        return ending().at;
    }

    private Ending ending() {
        Ending own = untouched();
        if (cancelledAt != null) {
            Instant stopped = cancelledAt.plus(course.cancelling());
            if (stopped.isBefore(own.at)) {
                return new Ending(stopped, Stage.CANCELLED, reached(stopped));
            }
        }
        return own;
    }

    private Ending untouched() {
        if (!problems.isEmpty() || course.end() == End.FAILED) {
            return new Ending(validatedAt(), Stage.FAILED, 0);
        }
        Instant end = unstuck(finalizingAt().plus(course.finalizing()));
        Instant expires = reallyExpiresAt();
        if (end.isAfter(expires)) {
            return new Ending(expires, Stage.EXPIRED, reached(expires));
        }
        return switch (course.end()) {
            case COMPLETED, ALL_FAILED, FAILED -> new Ending(end, Stage.COMPLETED, items.size());
            case EXPIRED -> new Ending(end, Stage.EXPIRED, part(course.done()));
            case CANCELLED -> new Ending(end, Stage.CANCELLED, part(course.done()));
        };
    }

    private Instant reallyExpiresAt() {
        Instant at = expiresAt();
        for (Told told : course.lies()) {
            at = told.lie() == Lie.LATE ? at.plus(told.span()) : at;
        }
        return at;
    }

    /// The end, delayed while the batch is stuck, at most until the provider is healed.
    private Instant unstuck(Instant end) {
        Instant put = end;
        for (Told told : course.lies()) {
            if (told.lie() == Lie.STUCK && told.at(createdAt, put)) {
                put = createdAt.plus(told.after()).plus(told.span());
            }
        }
        Instant healed = lies.healedAt().isBefore(end) ? end : lies.healedAt();
        return healed.isBefore(put) ? healed : put;
    }

    private int part(double done) {
        return (int) Math.floor(items.size() * done);
    }

    /// How many requests were processed by then.
    private int reached(Instant at) {
        if (at.isBefore(validatedAt()) || !problems.isEmpty() || course.end() == End.FAILED) {
            return 0;
        }
        double running = Math.max(1, course.running().toMillis());
        double part = Math.min(1, Duration.between(validatedAt(), at).toMillis() / running);
        boolean partial = course.end() == End.EXPIRED || course.end() == End.CANCELLED;
        return part(partial ? part * course.done() : part);
    }

    private List<Item> order() {
        if (order == null) {
            order = shuffled(items, dice.with("turns"));
        }
        return order;
    }

    static <T> List<T> shuffled(List<T> items, Dice dice) {
        List<T> shuffled = new ArrayList<>(items);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            int j = dice.with(i).below(i + 1);
            T other = shuffled.get(j);
            shuffled.set(j, shuffled.get(i));
            shuffled.set(i, other);
        }
        return shuffled;
    }

    /// The requests that were processed by then.
    public List<Item> executed(Instant at) {
        Ending ending = ending();
        return order().subList(0, at.isBefore(ending.at) ? reached(at) : ending.executed);
    }

    /// The requests that were never processed, if the batch has ended.
    List<Item> unreached() {
        return order().subList(ending().executed, items.size());
    }

    /// The requests that are billed by then: those that a model answered, with or without a winner.
    public List<Item> billed(Instant at, Judge judge) {
        if (course.end() == End.ALL_FAILED) {
            return List.of();
        }
        return executed(at).stream()
                .filter(item ->
                        item.problem() == null && item.verdict(judge).fate().billed())
                .toList();
    }

    /// Whether a model answered it, for a processed request.
    boolean answered(Item item, Judge judge) {
        return course.end() != End.ALL_FAILED
                && item.problem() == null
                && item.verdict(judge).fate().billed();
    }

    /// The code with which it fails validation; empty for none.
    public String failure() {
        if (!problems.isEmpty()) {
            return problems.getFirst().code();
        }
        return course.end() == End.FAILED ? course.code() : "";
    }

    /// Whether a lie about this batch is told at this time.
    boolean tells(Lie lie, Instant at) {
        for (Told told : course.lies()) {
            if (told.lie() == lie) {
                Instant since = lie.sinceEnd() ? endsAt() : createdAt;
                if (!at.isBefore(since) && told.at(since, at)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Requests its cancellation; false if it has ended or is already being cancelled.
    boolean cancel(Instant at) {
        if (stage(at).ended() || cancelledAt != null) {
            return false;
        }
        cancelledAt = at;
        return true;
    }

    void delete(Instant at) {
        deletedAt = at;
    }

    boolean deleted() {
        return deletedAt != null;
    }

    /// The provider keeps it, and its results, no longer.
    public void expunge(Instant at) {
        expungedAt = at;
    }

    /// Whether the provider has lost it, including its results.
    public boolean forgotten(Instant at) {
        Duration after = course.forgotten();
        return (expungedAt != null && !at.isBefore(expungedAt))
                || (after != null && !at.isBefore(createdAt.plus(after)));
    }

    /// What is unusual about it, one word each.
    public List<String> oddities() {
        List<String> oddities = new ArrayList<>();
        if (course.end() != End.COMPLETED) {
            oddities.add(course.end().name().toLowerCase(Locale.ROOT));
        }
        course.lies().forEach(told -> oddities.add(told.lie().name().toLowerCase(Locale.ROOT)));
        course.spoiled().forEach(it -> oddities.add("lines " + it.how().name().toLowerCase(Locale.ROOT)));
        if (course.forgotten() != null) {
            oddities.add("forgotten");
        }
        return oddities;
    }

    /// Whether its results lack lines for good.
    public boolean lacksLines() {
        return course.spoiled().stream().anyMatch(spoiled -> spoiled.how() == Fault.Spoil.MISSING);
    }

    @Override
    public String toString() {
        return id + " of " + createdAt + ", " + items.size() + " requests";
    }
}
