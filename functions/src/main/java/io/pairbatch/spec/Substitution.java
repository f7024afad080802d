package io.pairbatch.spec;

import java.util.Locale;

/// How a template's placeholders are filled (contract 3.1).
public enum Substitution {
    /// One pass over the template: a placeholder inside a text stays as it is.
    SINGLE,
    /// Four passes over the whole text, one per placeholder: text inserted by one pass is read again by the next one.
    CHAINED;

    /// As written in a job file.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
