package io.pairbatch.chaos.provider;

import java.time.Duration;

/// Random numbers that depend only on what was mixed in.
///
/// @param state the complete state
public record Dice(long state) {

    private static final String HEX = "0123456789abcdef";
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// These dice with a text mixed in.
    public Dice with(CharSequence text) {
        long hash = state ^ 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return new Dice(mix(hash + text.length()));
    }

    /// These dice with a number mixed in.
    public Dice with(long number) {
        return new Dice(mix(state * 31 + number));
    }

    /// A number derived from bytes, the same for the same bytes.
    static long digest(byte[] bytes, int from, int to) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < to; i++) {
            hash = (hash ^ bytes[i]) * 0x100000001b3L;
        }
        return mix(hash + to - from);
    }

    /// Uniform in [0, 1).
    public double unit() {
        return (mix(state) >>> 11) * 0x1.0p-53;
    }

    /// Uniform in [0, bound).
    public int below(int bound) {
        return (int) (unit() * bound);
    }

    /// Uniform between two durations.
    public Duration between(Duration least, Duration most) {
        return least.plusMillis((long) (most.minus(least).toMillis() * unit()));
    }

    String hex(int digits) {
        return text(digits, HEX, 16);
    }

    String letters(int count) {
        return text(count, LETTERS, LETTERS.length());
    }

    private String text(int length, String alphabet, int size) {
        StringBuilder text = new StringBuilder(length);
        long next = state;
        for (int i = 0; i < length; i++) {
            next = mix(next);
            text.append(alphabet.charAt((int) Long.remainderUnsigned(next, size)));
        }
        return text.toString();
    }

    private static long mix(long x) {
        long z = x + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
