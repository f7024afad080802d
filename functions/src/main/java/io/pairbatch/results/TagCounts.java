package io.pairbatch.results;

import java.util.List;
import java.util.stream.Stream;

/// What a user should know of how the tags of a job's answers were read (contract 3.3): how many answers, and which.
///
/// @param both answers that hold the tags of both texts
/// @param lastDiffers answers in which `exact` and `last` find different winners
/// @param onlyTolerant answers without a winner in which `tolerant` would find one
public record TagCounts(Rows both, Rows lastDiffers, Rows onlyTolerant) {

    public static final TagCounts NONE = new TagCounts(Rows.NONE, Rows.NONE, Rows.NONE);

    /// The sum of both.
    public TagCounts plus(TagCounts more) {
        return new TagCounts(
                both.plus(more.both), lastDiffers.plus(more.lastDiffers), onlyTolerant.plus(more.onlyTolerant));
    }

    /// These and another answer.
    public TagCounts with(long row, TagReading reading) {
        return new TagCounts(
                both.with(row, reading.both()),
                lastDiffers.with(row, reading.lastDiffers()),
                onlyTolerant.with(row, reading.onlyTolerant()));
    }

    /// Rows of the input.
    ///
    /// @param count how many
    /// @param first the first of them, [#SHOWN] at most
    public record Rows(long count, List<Long> first) {

        /// How many are named.
        public static final int SHOWN = 20;

        public static final Rows NONE = new Rows(0, List.of());

        public Rows {
            first = List.copyOf(first);
        }

        Rows plus(Rows more) {
            return new Rows(
                    count + more.count,
                    Stream.concat(first.stream(), more.first.stream())
                            .limit(SHOWN)
                            .toList());
        }

        Rows with(long row, boolean it) {
            return it ? plus(new Rows(1, List.of(row))) : this;
        }
    }
}
