package io.pairbatch.cli.command;

import io.pairbatch.cli.fault.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What was deleted of a job: counts, times and the provider's ids, never a text. It is on disk before the
/// registry, its source, is emptied; an interrupted deletion continues with the same file. Holds the ids in memory:
/// a few per segment.
final class DeletionRecord {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path file;
    private final ObjectNode json;
    /// By id. The first outcome counts: once deleted, a file is not found again.
    private final Map<String, JsonNode> provider = new LinkedHashMap<>();

    private DeletionRecord(Path file, ObjectNode json) {
        this.file = file;
        this.json = json;
        json.path("provider").forEach(this::add);
    }

    /// Opens the record of a job. An unfinished one of the same job is continued, a finished one stays as it is.
    ///
    /// @param named the file; null for `deleted-JOB.json`, with a number if that is taken
    /// @param here whether the stack is on this machine
    static DeletionRecord open(Path folder, @Nullable Path named, String jobId, String bucket, boolean here) {
        DeletionRecord record = open(folder, named, jobId, bucket);
        record.json.put("on_this_machine", here);
        return record;
    }

    private static DeletionRecord open(Path folder, @Nullable Path named, String jobId, String bucket) {
        if (named != null) {
            return unfinished(folder.resolve(named), jobId, bucket)
                    .orElseThrow(
                            () -> CliException.usage(named + " already exists.", "Name another file with --record."));
        }
        for (int n = 1; ; n++) {
            Path file = folder.resolve("deleted-" + jobId + (n == 1 ? "" : "." + n) + ".json");
            Optional<DeletionRecord> record = unfinished(file, jobId, bucket);
            if (record.isPresent()) {
                return record.get();
            }
        }
    }

    /// What is told of a job that was deleted from this folder, by the latest of its records.
    ///
    /// @param prefix the beginning of its id
    static Optional<String> told(Path folder, String prefix, String bucket) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> {
                        String name = String.valueOf(file.getFileName());
                        return name.startsWith("deleted-" + prefix) && name.endsWith(".json");
                    })
                    .flatMap(file -> read(file).stream())
                    .filter(record -> bucket.equals(record.json.path("bucket").asString("")))
                    .filter(record -> record.json.path("finished_at").isString())
                    .max(Comparator.comparing(
                            record -> record.json.path("finished_at").asString("")))
                    .map(record -> "Job " + record.json.path("job_id").asString("") + " was deleted at "
                            + Instant.parse(record.json.path("finished_at").asString(""))
                                    .truncatedTo(ChronoUnit.SECONDS)
                            + ". The record is in " + record.file + ", in words in " + record.words() + ".");
        } catch (IOException | DateTimeParseException e) {
            return Optional.empty(); // nothing is known then
        }
    }

    private static Optional<DeletionRecord> read(Path file) {
        try {
            return JSON.readTree(Files.readString(file)) instanceof ObjectNode json
                    ? Optional.of(new DeletionRecord(file, json))
                    : Optional.empty();
        } catch (IOException | JacksonException e) {
            return Optional.empty(); // not a record
        }
    }

    private static Optional<DeletionRecord> unfinished(Path file, String jobId, String bucket) {
        ObjectNode fresh = JSON.createObjectNode().put("job_id", jobId).put("bucket", bucket);
        if (!Files.exists(file)) {
            return Optional.of(new DeletionRecord(file, fresh));
        }
        return read(file)
                .filter(old -> jobId.equals(old.json.path("job_id").asString(""))
                        && bucket.equals(old.json.path("bucket").asString(""))
                        && old.json.path("finished_at").isNull());
    }

    Path file() {
        return file;
    }

    /// Takes what the function says about the whole job.
    void progress(JsonNode answer) {
        for (String name : new String[] {"pairbatch_version", "backend", "deleted_job", "inbox_kept", "removed"}) {
            if (!answer.path(name).isMissingNode()) {
                json.set(name, answer.path(name));
            }
        }
        json.set("begun_at", answer.path("since"));
    }

    /// Takes the folders on this machine that hold what was fetched.
    void localCopies(ArrayNode copies) {
        json.set("local_copies", copies);
    }

    /// Takes the outcome of one file or batch: `{kind, id, outcome}`, and of one that stays `holds` and `kept_until`.
    void add(JsonNode copy) {
        provider.putIfAbsent(copy.path("id").asString(""), copy);
    }

    /// Writes the file, all at once.
    ///
    /// @param finishedAt null while the registry still holds items
    void write(@Nullable Instant finishedAt) throws IOException {
        json.put("finished_at", finishedAt == null ? null : finishedAt.toString());
        ObjectNode counts = json.putObject("provider_counts");
        for (JsonNode copy : provider.values()) {
            String outcome = copy.path("outcome").asString("");
            counts.put(outcome, counts.path(outcome).asInt(0) + 1);
        }
        json.remove("provider");
        json.putArray("provider").addAll(provider.values());
        write(words(), String.join("\n", DeletionWords.of(json)) + "\n");
        write(file, text());
    }

    private static void write(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /// The file that says the same in words.
    Path words() {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling(name.replaceFirst("\\.json$", "") + ".txt");
    }

    String text() {
        return JSON.writeValueAsString(json) + "\n";
    }
}
