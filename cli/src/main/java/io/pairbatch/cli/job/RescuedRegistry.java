package io.pairbatch.cli.job;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.pairbatch.backend.Backend;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.spec.AdoptedBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A `jobs_registry.csv` as the R package pairwiseLLM writes it (contract 8): which batches were made of a table. Names
/// of columns in any case, `NA` and nothing, `TRUE` and `True` are read alike; other columns are passed over.
///
/// @param provider of all batches
/// @param model of all batches
/// @param batches in the order of their segments, which are numbered from 1 without gaps
public record RescuedRegistry(Backend provider, String model, List<Batch> batches) {

    private static final long MOST_BYTES = 16 << 20;

    /// One line.
    ///
    /// @param batchId null if the segment was never sent
    /// @param inputFile the name, without its folder, of the file that was sent; null if none is named
    /// @param done whether its results were collected already
    public record Batch(
            int segment, @Nullable String batchId, @Nullable String inputFile, boolean done) {}

    private record Line(String provider, String model, Batch batch) {}

    /// Reads one.
    ///
    /// @throws CliException if it is none, or one that cannot become one job
    public static RescuedRegistry read(Path file) throws IOException {
        GivenFile.check(file, "Give the path of a jobs_registry.csv.");
        if (Files.size(file) > MOST_BYTES) {
            throw CliException.refused(
                    file + " is larger than 16 MiB.", "Give the jobs_registry.csv first, and the table with --pairs.");
        }
        List<Line> lines = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> csv =
                CsvReader.builder().detectBomHeader(true).ofNamedCsvRecord(file)) {
            for (NamedCsvRecord line : csv) {
                lines.add(line(file, line));
            }
        } catch (CsvParseException e) {
            throw CliException.refused(
                    file + " is not a readable CSV file: " + e.getMessage(),
                    "Give a jobs_registry.csv as it was written.");
        }
        if (lines.isEmpty()) {
            throw CliException.refused(
                    file + " names no batches.", "There is nothing to rescue; ./pairbatch run judges the table.");
        }
        lines.sort(Comparator.comparingInt(line -> line.batch().segment()));
        String provider = one(file, lines, "provider", Line::provider);
        String model = one(file, lines, "model", Line::model);
        List<Batch> batches = lines.stream().map(Line::batch).toList();
        check(file, batches);
        return new RescuedRegistry(backend(file, provider), model, batches);
    }

    private static Line line(Path file, NamedCsvRecord line) {
        Map<String, String> fields = new HashMap<>();
        line.getFieldsAsMap().forEach((name, value) -> fields.put(plain(name), value.strip()));
        String where = file + ", line " + line.getStartingLineNumber();
        String segment = required(where, fields, "segment_index");
        if (!segment.matches("[1-9]\\d{0,8}(\\.0)?")) {
            throw CliException.refused(
                    where + ": segment_index is `" + segment + "`, and a whole number from 1 on was expected.",
                    "Give the registry as it was written.");
        }
        String id = value(fields, "batch_id");
        if (id != null && !AdoptedBatch.isId(id)) {
            throw CliException.refused(
                    where + ": batch_id is no id of a batch: at most 200 characters without blanks were expected.",
                    "Give the registry as it was written.");
        }
        if (!fields.containsKey("batch_id")) {
            throw missing(where, "batch_id");
        }
        String done = value(fields, "done");
        String input = value(fields, "batch_input_path");
        return new Line(
                required(where, fields, "provider"),
                required(where, fields, "model"),
                new Batch(
                        Integer.parseInt(segment.replace(".0", "")),
                        id,
                        input == null
                                ? null
                                : input.substring(Math.max(input.lastIndexOf('/'), input.lastIndexOf('\\')) + 1),
                        done != null && (done.equalsIgnoreCase("true") || done.equals("1") || done.equals("T"))));
    }

    /// `Segment.Index` is a name that R makes of `segment_index` now and then.
    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replaceAll("[ .-]", "_");
    }

    private static @Nullable String value(Map<String, String> fields, String name) {
        String value = fields.get(name);
        return value == null || value.isEmpty() || value.equals("NA") ? null : value;
    }

    private static String required(String where, Map<String, String> fields, String name) {
        String value = value(fields, name);
        if (value == null) {
            throw missing(where, name);
        }
        return value;
    }

    private static CliException missing(String where, String name) {
        return CliException.refused(
                where + " has no " + name + ".",
                "The registry needs the columns segment_index, provider, model and batch_id.");
    }

    private static String one(Path file, List<Line> lines, String what, Function<Line, String> of) {
        Map<String, List<String>> segments = new TreeMap<>();
        lines.forEach(line -> segments.computeIfAbsent(of.apply(line), value -> new ArrayList<>())
                .add(String.valueOf(line.batch().segment())));
        if (segments.size() > 1) {
            throw CliException.refused(
                    file + " has more than one " + what + ": "
                            + segments.entrySet().stream()
                                    .map(it -> it.getKey() + " (segments " + String.join(", ", it.getValue()) + ")")
                                    .collect(Collectors.joining(", "))
                            + ". A job has one.",
                    "Make a registry and a table of pairs of each, with segments from 1 on, and rescue them one by one.");
        }
        return segments.keySet().iterator().next();
    }

    private static Backend backend(Path file, String provider) {
        return Arrays.stream(Backend.values())
                .filter(known -> known.code().equalsIgnoreCase(provider))
                .findFirst()
                .orElseThrow(() -> CliException.refused(
                        file + " names the provider `" + provider + "`, and " + Backend.CODES + " was expected.",
                        "Batches of other providers cannot be read."));
    }

    private static void check(Path file, List<Batch> batches) {
        for (int i = 0; i < batches.size(); i++) {
            int segment = batches.get(i).segment();
            if (segment != i + 1) {
                throw CliException.refused(
                        file + (segment == i ? " has segment " + i + " twice." : " has no segment " + (i + 1) + "."),
                        "Give one line for each segment, from 1 on; a segment that was never sent has NA as its batch_id.");
            }
        }
        TreeSet<String> ids = new TreeSet<>();
        for (Batch batch : batches) {
            if (batch.batchId() != null && !ids.add(batch.batchId())) {
                throw CliException.refused(
                        file + " has batch " + batch.batchId() + " twice, the second time as segment " + batch.segment()
                                + ".",
                        "Give the registry as it was written.");
            }
        }
        if (ids.isEmpty()) {
            throw CliException.refused(
                    file + " has no batch_id: nothing was sent.",
                    "There is nothing to rescue; ./pairbatch run judges the table.");
        }
    }
}
