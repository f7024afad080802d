package io.pairbatch.results;

/// What a user should know of how the tags of a job's answers were read (contract 3.3): how many answers, and which.
/// The second to the fifth do not depend on the job's own mode.
///
/// @param both answers that hold the tags of both texts, in any spelling
/// @param lastFromExact answers in which `last` and `exact` find different winners
/// @param tolerantFromExact the same of `tolerant` and `exact`
/// @param tolerantFromLast the same of `tolerant` and `last`
/// @param onlyTolerant answers in which only `tolerant` finds a winner
/// @param ties answers that say, by the job's own mode, that neither text is better
public record TagCounts(
        Rows both, Rows lastFromExact, Rows tolerantFromExact, Rows tolerantFromLast, Rows onlyTolerant, Rows ties) {

    public static final TagCounts NONE =
            new TagCounts(Rows.NONE, Rows.NONE, Rows.NONE, Rows.NONE, Rows.NONE, Rows.NONE);

    /// The sum of both.
    public TagCounts plus(TagCounts more) {
        return new TagCounts(
                both.plus(more.both),
                lastFromExact.plus(more.lastFromExact),
                tolerantFromExact.plus(more.tolerantFromExact),
                tolerantFromLast.plus(more.tolerantFromLast),
                onlyTolerant.plus(more.onlyTolerant),
                ties.plus(more.ties));
    }

    /// These and another answer.
    public TagCounts with(long row, TagReading reading) {
        return new TagCounts(
                both.with(row, reading.both()),
                lastFromExact.with(row, reading.lastFromExact()),
                tolerantFromExact.with(row, reading.tolerantFromExact()),
                tolerantFromLast.with(row, reading.tolerantFromLast()),
                onlyTolerant.with(row, reading.onlyTolerant()),
                ties.with(row, reading.tie()));
    }
}
