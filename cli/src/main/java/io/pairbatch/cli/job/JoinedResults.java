package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.job.JobFiles;
import io.pairbatch.results.JoinedColumns;
import io.pairbatch.results.ResultTables;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.store.RawRows;
import io.pairbatch.text.Json;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The judgements of several jobs in one table, one job after the other. Jobs may have other columns: their rows are
/// joined by the columns' names, and what a job has not is `NA`. Each field stays byte for byte as its job has it.
public final class JoinedResults {

    private static final List<String> RULES =
            List.of("tag_mode", "ambiguous", "tag_prefix", "tag_suffix", "verdict_labels");

    /// What was joined.
    ///
    /// @param judged rows of `combined_results.csv`
    /// @param failed rows without a winner in the jobs' own files
    /// @param open those of them that no other of the jobs judged, once each: rows of `failed_pairs.csv`
    /// @param partial columns that not all of the jobs have
    /// @param texts IDs that stand for several texts, with where; null where not all files hold texts
    public record Joined(
            long judged,
            long failed,
            long open,
            List<String> partial,
            @Nullable Map<String, String> texts) {}

    private JoinedResults() {}

    /// The files of a job, on disk or in the bucket.
    ///
    /// @param name as the user knows it
    public record Part(String name, Opener files) {

        /// Those in a job's folder on disk.
        static Part of(Path folder) {
            return new Part(String.valueOf(folder.getFileName()), file -> {
                Path path = folder.resolve(file);
                return Files.isRegularFile(path) ? Optional.of(Files.newInputStream(path)) : Optional.empty();
            });
        }

        /// Those of a job in the bucket.
        public static Part of(Bucket bucket, String jobId) {
            return new Part(jobId, file -> bucket.open(ResultFiles.prefix(jobId) + file, null));
        }
    }

    /// Opens a file of a job.
    @FunctionalInterface
    public interface Opener {

        /// The file; empty if there is none.
        Optional<InputStream> open(String file) throws IOException;
    }

    /// Whether the results of these jobs can be joined. Reads their summaries and the first lines of their tables.
    ///
    /// @throws CliException if a job has no table, or if they judge in different ways or were read by other rules
    public static void check(List<Part> parts) throws IOException {
        checkJudged(parts);
        checkRules(parts);
        headers(parts);
    }

    /// Writes `combined_results.csv` into `to` from those of the jobs' folders, and `failed_pairs.csv` with what none
    /// of them judged. Holds the headers and one row.
    ///
    /// @throws CliException as [#check] does; nothing is written then
    public static Joined join(List<Path> folders, Path to) throws IOException {
        List<Part> parts = folders.stream().map(Part::of).toList();
        checkJudged(parts);
        checkRules(parts);
        JoinedColumns columns = JoinedColumns.of(headers(parts), List.of());
        JoinedColumns failedColumns = failedColumns(parts);
        Path draft = to.resolve("." + JobFiles.COMBINED + ".part");
        boolean withTexts = true;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft))) {
            out.write(columns.line().getBytes(StandardCharsets.UTF_8));
            for (Path folder : folders) {
                Path table = folder.resolve(JobFiles.COMBINED);
                withTexts &= ComparedRow.hasTexts(table);
                copy(table, columns, out);
            }
        }
        Path failedDraft = to.resolve("." + JobFiles.FAILED_PAIRS + ".part");
        JoinedFailures failures = JoinedFailures.write(folders, withTexts, failedColumns, failedDraft);
        Map<String, String> texts = withTexts ? TextVersions.of(folders) : null;
        Path joined = Files.move(draft, to.resolve(JobFiles.COMBINED), StandardCopyOption.REPLACE_EXISTING);
        // Without a file in any job it has not even a header.
        Files.move(failedDraft, to.resolve(JobFiles.FAILED_PAIRS), StandardCopyOption.REPLACE_EXISTING);
        List<String> partial = Stream.concat(columns.partial().stream(), failedColumns.partial().stream())
                .distinct()
                .toList();
        try (InputStream in = Files.newInputStream(joined)) {
            return new Joined(RecordCounter.csvRows(in), failures.failed(), failures.left(), partial, texts);
        }
    }

    /// Those of `failed_pairs.csv`, as far as the jobs have one.
    private static JoinedColumns failedColumns(List<Part> parts) throws IOException {
        List<List<String>> headers = new ArrayList<>();
        for (Part part : parts) {
            Optional<InputStream> file = part.files().open(JobFiles.FAILED_PAIRS);
            if (file.isPresent()) {
                List<String> header = header(file.get());
                if (!header.isEmpty()) {
                    headers.add(header);
                }
            }
        }
        return JoinedColumns.of(headers, ResultTables.FAILED_PAIR_TAIL);
    }

    /// Those of the judgements, which each job must have.
    private static List<List<String>> headers(List<Part> parts) throws IOException {
        List<List<String>> headers = new ArrayList<>();
        for (Part part : parts) {
            InputStream file = part.files()
                    .open(JobFiles.COMBINED)
                    .orElseThrow(() -> CliException.usage(
                            part.name() + "/" + JobFiles.COMBINED + " is not there, so the results were not joined.",
                            "Wait until each job is done; a job with `write_combined_csv` false has no such file."));
            headers.add(header(file));
        }
        return headers;
    }

    private static List<String> header(InputStream file) throws IOException {
        try (RawRows rows = new RawRows(file)) {
            return rows.next() ? rows.texts() : List.of();
        }
    }

    /// Most jobs that are joined have the same columns, and need not be read field by field.
    private static void copy(Path table, JoinedColumns columns, OutputStream out) throws IOException {
        List<String> header = header(Files.newInputStream(table));
        if (header.equals(columns.names())) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(table))) {
                skipRecord(in);
                in.transferTo(out);
            }
            return;
        }
        int[] places = columns.places(header);
        try (RawRows rows = new RawRows(Files.newInputStream(table))) {
            rows.next();
            while (rows.next()) {
                rows.write(out, places);
            }
        }
    }

    /// Two traits, models or templates make no one scale.
    private static void checkJudged(List<Part> parts) throws IOException {
        @Nullable Part first = null;
        @Nullable JsonNode judged = null;
        for (Part part : parts) {
            JsonNode theirs = judged(part);
            if (theirs == null) {
                continue;
            }
            if (first != null && judged != null && !theirs.equals(judged)) {
                JsonNode ours = judged;
                String names = Stream.concat(ours.propertyNames().stream(), theirs.propertyNames().stream())
                        .distinct()
                        .filter(name -> !ours.path(name).equals(theirs.path(name)))
                        .collect(Collectors.joining(", "));
                throw CliException.usage(
                        "The results were not joined, because " + first.name() + " and " + part.name()
                                + " judge in different ways: they differ in " + names + ".",
                        "Join only jobs that ask the same; ./pairbatch results JOB fetches each alone.");
            }
            first = part;
            judged = theirs;
        }
    }

    /// What says how a job judges, but for its run and which pairs a design made; null where its summary does not say
    /// that.
    private static @Nullable JsonNode judged(Part part) throws IOException {
        if (!(resolved(part) instanceof ObjectNode resolved)) {
            return null;
        }
        ObjectNode judged = JobSpecJson.judged(resolved).without(List.of("run", "pairing"));
        // How often each pair is judged is no other way of judging; older jobs do not say it either.
        return judged.without(List.of("both_orders", "repeats"));
    }

    private static void checkRules(List<Part> parts) throws IOException {
        @Nullable Part first = null;
        String rules = "";
        for (Part part : parts) {
            String theirs = rules(part);
            if (first != null && !theirs.isEmpty() && !theirs.equals(rules)) {
                throw CliException.usage(
                        "The results were not joined, because the answers were read by different rules: those of "
                                + first.name() + " with " + rules + ", those of " + part.name()
                                + " with " + theirs + ".",
                        "Read one of them by the rules of the other: ./pairbatch reread JOB --tag-mode MODE.");
            }
            if (!theirs.isEmpty()) {
                first = part;
                rules = theirs;
            }
        }
    }

    /// How a job's answers were read; empty where its summary does not say that.
    private static String rules(Part part) throws IOException {
        JsonNode resolved = resolved(part);
        return RULES.stream()
                .filter(resolved::hasNonNull)
                .map(name -> name + " " + resolved.path(name))
                .collect(Collectors.joining(", "));
    }

    private static JsonNode resolved(Part part) throws IOException {
        Optional<InputStream> summary = part.files().open(JobFiles.SUMMARY);
        if (summary.isEmpty()) {
            return Json.MAPPER.missingNode();
        }
        try (InputStream in = summary.get()) {
            return Json.MAPPER.readTree(in).path("resolved");
        }
    }

    /// A line break in quotes does not end it.
    private static void skipRecord(InputStream in) throws IOException {
        boolean quoted = false;
        for (int b = in.read(); b >= 0; b = in.read()) {
            quoted ^= b == '"';
            if (b == '\n' && !quoted) {
                return;
            }
        }
    }
}
