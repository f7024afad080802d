package io.pairbatch.prompt;

/// What came of checking something that a user wrote.
public sealed interface Checked<T> {

    /// It is as it must be.
    record Valid<T>(T value) implements Checked<T> {}

    /// It is not.
    ///
    /// @param found what stands there, without its text
    /// @param expected what would have been accepted
    record Invalid<T>(String found, String expected) implements Checked<T> {}
}
