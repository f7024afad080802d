package io.pairbatch.chaos;

/// Unwinds an actor that was killed. Whatever it still does on its way out has no effect.
final class Killed extends Error {

    private static final long serialVersionUID = 1L;

    Killed() {
        super("killed", null, false, false);
    }
}
