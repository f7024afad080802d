package io.pairbatch.spec;

import java.util.Locale;

/// What becomes of a batch that has run past its provider's window.
public enum OverdueRule {
    /// It is waited for.
    WAIT,
    /// The provider is asked to stop it; what it has done by then is collected, and its other pairs may be sent again.
    CANCEL;

    /// As written in a job file.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
