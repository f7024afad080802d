package io.pairbatch.chaos;

import java.util.Map;

/// Chosen effects meet a fate, all others none.
record SingleFate(Map<Long, Fate.Kind> chosen) implements Fates {

    @Override
    public Fate of(long number, Effect effect) {
        Fate.Kind kind = chosen.get(number);
        if (kind == null) {
            return Fate.PLAIN;
        }
        // Of an object that is read, what is lost is its end.
        return new Fate(kind == Fate.Kind.ANSWER_LOST && effect.isRead() ? Fate.Kind.CUT : kind);
    }
}
