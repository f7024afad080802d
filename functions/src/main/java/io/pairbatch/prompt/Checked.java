package io.pairbatch.prompt;

/// The result of checking something that a user wrote.
public sealed interface Checked<T> {

    /// It is valid.
    record Valid<T>(T value) implements Checked<T> {}

    /// It is invalid.
    ///
    /// @param found what it is, without its text
    /// @param expected what would have been accepted
    record Invalid<T>(String found, String expected) implements Checked<T> {}
}
