package io.pairbatch.chaos;

import java.util.Map;

/// Chosen effects have a fate, all others succeed.
record SingleFate(Map<Long, Fate.Kind> chosen) implements Fates {

    @Override
    public Fate of(long number, Effect effect) {
        Fate.Kind kind = chosen.get(number);
        if (kind == null) {
            return Fate.PLAIN;
        }
        // For an object that is read, the end of its body is lost.
        return new Fate(kind == Fate.Kind.ANSWER_LOST && effect.isRead() ? Fate.Kind.CUT : kind);
    }
}
