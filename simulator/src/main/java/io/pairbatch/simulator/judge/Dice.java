package io.pairbatch.simulator.judge;

/// Random numbers that depend only on the seed and what was mixed in: a pair gets the same result in every run.
public record Dice(long state) {

    public Dice with(String text) {
        long hash = state ^ 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return new Dice(mix(hash + text.length()));
    }

    public Dice with(long number) {
        return new Dice(mix(state * 31 + number));
    }

    /// Uniform in [0, 1).
    public double unit() {
        return (mix(state) >>> 11) * 0x1.0p-53;
    }

    /// From the standard logistic distribution.
    double logistic() {
        double u = Math.clamp(unit(), 1e-12, 1 - 1e-12);
        return Math.log(u / (1 - u));
    }

    /// Uniform in [0, bound).
    public int below(int bound) {
        return (int) (unit() * bound);
    }

    public String hex(int digits) {
        String text = "";
        Dice next = this;
        while (text.length() < digits) {
            text += String.format("%016x", mix(next.state));
            next = next.with(text.length());
        }
        return text.substring(0, digits);
    }

    private static long mix(long x) {
        long z = x + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
