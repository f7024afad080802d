package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// How many rows of the table are in each batch of a registry, by the R package's rule for splitting (contract 1.3).
/// The registry does not say which rule was used: the files that were sent say it, or the user, or there is only one
/// that
/// fits.
public final class RescuedRows {

    private static final int MOST_RULES = 3;
    private static final JsonFactory JSON = new JsonFactory();

    private final long rows;
    private final int batches;

    /// @param rows of the table
    /// @param batches of the registry
    public RescuedRows(long rows, int batches) {
        this.rows = rows;
        this.batches = batches;
    }

    /// The rows of each batch where the user says how the table was split.
    ///
    /// @throws CliException if that makes another number of batches
    public List<Integer> of(@Nullable Integer batchSize, @Nullable Integer segments) {
        List<Integer> sizes = batchSize != null ? bySize(batchSize) : byCount(segments == null ? batches : segments);
        String rule = batchSize != null ? "batches of " + batchSize : "in " + segments + " batches";
        if (sizes.size() != batches) {
            throw CliException.usage(
                    "The registry has " + batches + (batches == 1 ? " segment" : " segments") + ", and the table's "
                            + rows + " rows in " + rule.replaceFirst("^in ", "") + " make " + sizes.size() + ".",
                    "Give the table that the batches were made of, unchanged, and the batch_size or n_segments that was"
                            + " used. What fits: " + words(fitting()) + ".");
        }
        return sizes;
    }

    /// The same where nobody says it.
    ///
    /// @throws CliException if more than one rule fits
    public List<Integer> only() {
        Map<String, List<Integer>> fitting = fitting();
        if (fitting.values().stream().distinct().count() != 1) {
            throw CliException.usage(
                    "The registry does not say how the table's " + rows + " rows were split into " + batches
                            + " batches, and" + " more than one way fits: " + words(fitting) + ".",
                    "Say it with --batch-size or --n-segments, or put the batch_NN_input.jsonl files beside the registry.");
        }
        return fitting.values().iterator().next();
    }

    private Map<String, List<Integer>> fitting() {
        Map<String, List<Integer>> fitting = new LinkedHashMap<>();
        fitting.put("--n-segments " + batches, byCount(batches));
        long least = Math.max(1, (rows + batches - 1) / batches);
        for (long size = least; size <= Integer.MAX_VALUE && (rows + size - 1) / size == batches; size++) {
            fitting.put("--batch-size " + size, bySize((int) size));
            if (fitting.size() > MOST_RULES || batches == 1) {
                break;
            }
        }
        return fitting;
    }

    private static String words(Map<String, List<Integer>> rules) {
        return rules.entrySet().stream()
                .limit(MOST_RULES)
                .map(rule -> rule.getKey() + " (" + shown(rule.getValue()) + ")")
                .collect(Collectors.joining(", or "));
    }

    /// Sizes in words, such as `3, 3, 3, 1`.
    public static String shown(List<Integer> sizes) {
        return sizes.stream().limit(6).map(String::valueOf).collect(Collectors.joining(", "))
                + (sizes.size() > 6 ? ", …" : "");
    }

    private List<Integer> bySize(int size) {
        List<Integer> sizes = new ArrayList<>();
        for (long left = rows; left > 0 && sizes.size() <= batches; left -= size) {
            sizes.add((int) Math.min(size, left));
        }
        return sizes;
    }

    private List<Integer> byCount(int count) {
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sizes.add((int) (rows / count + (i < rows % count ? 1 : 0)));
        }
        return sizes;
    }

    /// The same, out of the files that were sent, if all of them are beside the registry.
    ///
    /// @return null if one is missing
    /// @throws CliException if they hold other rows together than the table
    public @Nullable List<Integer> ofFiles(Path folder, List<RescuedRegistry.Batch> registry) throws IOException {
        List<Integer> sizes = new ArrayList<>();
        for (RescuedRegistry.Batch batch : registry) {
            Path file = batch.inputFile() == null ? null : folder.resolve(batch.inputFile());
            if (file == null || !Files.isRegularFile(file)) {
                return null;
            }
            sizes.add(requests(file));
        }
        long sent = sizes.stream().mapToLong(Integer::longValue).sum();
        if (sent != rows) {
            throw CliException.refused(
                    "The files beside the registry (" + registry.getFirst().inputFile() + ", …) hold " + sent
                            + " requests, and the table has " + rows + " rows.",
                    "Give the table that the batches were made of, unchanged.");
        }
        return Collections.unmodifiableList(sizes);
    }

    /// A request a line, or one object with a list of them.
    private static int requests(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file);
                JsonParser json = JSON.createParser(ObjectReadContext.empty(), reader)) {
            int objects = 0;
            while (json.nextToken() == JsonToken.START_OBJECT) {
                boolean first = json.nextToken() == JsonToken.PROPERTY_NAME;
                if (objects == 0 && first && json.currentName().equals("requests")) {
                    return items(json);
                }
                while (json.currentToken() == JsonToken.PROPERTY_NAME) {
                    json.nextToken();
                    json.skipChildren();
                    json.nextToken();
                }
                objects++;
            }
            return objects;
        } catch (JacksonException e) {
            throw CliException.refused(
                    file + " is not a file of requests: " + e.getOriginalMessage() + ".",
                    "Take it away from beside the registry, and say --batch-size or --n-segments.");
        }
    }

    private static int items(JsonParser json) {
        int items = 0;
        if (json.nextToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() == JsonToken.START_OBJECT) {
                json.skipChildren();
                items++;
            }
        }
        return items;
    }
}
