package io.pairbatch.cli.pilot;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.Pair;
import io.pairbatch.pairs.PairRows;
import io.pairbatch.pairs.Position;
import io.pairbatch.split.PairSource;
import io.pairbatch.store.Csv;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The table of pairs in two: those of which a request was sent, and the others. New files, CSV or, where they are
/// called so, JSONL. A row that no job accepts is in neither.
///
/// @param test null for no such file
/// @param remaining likewise
public record PilotTables(@Nullable Path test, @Nullable Path remaining) {

    private static final String JSONL = ".jsonl";

    /// Checks that they can be written, before anything is sent.
    ///
    /// @throws CliException when one is there already
    public void check() {
        for (Path file : files()) {
            if (Files.exists(file)) {
                throw CliException.usage(file + " is there already.", "Name a new file; what is there is kept.");
            }
        }
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        if (test != null) {
            files.add(test);
        }
        if (remaining != null) {
            files.add(remaining);
        }
        return files;
    }

    /// Writes them, pair by pair.
    ///
    /// @param sent the numbers of the pairs that were sent
    public void write(PairSource pairs, Set<Long> sent) throws IOException {
        if (files().isEmpty()) {
            return;
        }
        try (Table first = Table.open(test);
                Table others = Table.open(remaining);
                PairRows rows = pairs.open(Position.START)) {
            for (InputRow row = rows.read(); row != null; row = rows.read()) {
                if (row instanceof InputRow.Accepted accepted) {
                    (sent.contains(row.row()) ? first : others)
                            .write(accepted.pair().asRow());
                }
            }
        }
    }

    /// One of them; without a file it takes pairs and writes nothing.
    private static final class Table implements AutoCloseable {

        private final @Nullable Writer file;
        private final boolean json;
        private @Nullable List<String> header;

        private Table(@Nullable Writer file, boolean json) {
            this.file = file;
            this.json = json;
        }

        static Table open(@Nullable Path path) throws IOException {
            return path == null
                    ? new Table(null, false)
                    : new Table(
                            Files.newBufferedWriter(path, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW),
                            path.toString().endsWith(JSONL));
        }

        /// In CSV the first pair names the columns; of JSONL whose rows differ, those that it has not are left out.
        void write(Pair pair) throws IOException {
            if (file == null) {
                return;
            }
            if (json) {
                ObjectNode object = Json.MAPPER.createObjectNode();
                pair.columns().forEach(object::put);
                file.write(object + "\n");
                return;
            }
            StringBuilder line = new StringBuilder();
            if (header == null) {
                header = List.copyOf(pair.columns().sequencedKeySet());
                Csv.line(line, header);
            }
            List<@Nullable String> fields = new ArrayList<>();
            header.forEach(name -> fields.add(pair.columns().get(name)));
            Csv.line(line, fields);
            file.write(line.toString());
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }
}
