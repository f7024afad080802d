package io.pairbatch.results;

/// How the tag modes read one answer, whatever the job's own mode is.
///
/// @param both whether the job's mode finds a winner, and the tags of both texts are there, in any spelling
/// @param lastFromExact whether `last` and `exact` find different winners
/// @param tolerantFromExact whether `tolerant` and `exact` do
/// @param tolerantFromLast whether `tolerant` and `last` do
/// @param onlyTolerant whether only `tolerant` finds one
/// @param tie whether the job's mode finds that neither text is better
public record TagReading(
        boolean both,
        boolean lastFromExact,
        boolean tolerantFromExact,
        boolean tolerantFromLast,
        boolean onlyTolerant,
        boolean tie) {

    static final TagReading NOTHING = new TagReading(false, false, false, false, false, false);
}
