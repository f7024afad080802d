package io.pairbatch.cli.samples;

import io.pairbatch.pairing.ComparisonGraph;
import io.pairbatch.pairing.PairCursor;
import io.pairbatch.samples.Samples;
import io.pairbatch.store.Csv;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// The table of pairs, which is there as a whole or not at all.
public final class PairTable {

    private static final int BUFFER = 1 << 16;

    private PairTable() {}

    /// Writes it, gzipped if the name says so.
    ///
    /// @param to a file that is not there
    /// @return what the comparisons connect
    public static ComparisonGraph write(Samples samples, PairCursor pairs, Path to) throws IOException {
        ComparisonGraph graph = new ComparisonGraph(samples.list().size());
        Path draft = to.resolveSibling("." + to.getFileName() + ".part");
        try {
            try (OutputStream out = open(draft, to)) {
                StringBuilder line = new StringBuilder();
                write(out, line, samples.header());
                while (pairs.next()) {
                    write(out, line, samples.pair(pairs.first(), pairs.second()));
                    graph.add(pairs.first(), pairs.second());
                }
            }
            Files.move(draft, to);
        } finally {
            Files.deleteIfExists(draft);
        }
        return graph;
    }

    private static void write(OutputStream out, StringBuilder line, List<? extends @Nullable String> fields)
            throws IOException {
        line.setLength(0);
        Csv.line(line, fields);
        out.write(line.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static OutputStream open(Path draft, Path to) throws IOException {
        OutputStream file = Files.newOutputStream(draft);
        return new BufferedOutputStream(
                to.toString().toLowerCase(Locale.ROOT).endsWith(".gz") ? new GZIPOutputStream(file, BUFFER) : file,
                BUFFER);
    }
}
