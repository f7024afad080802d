package io.pairbatch.analysis.counts;

/// A file that cannot be read as judgements. The message names the file, the row and the column, what was found
/// there and what was expected.
public final class JudgementFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    JudgementFileException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /// What to do.
    public String remedy() {
        return remedy;
    }
}
