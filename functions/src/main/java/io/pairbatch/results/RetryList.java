package io.pairbatch.results;

import io.pairbatch.job.JobFiles;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Which rows a segment of a later round sends again: `registry/segment_NNNNNN_retry.json`. It is written once, before
/// anything of the segment is, and is what a lost registry gets such segments from. Held in memory: one segment's rows.
///
/// @param attempt from 2 on
/// @param rows by the segment that had them before, ascending
public record RetryList(int segment, int attempt, SortedMap<Integer, List<Long>> rows) {

    private static final String FOLDER = JobFiles.REGISTRY_FOLDER + "segment_";
    private static final Pattern NAME = Pattern.compile(FOLDER + "(\\d{6,9})_retry\\.json");
    private static final String ATTEMPT = "attempt";

    /// Passes on the numbers of all segments that have a list.
    public static void each(JobStore store, Consumer<Integer> segment) throws IOException {
        store.list(FOLDER, file -> {
            Matcher name = NAME.matcher(file);
            if (name.matches()) {
                segment.accept(Integer.parseInt(name.group(1)));
            }
        });
    }

    /// The list of a segment; empty for one of the first round.
    public static Optional<RetryList> read(JobStore store, int segment) throws IOException {
        Optional<InputStream> file = store.open(JobFiles.retry(segment));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = file.get()) {
            JsonNode json = Json.MAPPER.readTree(in);
            SortedMap<Integer, List<Long>> rows = new TreeMap<>();
            for (Map.Entry<String, JsonNode> from : json.required("rows").properties()) {
                List<Long> numbers = new ArrayList<>();
                from.getValue().forEach(row -> numbers.add(row.longValue()));
                rows.put(Integer.parseInt(from.getKey()), numbers);
            }
            return Optional.of(new RetryList(segment, json.required(ATTEMPT).intValue(), rows));
        }
    }

    /// Which attempt at its pairs a segment is.
    public static int attempt(JobStore store, int segment) throws IOException {
        return read(store, segment).map(RetryList::attempt).orElse(1);
    }

    /// Writes the list, once.
    ///
    /// @return false if the segment has one
    public boolean write(JobStore store) throws IOException {
        ObjectNode json =
                Json.MAPPER.createObjectNode().put("segment_index", segment).put(ATTEMPT, attempt);
        ObjectNode all = json.putObject("rows");
        rows.forEach((from, numbers) -> {
            ArrayNode list = all.putArray(String.valueOf(from));
            numbers.forEach(list::add);
        });
        return store.putNew(JobFiles.retry(segment), (json + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
