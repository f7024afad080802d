package io.pairbatch.problem;

/// A stable code of something that is wrong. Once a user has seen it, it stays as it is.
public interface Code {

    /// The code as it is shown: in files, in responses or as an exit status.
    String code();

    /// Says what is wrong.
    String cause();

    /// Says what the user can do about it.
    String remedy();
}
