package io.pairbatch.problem;

/// One problem: where it is (file, row or field), what was found, and what was expected.
///
/// @param where a place that the user knows, such as ``job.json, field `batch_size` `` or `pairs.csv, row 17`
/// @param found the current value; never a participant's text
/// @param expected what would have been accepted
public record Problem(ErrorCode code, String where, String found, String expected) {

    /// The same problem at a place that is told in other words.
    public Problem at(String place) {
        return new Problem(code, place, found, expected);
    }

    /// One line: `CODE: where: found …; expected …`.
    public String message() {
        return code + ": " + where + ": found " + found + "; expected " + expected;
    }
}
