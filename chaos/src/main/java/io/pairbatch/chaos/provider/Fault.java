package io.pairbatch.chaos.provider;

import java.time.Duration;

/// What goes wrong with one request.
public sealed interface Fault {

    Fault NONE = new None();

    /// Nothing.
    record None() implements Fault {}

    /// How far a request gets before its connection breaks.
    enum Progress {
        /// Nothing of its body was read.
        UNSENT,
        HALF_SENT,
        /// All of it was sent, nothing was done.
        SENT,
        /// It was carried out, and the response is lost.
        DONE
    }

    /// The provider refuses and does nothing.
    ///
    /// @param retryAfter the wait that it asks for; zero for none
    record Refuse(Trouble trouble, Duration retryAfter) implements Fault {

        public Refuse(Trouble trouble) {
            this(trouble, Duration.ZERO);
        }
    }

    /// A gateway in front of the provider answers with its own page, and nothing is done.
    record Gateway(int status) implements Fault {}

    /// It is carried out, and then answered with this.
    ///
    /// @param answer a [Refuse] or a [Gateway]
    record Instead(Fault answer) implements Fault {}

    /// The connection breaks, at once or when the request times out.
    record Broken(Progress progress, boolean hangs) implements Fault {}

    /// It reaches the provider only after a while. If that is longer than the request's timeout, the client is gone by
    /// then; the provider carries it out anyway.
    record Slow(Duration delay) implements Fault {}

    /// The response body ends early, with a broken connection or with silence.
    ///
    /// @param fraction of the body that arrives, from 0 to 1
    record Cut(double fraction, boolean stalls) implements Fault {}

    /// The lines of this download are damaged.
    record Spoiled(Spoil how, int lines) implements Fault {}

    /// The file of an upload cannot be used for a while.
    ///
    /// @param atValidation whether a batch can be created from it anyway, and then fails
    record Unready(Duration delay, boolean atValidation) implements Fault {}

    /// What may be wrong with a file of results.
    enum Spoil {
        /// All lines occur twice, regardless of the number.
        DOUBLED,
        MISSING,
        MALFORMED,
        /// Lines of somebody else's requests.
        FOREIGN
    }
}
