package io.pairbatch.cli.smoke;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Tables of short pairs, some with a long column that is carried into the results. The same call writes the same
/// bytes. Holds one cell.
final class Tables {

    private Tables() {}

    /// The fields of a job that judges such a table.
    static Map<String, String> fields(int batchSize) {
        return Map.of("trait_name", "overall_quality", "batch_size", Integer.toString(batchSize));
    }

    /// Writes a table.
    ///
    /// @param name of the case, which is in the texts, so that no two cases judge the same pairs
    /// @param note characters of the carried column; 0 for no such column
    static Path write(Bench bench, String name, int rows, int note) throws IOException {
        Path table = Files.createDirectories(bench.folder().resolve(name)).resolve("pairs.csv");
        try (BufferedWriter out = Files.newBufferedWriter(table)) {
            out.write("ID1,text1,ID2,text2" + (note == 0 ? "" : ",note") + "\n");
            for (int row = 1; row <= rows; row++) {
                out.write("A" + row + ",Text one of pair " + row + " (" + name + ") says what it means.,B" + row
                        + ",Text two of pair " + row + " (" + name + ") it dont say nothing clear.");
                if (note > 0) {
                    out.write("," + Integer.toString(row % 10).repeat(note));
                }
                out.write("\n");
            }
        }
        return table;
    }
}
