package io.pairbatch.results;

/// How the tag modes read one answer.
///
/// @param both whether the job's mode finds the tags of both texts
/// @param lastDiffers whether `exact` and `last` find different winners
/// @param onlyTolerant whether the job's mode finds none, and `tolerant` would
public record TagReading(boolean both, boolean lastDiffers, boolean onlyTolerant) {

    static final TagReading NOTHING = new TagReading(false, false, false);
}
