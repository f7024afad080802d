package io.pairbatch.simulator.judge;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Finds known texts and their positions in a prompt. Uses one rolling hash over the first [#WINDOW] characters of
/// long texts and one per length of shorter texts. The time grows with the prompt, hardly with the texts.
final class TextIndex {

    private static final int WINDOW = 24;
    private static final long BASE = 0x9e3779b97f4a7c15L;

    /// A known text at a position in a prompt.
    record Hit(int start, String text, boolean wholeLines) {

        int end() {
            return start + text.length();
        }
    }

    /// The texts whose first `window` characters are hashed.
    private static final class Heads {

        private final Map<Long, List<String>> texts = new HashMap<>();
        private final BitSet seen = new BitSet(1 << 22);

        void add(long hash, String text) {
            texts.computeIfAbsent(hash, h -> new ArrayList<>(1)).add(text);
            seen.set(slot(hash));
        }

        List<String> at(long hash) {
            return seen.get(slot(hash)) ? texts.getOrDefault(hash, List.of()) : List.of();
        }

        private static int slot(long hash) {
            return (int) ((hash * BASE) >>> 42);
        }
    }

    private final Map<Integer, Heads> byWindow = new TreeMap<>();

    /// Adds a text. Leading and trailing whitespace is ignored; blank texts are never found.
    void add(String text) {
        String known = text.strip();
        int window = Math.min(WINDOW, known.length());
        if (window > 0) {
            byWindow.computeIfAbsent(window, w -> new Heads()).add(hash(known, window), known);
        }
    }

    /// The two hits that are most likely the two samples, in the order of the prompt; fewer if fewer were found. Hits
    /// do not overlap: the longer text wins. A text on its own lines wins over one within a line.
    List<Hit> twoIn(String prompt) {
        return disjoint(all(prompt)).stream()
                .sorted(Comparator.comparing(Hit::wholeLines)
                        .thenComparingInt(hit -> hit.text().length())
                        .reversed())
                .limit(2)
                .sorted(Comparator.comparingInt(Hit::start))
                .toList();
    }

    private List<Hit> all(String prompt) {
        List<Hit> hits = new ArrayList<>();
        byWindow.forEach((window, heads) -> {
            if (prompt.length() < window) {
                return;
            }
            long top = 1;
            for (int i = 1; i < window; i++) {
                top *= BASE;
            }
            long hash = hash(prompt, window);
            for (int start = 0; ; start++) {
                for (String text : heads.at(hash)) {
                    if (prompt.startsWith(text, start) && (window == WINDOW || isWord(prompt, start, text))) {
                        hits.add(new Hit(start, text, wholeLines(prompt, start, start + text.length())));
                    }
                }
                if (start + window >= prompt.length()) {
                    return;
                }
                hash = (hash - prompt.charAt(start) * top) * BASE + prompt.charAt(start + window);
            }
        });
        return hits;
    }

    private static List<Hit> disjoint(List<Hit> hits) {
        List<Hit> sorted = hits.stream()
                .sorted(Comparator.comparingInt(Hit::start)
                        .thenComparingInt(hit -> -hit.text().length()))
                .toList();
        List<Hit> kept = new ArrayList<>();
        int end = 0;
        for (Hit hit : sorted) {
            if (hit.start() >= end) {
                kept.add(hit);
                end = hit.end();
            }
        }
        return kept;
    }

    private static long hash(String text, int window) {
        long hash = 0;
        for (int i = 0; i < window; i++) {
            hash = hash * BASE + text.charAt(i);
        }
        return hash;
    }

    /// A short text inside a word is a coincidence, not a sample.
    private static boolean isWord(String prompt, int start, String text) {
        int end = start + text.length();
        boolean cutsFront = start > 0
                && Character.isLetterOrDigit(text.charAt(0))
                && Character.isLetterOrDigit(prompt.charAt(start - 1));
        boolean cutsBack = end < prompt.length()
                && Character.isLetterOrDigit(text.charAt(text.length() - 1))
                && Character.isLetterOrDigit(prompt.charAt(end));
        return !cutsFront && !cutsBack;
    }

    private static boolean wholeLines(String prompt, int start, int end) {
        return (start == 0 || prompt.charAt(start - 1) == '\n')
                && (end == prompt.length() || prompt.charAt(end) == '\n' || prompt.charAt(end) == '\r');
    }
}
