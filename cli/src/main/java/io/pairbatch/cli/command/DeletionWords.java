package io.pairbatch.cli.command;

import io.pairbatch.cli.view.Cells;
import io.pairbatch.text.Plural;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A record of a deletion in words, for those who have to answer for it: what was deleted, what the provider keeps and
/// until when, and which copies remain. It holds no text of the job.
final class DeletionWords {

    private static final String GONE_ALREADY = ", gone already";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Duration BACKUPS = Duration.ofDays(35);
    private static final Duration FUNCTION_LOGS = Duration.ofDays(30);
    private static final Duration EXECUTIONS = Duration.ofDays(90);

    private static final String COPY = "stored copy";
    private static final String COPIES = "stored copies";

    private final JsonNode record;
    private final List<String> lines = new ArrayList<>();

    private DeletionWords(JsonNode record) {
        this.record = record;
    }

    /// The lines.
    ///
    /// @param record as it is on disk
    static List<String> of(JsonNode record) {
        DeletionWords words = new DeletionWords(record);
        words.write();
        return words.lines;
    }

    private void write() {
        Instant begun = time(record.path("begun_at"));
        Instant finished = time(record.path("finished_at"));
        lines.add("Deletion of job " + record.path("job_id").asString(""));
        lines.add("");
        lines.add("Begun:      " + (begun == null ? "unknown" : TIME.format(begun)));
        lines.add("Finished:   " + (finished == null ? "not yet; run the same command again" : TIME.format(finished)));
        lines.add("Done by:    Pairbatch " + record.path("pairbatch_version").asString("of an unknown version"));
        String bucket = record.path("bucket").asString("");
        lines.add("Stored in:  " + (here() ? "the stack on this machine, " + bucket : "s3://" + bucket));
        lines.add("Provider:   " + record.path("backend").asString("unknown")
                + (record.path("deleted_job").path("simulated").asBoolean(false)
                        ? ", played by the simulator: nothing was sent to it"
                        : ""));
        was();
        deleted();
        kept();
        remains(finished);
    }

    private boolean here() {
        return record.path("on_this_machine").asBoolean(false);
    }

    private void was() {
        JsonNode job = record.path("deleted_job");
        if (!job.isObject()) {
            return;
        }
        heading("What the job was");
        JsonNode table = job.path("table");
        lines.add("- the table " + Cells.harmless(table.path("name").asString("")) + ": "
                + size(table) + ", "
                + table.path("rejected").asLong(0) + " of them rejected"
                + (table.path("bytes").isNumber() ? "; " + table.path("bytes").asLong(0) + " bytes" : ""));
        lines.add(
                table.path("sha256").isString()
                        ? "- its SHA-256: " + table.path("sha256").stringValue()
                        : "- its SHA-256 is not known, for results were never put together; ETag "
                                + table.path("etag").asString("unknown"));
        lines.add("- judged by the model " + job.path("model").asString("unknown") + ": "
                + (job.path("judged").isNumber()
                        ? job.path("judged").asLong(0) + " pairs with a winner, "
                                + job.path("failed").asLong(0) + " without"
                        : "it had not ended"));
        said("- the trait: ", job.path("trait_name").asString(""));
        said("- the study: ", job.path("study").asString(""));
        List<String> labels = new ArrayList<>();
        job.path("labels")
                .properties()
                .forEach(label ->
                        labels.add(label.getKey() + "=" + label.getValue().asString("")));
        said("- labels: ", String.join(", ", labels));
        Instant created = time(job.path("created_at"));
        Instant ended = time(job.path("finished_at"));
        lines.add("- made " + (created == null ? "at an unknown time" : TIME.format(created)) + ", "
                + (ended == null ? "not finished" : "finished " + TIME.format(ended)));
    }

    private void said(String what, String value) {
        if (!value.isEmpty()) {
            lines.add(what + Cells.harmless(value));
        }
    }

    private void deleted() {
        heading("What was deleted");
        JsonNode removed = record.path("removed");
        item(removed, "object_versions", COPY, COPIES, " of the job's files (texts, prompts, answers, results)");
        item(removed, "inbox_versions", COPY, COPIES, " of what was dropped (table, job file, template)");
        item(removed, "unfinished_uploads", "unfinished upload", "unfinished uploads", "");
        item(removed, "registry_items", "entry", "entries", " of the registry (ids, counts and times)");
        Map<String, Integer> copies = new TreeMap<>();
        record.path("provider").forEach(copy -> {
            if (isGone(copy)) {
                copies.merge(
                        copy.path("kind").asString("").replace('_', ' ')
                                + (outcome(copy).equals("deleted") ? "" : GONE_ALREADY),
                        1,
                        Integer::sum);
            }
        });
        copies.forEach((kind, count) -> lines.add("- at the provider: " + several(count, kind)));
    }

    private void kept() {
        heading("What the provider still keeps");
        Map<Integer, List<String>> kept = new TreeMap<>();
        for (JsonNode copy : record.path("provider")) {
            if (!isGone(copy)) {
                kept.computeIfAbsent(copy.path("segment").asInt(0), segment -> new ArrayList<>())
                        .add(copy.path("kind").asString("").replace('_', ' ') + " "
                                + copy.path("id").asString("") + ": " + words(copy));
            }
        }
        // Batches come last in a segment, and are what it is known by at the provider.
        kept.forEach((segment, copies) -> {
            String of = segment == 0 ? "- " : "- segment " + segment + ", ";
            if (segment == 0) {
                copies.forEach(copy -> lines.add(of + copy));
            } else {
                lines.add(of + String.join("; also ", copies.reversed()));
            }
        });
        if (kept.isEmpty()) {
            lines.add("- nothing that Pairbatch sent or received, as far as it knows");
        }
        lines.add("- what it writes into logs of its own, or keeps against abuse: see its terms");
    }

    private static String words(JsonNode copy) {
        if (outcome(copy).equals("in_doubt")) {
            return "it is not known whether this request to create a batch arrived; look for the token at the provider";
        }
        String holds = copy.path("holds").asString("unknown content");
        Instant until = time(copy.path("kept_until"));
        String why = outcome(copy).equals("not_asked") ? "it was not asked to delete this" : "it cannot be deleted";
        return "holds " + holds + ", " + why + ", "
                + (until == null ? "no end is known" : "kept until " + DAY.format(until) + " at the latest");
    }

    private void remains(@Nullable Instant finished) {
        heading("Which copies remain");
        for (JsonNode copy : record.path("local_copies")) {
            long files = copy.path("files").asLong(0);
            lines.add("- on this machine: " + copy.path("path").asString("") + " (" + files
                    + (files == 1 ? " file" : " files") + "), which was fetched and holds results; not deleted");
        }
        record.path("deleted_job").path("same_pairs_in").forEach(job -> {
            String id = job.asString("");
            lines.add("- in this stack: job " + id + ", which ended because this one judged its pairs, holds them too;"
                    + " ./pairbatch delete " + id);
        });
        String kept = record.path("inbox_kept").asString("");
        if (!kept.isEmpty()) {
            lines.add("- of what was dropped: " + kept);
        }
        if (here()) {
            lines.add("- logs of the stack on this machine: ids, counts and codes, no texts; until ./pairbatch down"
                    + " --purge");
            lines.add("- backups of this machine, if it has any, are not known to Pairbatch");
        } else {
            lines.add("- backups of the registry: ids, counts and times, no texts; " + until(finished, BACKUPS));
            lines.add("- logs of functions: ids, counts and codes, no texts; " + until(finished, FUNCTION_LOGS));
            lines.add("- histories of executions: the same; " + until(finished, EXECUTIONS));
        }
        lines.add("- copies that were made elsewhere, of the table or of results, are not known to Pairbatch");
    }

    private static String until(@Nullable Instant finished, Duration kept) {
        return finished == null
                ? kept.toDays() + " days"
                : "gone after " + DAY.format(finished.plus(kept)) + " (" + kept.toDays() + " days)";
    }

    private void heading(String title) {
        lines.add("");
        lines.add(title);
        lines.add("");
    }

    private void item(JsonNode counts, String name, String one, String several, String more) {
        long count = counts.path(name).asLong(0);
        if (count > 0) {
            lines.add("- " + count + " " + (count == 1 ? one : several) + more);
        }
    }

    /// A table of samples has comparisons, which a design makes of them.
    private static String size(JsonNode table) {
        if (!table.has("comparisons")) {
            return Plural.of(table.path("rows").asLong(0), "row");
        }
        String samples = table.path("samples").isNumber()
                ? Plural.of(table.path("samples").asLong(0), "sample")
                : "samples that were not counted";
        return samples + ", of which a design made "
                + Plural.of(table.path("comparisons").asLong(0), "comparison");
    }

    /// Such as `3 error files, gone already`.
    private static String several(int count, String kind) {
        String more = kind.endsWith(GONE_ALREADY) ? GONE_ALREADY : "";
        String one = kind.substring(0, kind.length() - more.length());
        return count + " " + one + (count == 1 ? "" : one.endsWith("ch") ? "es" : "s") + more;
    }

    private static boolean isGone(JsonNode copy) {
        return outcome(copy).equals("deleted") || outcome(copy).equals("already_gone");
    }

    private static String outcome(JsonNode copy) {
        return copy.path("outcome").asString("");
    }

    private static @Nullable Instant time(JsonNode text) {
        return text.isString() ? Instant.parse(text.stringValue()) : null;
    }
}
