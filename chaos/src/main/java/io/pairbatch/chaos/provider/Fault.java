package io.pairbatch.chaos.provider;

import java.time.Duration;

/// What goes wrong with one request.
public sealed interface Fault {

    Fault NONE = new None();

    /// Nothing.
    record None() implements Fault {}

    /// How far a request comes before its connection breaks.
    enum Progress {
        /// Nothing of its body was read.
        UNSENT,
        HALF_SENT,
        /// All of it was sent, nothing was done.
        SENT,
        /// It was done, and the answer is lost.
        DONE
    }

    /// The provider refuses and does nothing.
    ///
    /// @param retryAfter how long it asks to wait; zero when it says nothing of that
    record Refuse(Trouble trouble, Duration retryAfter) implements Fault {
        public Refuse(Trouble trouble) {
            this(trouble, Duration.ZERO);
        }
    }

    /// Something before the provider answers with a page of its own, and nothing is done.
    record Gateway(int status) implements Fault {}

    /// It is done, and then answered with this.
    ///
    /// @param answer a [Refuse] or a [Gateway]
    record Instead(Fault answer) implements Fault {}

    /// The connection breaks, at once or when the request's timeout is over.
    record Broken(Progress progress, boolean hangs) implements Fault {}

    /// It reaches the provider only after a while. Beyond the request's timeout the client is gone by then; the
    /// provider does it all the same.
    record Slow(Duration delay) implements Fault {}

    /// The answer's body ends early, with a broken connection or with silence.
    ///
    /// @param fraction of the body that comes, from 0 to 1
    record Cut(double fraction, boolean stalls) implements Fault {}

    /// The lines of a download are not what they should be, this time.
    record Spoiled(Spoil how, int lines) implements Fault {}

    /// The file that an upload makes cannot be used for a while.
    ///
    /// @param atValidation whether a batch of it can be created all the same, and then fails
    record Unready(Duration delay, boolean atValidation) implements Fault {}

    /// What may be wrong with a file of results.
    enum Spoil {
        /// All lines stand in it twice, whatever the number.
        DOUBLED,
        MISSING,
        MALFORMED,
        /// Lines of somebody else's requests.
        FOREIGN
    }
}
