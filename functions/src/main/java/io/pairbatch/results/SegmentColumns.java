package io.pairbatch.results;

import io.pairbatch.job.JobFiles;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Hex;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The columns of the files that a segment adds to its job, by the job's file. Most of these files have no header, and
/// a segment may have been collected by another version than the one that merges. So the columns are stored beside the
/// files, and their digest in the tally.
///
/// @param names of the columns; at most 10,000 from the input
public record SegmentColumns(SortedMap<String, List<String>> names) {

    private static final String FILE = "headers.json";
    private static final JsonMapper JSON = new JsonMapper();

    /// The columns that this version writes.
    public static SegmentColumns of(ResultTables tables) {
        return new SegmentColumns(new TreeMap<>(Map.of(
                JobFiles.COMBINED, tables.results().names(),
                JobFiles.JUDGEMENTS, tables.judgements().names(),
                JobFiles.FAILED_PAIRS, tables.failedPairs().names(),
                JobFiles.FAILED_ATTEMPTS, tables.failedAttempts().names(),
                JobFiles.BATCH_FAILURES, tables.batchFailures().names(),
                JobFiles.UNMATCHED_LINES, tables.unmatchedLines().names())));
    }

    /// The columns of one file; empty if it was not written.
    public List<String> of(String jobFile) {
        return names.getOrDefault(jobFile, List.of());
    }

    /// A digest that identifies these columns.
    public String digest() {
        return Hex.sha256(json()).substring(0, 16);
    }

    public void write(JobStore store, int segment) throws IOException {
        try (Draft draft = store.create(JobFiles.part(FILE, segment))) {
            draft.write(json().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            draft.commit();
        }
    }

    /// The columns with which a segment was collected; empty if the version did not record them.
    public static Optional<SegmentColumns> read(JobStore store, int segment) throws IOException {
        Optional<InputStream> file = store.open(JobFiles.part(FILE, segment));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = file.get()) {
            SortedMap<String, List<String>> names = new TreeMap<>();
            for (Map.Entry<String, JsonNode> entry : JSON.readTree(in).properties()) {
                names.put(
                        entry.getKey(),
                        entry.getValue()
                                .valueStream()
                                .map(JsonNode::stringValue)
                                .toList());
            }
            return Optional.of(new SegmentColumns(names));
        }
    }

    private String json() {
        ObjectNode json = JSON.createObjectNode();
        names.forEach((file, columns) -> columns.forEach(json.putArray(file)::add));
        return json + "\n";
    }
}
