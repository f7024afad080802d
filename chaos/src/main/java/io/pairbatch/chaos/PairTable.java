package io.pairbatch.chaos;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A table of pairs whose IDs and texts identify their row.
///
/// @param rows by number, from 1
/// @param batchSize pairs per segment
record PairTable(List<Row> rows, int batchSize) {

    /// @param text2 null if it is missing, so that the row is rejected
    record Row(
            int number,
            String text1,
            @org.jspecify.annotations.Nullable String text2) {

        String id1() {
            return "A" + number;
        }

        String id2() {
            return "B" + number;
        }

        boolean accepted() {
            return text2 != null;
        }
    }

    /// A table that is split into this many segments.
    static PairTable drawn(long seed, int segments) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x7461626c65L);
        int batchSize = 1 + random.nextInt(4);
        int accepted = (segments - 1) * batchSize + 1 + random.nextInt(batchSize);
        List<Row> rows = new ArrayList<>();
        while (accepted > 0) {
            int number = rows.size() + 1;
            boolean missing = random.nextInt(12) == 0;
            // The rows have different lengths, quotes and line breaks, so that byte offsets do not follow from row
            // numbers.
            String filler = "so. ".repeat(random.nextInt(30)) + (random.nextInt(5) == 0 ? "\"Quoted\",\nand on." : "");
            rows.add(new Row(
                    number,
                    "First text of row " + number + ": " + filler,
                    missing ? null : "Second of " + number + "."));
            accepted -= missing ? 0 : 1;
        }
        return new PairTable(rows, batchSize);
    }

    List<Row> accepted() {
        return rows.stream().filter(Row::accepted).toList();
    }

    byte[] csv() {
        StringBuilder csv = new StringBuilder("ID1,text1,ID2,text2\n");
        for (Row row : rows) {
            csv.append(row.id1())
                    .append(',')
                    .append(quoted(row.text1()))
                    .append(',')
                    .append(row.id2())
                    .append(',');
            csv.append(row.text2() == null ? "NA" : quoted(row.text2())).append('\n');
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The same rows in other bytes.
    byte[] otherCsv() {
        return (new String(csv(), StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
