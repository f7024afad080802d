package io.pairbatch.registry;

/// Found where a file is written: the job is another execution's by now, or has ended. The caller ends quietly, as with
/// [FencedException].
public final class TakenOverException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TakenOverException(String message) {
        super(message);
    }
}
