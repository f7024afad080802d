package io.pairbatch.chaos.provider;

import io.pairbatch.chaos.provider.Fault.Spoil;
import io.pairbatch.chaos.provider.Fault.Spoiled;
import java.util.ArrayList;
import java.util.List;

/// A file of results.
///
/// @param lines in the order of the file
record Lines(List<Line> lines) {

    /// One line, without its end.
    record Line(String customId, String text) {}

    /// The lines in random order, but the same each time.
    static Lines shuffled(List<Line> lines, Dice dice) {
        return new Lines(Batch.shuffled(lines, dice.with("lines")));
    }

    /// The damaged lines.
    Lines spoiled(List<Spoiled> spoils) {
        Lines all = this;
        for (Spoiled spoil : spoils) {
            all = new Lines(all.spoiled(spoil.how(), Math.min(spoil.lines(), all.lines.size())));
        }
        return all;
    }

    private List<Line> spoiled(Spoil how, int count) {
        List<Line> all = new ArrayList<>(lines);
        switch (how) {
            case DOUBLED -> all.addAll(lines);
            case MISSING -> all.subList(0, count).clear();
            case MALFORMED -> {
                for (int i = 0; i < count; i++) {
                    Line line = all.get(i);
                    all.set(i, new Line(line.customId, line.text.substring(0, line.text.length() / 2)));
                }
            }
            case FOREIGN -> {
                for (Line line : lines.subList(0, count)) {
                    String other = "task-" + line.customId;
                    all.add(0, new Line(other, line.text.replace(quoted(line.customId), quoted(other))));
                }
            }
        }
        return all;
    }

    private static String quoted(String id) {
        return "\"" + id + "\"";
    }

    /// The first half of the lines.
    Lines half() {
        return new Lines(lines.subList(0, lines.size() / 2));
    }

    /// The file's text.
    String text() {
        StringBuilder text = new StringBuilder(lines.size() * 512);
        for (Line line : lines) {
            text.append(line.text).append('\n');
        }
        return text.toString();
    }
}
