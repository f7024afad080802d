package io.pairbatch.cli.samples;

import io.pairbatch.pairing.ComparisonGraph;
import io.pairbatch.pairing.PairCursor;
import io.pairbatch.store.Csv;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

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
                StringBuilder header = new StringBuilder();
                Csv.line(header, samples.header());
                out.write(header.toString().getBytes(StandardCharsets.UTF_8));
                while (pairs.next()) {
                    samples.spool().write(out, pairs.first(), pairs.second());
                    graph.add(pairs.first(), pairs.second());
                }
            }
            Files.move(draft, to);
        } finally {
            Files.deleteIfExists(draft);
        }
        return graph;
    }

    private static OutputStream open(Path draft, Path to) throws IOException {
        OutputStream file = Files.newOutputStream(draft);
        return new BufferedOutputStream(
                to.toString().toLowerCase(Locale.ROOT).endsWith(".gz") ? new GZIPOutputStream(file, BUFFER) : file,
                BUFFER);
    }
}
