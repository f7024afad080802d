package io.pairbatch.analysis.model;

/// Why the judgements alone do not give an item a finite ability.
public enum Flag {
    /// It won nothing: its ability has no lower bound.
    NEVER_WON("never won"),
    /// It lost nothing: its ability has no upper bound.
    NEVER_LOST("never lost"),
    /// It belongs to a group that won, or lost, everything against the others.
    ONE_SIDED("one-sided"),
    /// No chain of judgements leads to most of the others.
    NOT_CONNECTED("not connected");

    private final String words;

    Flag(String words) {
        this.words = words;
    }

    /// As files and messages say it.
    public String words() {
        return words;
    }
}
