package io.pairbatch.cli.job;

import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.Pair;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.split.RowPrint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;

/// A comparison as a result file shows it.
///
/// @param text1 "" in files that hold no texts; without the apostrophe of `formula_guard`
/// @param text2 likewise
record ComparedRow(String id1, String text1, String id2, String text2) {

    private static final List<String> IDS = List.of("ID1", "ID2");

    /// Shows each row of a result file. Holds one. A file that is not there has none.
    static void each(Path file, boolean withTexts, Consumer<ComparedRow> each) throws IOException {
        if (!Files.isRegularFile(file)) {
            return;
        }
        if (!withTexts) {
            try (InputStream in = Files.newInputStream(file)) {
                RecordCounter.csvRows(
                        in,
                        IDS,
                        row -> each.accept(new ComparedRow(
                                unguarded(String.valueOf(row[0])), "", unguarded(String.valueOf(row[1])), "")));
            }
            return;
        }
        try (PairReader reader = PairReader.open(OfflineSplit.input(file))) {
            for (InputRow row = reader.read(); row != null; row = reader.read()) {
                if (row instanceof InputRow.Accepted accepted) {
                    each.accept(of(accepted.pair(), true));
                }
            }
        }
    }

    /// Whether a result file holds texts: with `include_texts` false it does not.
    static boolean hasTexts(Path file) throws IOException {
        try {
            PairReader.open(OfflineSplit.input(file)).close();
            return true;
        } catch (JobRejectedException e) {
            return false;
        }
    }

    /// A row of a file that holds texts.
    ///
    /// @param withTexts whether they are looked at
    static ComparedRow of(Pair pair, boolean withTexts) {
        return new ComparedRow(
                unguarded(pair.id1()),
                withTexts ? unguarded(pair.text1()) : "",
                unguarded(pair.id2()),
                withTexts ? unguarded(pair.text2()) : "");
    }

    private static String unguarded(String text) {
        return text.startsWith("'") ? text.substring(1) : text;
    }

    /// What the comparison is known by.
    RowPrint print() {
        return RowPrint.of(new Pair(1, id1, id2, text1, text2, new LinkedHashMap<>()));
    }
}
