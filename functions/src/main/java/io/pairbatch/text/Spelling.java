package io.pairbatch.text;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far a name is from the one that was perhaps meant.
public final class Spelling {

    /// A part of a name that is shorter than this may be a part of anything.
    private static final int SHORTEST_PART = 4;

    private static final int MOST_SLIPS = 3;

    private Spelling() {}

    /// The known name that `name` was most likely meant to be; of several that are as near, the first.
    public static Optional<String> nearest(String name, Iterable<String> known) {
        Nearest nearest = new Nearest(name);
        known.forEach(one -> nearest.offer(one, one));
        return nearest.found();
    }

    /// Looks for the known name that was meant, one after the other: one with at most a third of its letters wrong, and
    /// at most three; else one of which a part was given, or which is a part of what was given. Case does not count.
    public static final class Nearest {

        private final String name;
        private @Nullable String best;
        private int least;

        public Nearest(String name) {
            this.name = name.toLowerCase(Locale.ROOT);
            this.least = Integer.MAX_VALUE;
        }

        /// Offers one more known name.
        ///
        /// @param known what is suggested if it is the nearest
        /// @param spelled how it is compared
        public void offer(String known, String spelled) {
            String other = spelled.toLowerCase(Locale.ROOT);
            int slips = distance(name, other);
            int far = slips;
            if (slips > Math.min(MOST_SLIPS, Math.max(1, name.length() / 3))) {
                // Farther than any slip.
                far = isPart(name, other) || isWord(other, name) ? other.length() + name.length() : Integer.MAX_VALUE;
            }
            if (far < least) {
                least = far;
                best = known;
            }
        }

        public Optional<String> found() {
            return Optional.ofNullable(best);
        }

        /// Whether a known name begins with what was given, or has it for a word.
        private static boolean isPart(String given, String known) {
            return given.length() >= SHORTEST_PART && (known.startsWith(given) || isWord(given, known));
        }

        private static boolean isWord(String word, String name) {
            return word.length() >= SHORTEST_PART
                    && ((name.startsWith(word) && isJoint(name.charAt(word.length())))
                            || (name.endsWith(word) && isJoint(name.charAt(name.length() - word.length() - 1))));
        }

        private static boolean isJoint(char sign) {
            return sign == '_' || sign == '-' || sign == '.' || sign == ' ';
        }
    }

    /// The number of insertions, deletions, substitutions and swaps of neighbours between `a` and `b`.
    public static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] now = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            now[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                now[j] = Math.min(Math.min(now[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    now[j] = Math.min(now[j], before[j - 2] + 1);
                }
            }
            int[] free = before;
            before = last;
            last = now;
            now = free;
        }
        return last[b.length()];
    }
}
