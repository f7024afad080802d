package io.pairbatch.analysis.counts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Everything that a ranking needs of the judgements, whatever their number: items and judges by number, in the
/// order in which they were first seen, and the counts of each judge.
public final class Judgements {

    private final List<String> items = new ArrayList<>();
    private final Map<String, Integer> itemNumbers = new HashMap<>();
    private final List<String> judges = new ArrayList<>();
    private final Map<String, Integer> judgeNumbers = new HashMap<>();
    private final List<Cells> cells = new ArrayList<>();
    private long rows;
    private long used;
    private long withoutWinner;
    private long withItself;
    private long ties;
    private boolean fractional;

    /// Adds one judgement.
    ///
    /// @param winner 1 or 2; 0 for a tie
    /// @param share what of it the first item gets, from 0 to 1: the preference, or 1, 0 or a half
    public void add(String judge, String first, String second, int winner, double share) {
        int one = item(first);
        int other = item(second);
        rows++;
        if (one == other) {
            withItself++;
            return;
        }
        used++;
        ties += winner == 0 ? 1 : 0;
        fractional |= share != (winner == 0 ? 0.5 : 2 - winner);
        cells.get(judge(judge)).add(one, other, winner, share);
    }

    /// A row that names no winner: its items are known, but nothing is said of them.
    public void addWithoutWinner(String first, String second) {
        item(first);
        item(second);
        rows++;
        withoutWinner++;
    }

    private int item(String id) {
        Integer known = itemNumbers.get(id);
        if (known == null) {
            known = items.size();
            itemNumbers.put(id, known);
            items.add(id);
        }
        return known;
    }

    private int judge(String name) {
        Integer known = judgeNumbers.get(name);
        if (known == null) {
            known = judges.size();
            judgeNumbers.put(name, known);
            judges.add(name);
            cells.add(new Cells());
        }
        return known;
    }

    /// The IDs, by number.
    public List<String> items() {
        return List.copyOf(items);
    }

    /// The judges' names, by number.
    public List<String> judges() {
        return List.copyOf(judges);
    }

    /// What a judge said.
    public Cells of(int judge) {
        return cells.get(judge);
    }

    /// Rows that were read.
    public long rows() {
        return rows;
    }

    /// Rows that say which of two items is better, or that neither is.
    public long used() {
        return used;
    }

    public long withoutWinner() {
        return withoutWinner;
    }

    /// Rows of an item and itself, which say nothing.
    public long withItself() {
        return withItself;
    }

    public long ties() {
        return ties;
    }

    /// Whether some judgements are preferences between 0 and 1 rather than wins.
    public boolean fractional() {
        return fractional;
    }
}
