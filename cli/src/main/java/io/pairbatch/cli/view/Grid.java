package io.pairbatch.cli.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Rows of cells as a table, with two blanks between columns.
public final class Grid {

    private static final int GAP = 2;

    private Grid() {}

    /// One line a row; each column is as wide as its widest cell.
    ///
    /// @param rows all with the same number of cells
    /// @param numbers right-aligned columns
    public static List<String> lines(List<List<String>> rows, Set<Integer> numbers) {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(c -> rows.stream()
                        .mapToInt(row -> Cells.width(row.get(c)))
                        .max()
                        .orElse(0))
                .toArray();
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                String blanks = " ".repeat(widths[c] - Cells.width(row.get(c)));
                line.append(c == 0 ? "" : " ".repeat(GAP));
                line.append(numbers.contains(c) ? blanks + row.get(c) : row.get(c) + blanks);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /// The same, with each line cut to `width` cells.
    ///
    /// @param mark marks a cut
    public static List<String> lines(List<List<String>> rows, Set<Integer> numbers, int width, String mark) {
        return lines(rows, numbers).stream()
                .map(line -> Cells.cut(line, width, mark))
                .toList();
    }
}
