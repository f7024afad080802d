package io.pairbatch.chaos;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Random fates.
final class WeatherFates implements Fates {

    /// How many times more often something happens to a create: creates cost money.
    private static final int CREATES = 4;

    private final double chance;
    private final Weather.@Nullable Doubt doubt;
    private final RandomGenerator random;
    private int creates;

    WeatherFates(Weather weather, RandomGenerator random) {
        this.chance = weather.effects();
        this.doubt = weather.doubt();
        this.random = random;
    }

    @Override
    public Fate of(long number, Effect effect) {
        if (effect.isCreate() && doubt != null && ++creates == doubt.create() && doubt.outlived()) {
            return new Fate(Fate.Kind.OUTLIVED, doubt.span());
        }
        if (random.nextDouble() >= (effect.isCreate() ? CREATES * chance : chance)) {
            return Fate.PLAIN;
        }
        return switch (random.nextInt(8)) {
            case 0 -> new Fate(Fate.Kind.DIE_BEFORE);
            case 1, 2 -> new Fate(Fate.Kind.DIE_AFTER);
            case 3 -> new Fate(effect.isRead() ? Fate.Kind.CUT : Fate.Kind.ANSWER_LOST);
            // Only below the SDK; nothing repeats a request to a provider.
            case 4 -> new Fate(effect.isProvider() ? Fate.Kind.ANSWER_LOST : Fate.Kind.REPEATED);
            case 5 -> new Fate(Fate.Kind.OUTAGE);
            // What was checked before a request to a provider may no longer hold when it is sent.
            case 6 ->
                effect.isProvider()
                        ? new Fate(Fate.Kind.OUTLIVED, Duration.ofSeconds(30 + random.nextInt(480)))
                        : new Fate(Fate.Kind.SLOW, slow());
            default -> new Fate(Fate.Kind.SLOW, slow());
        };
    }

    /// Mostly short; sometimes longer than any function may run.
    private Duration slow() {
        return Duration.ofMillis((long) (200 * Math.pow(2, random.nextDouble() * 13)));
    }
}
