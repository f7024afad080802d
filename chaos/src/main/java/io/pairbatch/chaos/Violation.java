package io.pairbatch.chaos;

/// Something happened that never may.
final class Violation extends Error {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /// What it would have meant for the user.
    enum Kind {
        /// A row, an answer or a batch is nowhere to be found.
        LOST,
        /// A row stands in the files more than once.
        DUPLICATED,
        /// Requests were paid for twice.
        DOUBLE_SUBMISSION,
        /// Another winner than the model named.
        WRONG_WINNER,
        /// A rule of the protocol was broken, though nobody was harmed this time.
        PROTOCOL,
        /// The job did not come to rest.
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
