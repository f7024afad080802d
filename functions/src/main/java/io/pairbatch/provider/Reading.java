package io.pairbatch.provider;

import org.jspecify.annotations.Nullable;

/// One line of a provider's file: read, or not.
public sealed interface Reading {

    /// The line says what the contract asks of a line.
    record Understood(Answer answer) implements Reading {}

    /// The line goes to `unmatched_lines.csv`; the pair that it may have meant fails as missing.
    ///
    /// @param reason one short sentence without any of the line's text
    /// @param customId the id on the wire if it was read before the trouble
    record Unreadable(String reason, @Nullable String customId) implements Reading {}
}
