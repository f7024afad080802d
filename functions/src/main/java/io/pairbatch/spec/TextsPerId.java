package io.pairbatch.spec;

/// How many texts an ID of a table may have (`texts_per_id`).
public enum TextsPerId {
    /// One: a table in which an ID has two is refused.
    ONE,
    /// Any number: it is told.
    ANY,
    /// As in jobs of versions that did not look: it is told.
    UNSAID;

    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
