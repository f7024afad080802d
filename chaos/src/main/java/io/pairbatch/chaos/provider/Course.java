package io.pairbatch.chaos.provider;

import io.pairbatch.chaos.provider.Fault.Spoiled;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The future of a batch: drawn when it is created.
///
/// @param validating duration of the validation
/// @param running how long its requests take
/// @param finalizing how long its results are written
/// @param cancelling how long a cancellation takes
/// @param end its result
/// @param done the share of the requests that are processed at the end, from 0 to 1; all of them if it completes
/// @param code why it fails, as the provider's code; empty for the provider's usual one
/// @param message the provider's message; empty for the usual one
/// @param lies false data about it
/// @param spoiled what is permanently wrong with its results
/// @param forgotten how long after its creation the provider loses it for good, with its results; null for never
public record Course(
        Duration validating,
        Duration running,
        Duration finalizing,
        Duration cancelling,
        End end,
        double done,
        String code,
        String message,
        List<Told> lies,
        List<Spoiled> spoiled,
        @Nullable Duration forgotten) {

    /// How a batch ends.
    public enum End {
        COMPLETED,
        /// In validation; none of it runs. Anthropic: every request ends in an error.
        FAILED,
        EXPIRED,
        /// By the provider.
        CANCELLED,
        /// It completes, and each of its requests has failed.
        ALL_FAILED
    }

    /// A lie about this batch.
    ///
    /// @param after when it starts, after the batch's creation or its end ([Lie])
    /// @param span how long it is told
    public record Told(Lie lie, Duration after, Duration span) {

        boolean at(Instant since, Instant at) {
            Instant from = since.plus(after);
            return !at.isBefore(from) && at.isBefore(from.plus(span));
        }
    }

    /// A batch that completes.
    public static Course completing(Duration validating, Duration running, Duration finalizing) {
        return new Course(
                validating,
                running,
                finalizing,
                Duration.ofMinutes(1),
                End.COMPLETED,
                1,
                "",
                "",
                List.of(),
                List.of(),
                null);
    }

    /// The same batch with another end.
    public Course ending(End other, double part) {
        return new Course(
                validating, running, finalizing, cancelling, other, part, code, message, lies, spoiled, forgotten);
    }

    /// A batch that fails validation.
    ///
    /// @param why the provider's code, such as `token_limit_exceeded`
    public Course failing(String why, String sentence) {
        return new Course(
                validating, running, finalizing, cancelling, End.FAILED, 0, why, sentence, lies, spoiled, forgotten);
    }

    /// The same batch with one more lie about it.
    public Course lying(Lie lie, Duration after, Duration span) {
        List<Told> more = Stream.concat(lies.stream(), Stream.of(new Told(lie, after, span)))
                .toList();
        return new Course(
                validating, running, finalizing, cancelling, end, done, code, message, more, spoiled, forgotten);
    }

    /// The same batch with damaged results.
    public Course spoiling(Spoiled spoil) {
        List<Spoiled> more = Stream.concat(spoiled.stream(), Stream.of(spoil)).toList();
        return new Course(validating, running, finalizing, cancelling, end, done, code, message, lies, more, forgotten);
    }

    /// The same batch, which takes this long to cancel.
    public Course stopping(Duration time) {
        return new Course(validating, running, finalizing, time, end, done, code, message, lies, spoiled, forgotten);
    }

    /// The same batch, which the provider loses that long after its creation: it is billed, and never seen again.
    public Course forgetting(Duration after) {
        return new Course(validating, running, finalizing, cancelling, end, done, code, message, lies, spoiled, after);
    }
}
