package io.pairbatch.cli.stack;

/// One line of what a check found.
///
/// @param remedy what to do about a problem; empty otherwise
public record Finding(Level level, String what, String remedy) {

    /// How bad it is.
    public enum Level {
        OK,
        NOTE,
        PROBLEM
    }

    public static Finding ok(String what) {
        return new Finding(Level.OK, what, "");
    }

    /// Something to know that is not a problem.
    public static Finding note(String what, String remedy) {
        return new Finding(Level.NOTE, what, remedy);
    }

    public static Finding problem(String what, String remedy) {
        return new Finding(Level.PROBLEM, what, remedy);
    }

    /// OK or a problem.
    public static Finding of(boolean fine, String what, String remedy) {
        return fine ? ok(what) : problem(what, remedy);
    }
}
