package io.pairbatch.chaos;

/// Something happened that must never happen.
final class Violation extends Error {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /// What it would have meant for the user.
    enum Kind {
        /// A row, an answer or a batch cannot be found anywhere.
        LOST,
        /// A row is in the files more than once.
        DUPLICATED,
        /// Requests were paid for twice.
        DOUBLE_SUBMISSION,
        /// The winner is not the one that the model named.
        WRONG_WINNER,
        /// A rule of the protocol was violated, even though there was no harm this time.
        PROTOCOL,
        /// The job did not end.
        UNFINISHED
    }

    Violation(Kind kind, String message) {
        super(kind + ": " + message);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
