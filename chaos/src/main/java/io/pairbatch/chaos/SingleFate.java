package io.pairbatch.chaos;

import java.util.Map;

/// Chosen effects meet a fate, all others none.
record SingleFate(Map<Long, Fate.Kind> chosen) implements Fates {

    @Override
    public Fate of(long number, Effect effect) {
        Fate.Kind kind = chosen.get(number);
        return kind == null ? Fate.PLAIN : new Fate(kind);
    }
}
