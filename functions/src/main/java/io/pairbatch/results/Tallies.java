package io.pairbatch.results;

import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.JsonWalk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/// The segments' tallies as files: `parts/batch_NN_tally.json`, about 1 KB each.
public final class Tallies {

    private static final String TOLERANT_FROM_EXACT = "tolerant_differs_from_exact";
    private static final String TOLERANT_FROM_LAST = "tolerant_differs_from_last";
    private static final String DISAGREE = "duplicates_disagree";
    private static final String ROWS = "_rows";
    private static final String REQUESTS = "requests";
    private static final String FAILED_BY_CODE = "failed_by_code";
    private static final String FAILED_ROWS = "failed_rows";

    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private Tallies() {}

    public static void write(JobStore store, SegmentTally tally) throws IOException {
        try (Draft draft = store.create(JobFiles.tally(tally.segment()))) {
            try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), draft)) {
                json.writeStartObject();
                json.writeNumberProperty("segment", tally.segment());
                json.writeNumberProperty("attempt", tally.attempt());
                json.writeStringProperty("collect_version", tally.made().version());
                json.writeStringProperty("columns", tally.made().columns());
                json.writeStringProperty("tag_rules", tally.made().tagRules());
                writeCounts(json, tally);
                json.writeNumberProperty("tokens_per_megabyte", tally.seen().tokensPerMegabyte());
                json.writeName("costliest_usd");
                json.writeNumber(tally.seen().costliestUsd().toPlainString());
                json.writeNumberProperty("unaccounted", tally.seen().unaccounted());
                json.writeEndObject();
            }
            draft.commit();
        }
    }

    /// Writes the numbers, without braces; the same fields are read by [#read].
    public static void writeCounts(JsonGenerator json, SegmentTally tally) {
        json.writeNumberProperty("pairs", tally.pairs());
        json.writeNumberProperty("observed", tally.observed());
        json.writeNumberProperty("failed", tally.failed());
        writeFailures(json, tally.failedByCode());
        json.writeNumberProperty(REQUESTS, tally.requests());
        TagCounts tags = tally.tags();
        writeRows(json, "ambiguous_tags", "ambiguous_rows", tags.both());
        writeRows(json, "last_differs_from_exact", "last_differs_rows", tags.lastFromExact());
        writeRows(json, TOLERANT_FROM_EXACT, TOLERANT_FROM_EXACT + ROWS, tags.tolerantFromExact());
        writeRows(json, TOLERANT_FROM_LAST, TOLERANT_FROM_LAST + ROWS, tags.tolerantFromLast());
        writeRows(json, "only_tolerant_reads", "only_tolerant_rows", tags.onlyTolerant());
        writeRows(json, "ties", "tie_rows", tags.ties());
        json.writeNumberProperty("duplicate_lines", tally.duplicateLines());
        writeRows(json, DISAGREE, DISAGREE + ROWS, tally.disagreeing());
        json.writeNumberProperty("unmatched_lines", tally.unmatchedLines());
        json.writeNumberProperty("foreign_lines", tally.foreignLines());
        SegmentTally.Tokens tokens = tally.tokens();
        json.writeObjectPropertyStart("tokens");
        json.writeNumberProperty("prompt", tokens.prompt());
        json.writeNumberProperty("completion", tokens.completion());
        json.writeNumberProperty("total", tokens.total());
        json.writeNumberProperty("prompt_cached", tokens.promptCached());
        json.writeNumberProperty("reasoning", tokens.reasoning());
        json.writeEndObject();
        writeCosts(json, tally);
        json.writeNumberProperty("unpriced_answers", tally.unpricedAnswers());
        writeMap(json, "models", tally.models());
    }

    /// What was paid, and what of it for answers without a winner: null where that is not known at all.
    public static void writeCosts(JsonGenerator json, SegmentTally tally) {
        writeUsd(json, "cost_usd", tally.toldCost());
        writeUsd(json, "waste_usd", tally.toldWaste());
    }

    private static void writeUsd(JsonGenerator json, String name, @Nullable BigDecimal usd) {
        json.writeName(name);
        if (usd == null) {
            json.writeNull();
        } else {
            json.writeNumber(usd.toPlainString());
        }
    }

    /// The tally of a segment that has been collected.
    public static SegmentTally read(JobStore store, int segment) throws IOException {
        String name = JobFiles.tally(segment);
        Map<String, BigDecimal> numbers = new TreeMap<>();
        Map<String, SortedMap<String, Long>> maps = new TreeMap<>();
        Map<String, String> texts = new TreeMap<>();
        Map<String, List<Long>> lists = new TreeMap<>();
        Map<String, List<Long>> failed = new TreeMap<>();
        try (JsonParser json = JSON.createParser(
                ObjectReadContext.empty(), store.open(name).orElseThrow(() -> new FileNotFoundException(name)))) {
            json.nextToken();
            for (String field : JsonWalk.members(json)) {
                switch (json.currentToken()) {
                    case START_OBJECT -> {
                        if (field.equals(FAILED_ROWS)) {
                            for (String code : JsonWalk.members(json)) {
                                failed.put(code, readList(json));
                            }
                        } else {
                            maps.put(field, readMap(json));
                        }
                    }
                    case START_ARRAY -> lists.put(field, readList(json));
                    // A cost that is not known.
                    case VALUE_NULL -> {}
                    case VALUE_STRING -> texts.put(field, json.getString());
                    default -> numbers.put(field, json.getDecimalValue());
                }
            }
        }
        return tally(numbers, maps, texts, lists, failed);
    }

    private static SegmentTally tally(
            Map<String, BigDecimal> numbers,
            Map<String, SortedMap<String, Long>> maps,
            Map<String, String> texts,
            Map<String, List<Long>> lists,
            Map<String, List<Long>> failed) {
        SortedMap<String, Long> none = new TreeMap<>();
        Map<String, Long> tokens = maps.getOrDefault("tokens", none);
        return new SegmentTally(
                (int) whole(numbers, "segment"),
                (int) whole(numbers, "attempt"),
                whole(numbers, "pairs"),
                whole(numbers, "observed"),
                whole(numbers, "failed"),
                failures(maps.getOrDefault(FAILED_BY_CODE, none), failed),
                numbers.containsKey(REQUESTS)
                        ? whole(numbers, REQUESTS)
                        : sent(whole(numbers, "pairs"), maps.getOrDefault(FAILED_BY_CODE, none)),
                new TagCounts(
                        rows(numbers, "ambiguous_tags", lists, "ambiguous_rows"),
                        rows(numbers, "last_differs_from_exact", lists, "last_differs_rows"),
                        rows(numbers, TOLERANT_FROM_EXACT, lists, TOLERANT_FROM_EXACT + ROWS),
                        rows(numbers, TOLERANT_FROM_LAST, lists, TOLERANT_FROM_LAST + ROWS),
                        rows(numbers, "only_tolerant_reads", lists, "only_tolerant_rows"),
                        rows(numbers, "ties", lists, "tie_rows")),
                whole(numbers, "duplicate_lines"),
                rows(numbers, DISAGREE, lists, DISAGREE + ROWS),
                whole(numbers, "unmatched_lines"),
                whole(numbers, "foreign_lines"),
                new SegmentTally.Tokens(
                        tokens.getOrDefault("prompt", 0L),
                        tokens.getOrDefault("completion", 0L),
                        tokens.getOrDefault("total", 0L),
                        tokens.getOrDefault("prompt_cached", 0L),
                        tokens.getOrDefault("reasoning", 0L)),
                numbers.getOrDefault("cost_usd", BigDecimal.ZERO),
                numbers.getOrDefault("waste_usd", BigDecimal.ZERO),
                whole(numbers, "unpriced_answers"),
                maps.getOrDefault("models", none),
                new SegmentTally.Seen(
                        whole(numbers, "tokens_per_megabyte"),
                        numbers.getOrDefault("costliest_usd", BigDecimal.ZERO),
                        whole(numbers, "unaccounted")),
                new SegmentTally.Made(
                        texts.getOrDefault("collect_version", ""),
                        texts.getOrDefault("columns", ""),
                        texts.getOrDefault("tag_rules", "")));
    }

    /// What an older version has counted as requests: the pairs of all batches that were created.
    public static long sent(long pairs, Map<String, Long> failedByCode) {
        return pairs
                - failedByCode.entrySet().stream()
                        .filter(code -> FailureCode.isUnsent(code.getKey()))
                        .mapToLong(Map.Entry::getValue)
                        .sum();
    }

    private static long whole(Map<String, BigDecimal> numbers, String field) {
        return numbers.getOrDefault(field, BigDecimal.ZERO).longValueExact();
    }

    private static Rows rows(
            Map<String, BigDecimal> numbers, String count, Map<String, List<Long>> lists, String rows) {
        return new Rows(whole(numbers, count), lists.getOrDefault(rows, List.of()));
    }

    private static void writeRows(JsonGenerator json, String count, String name, Rows rows) {
        json.writeNumberProperty(count, rows.count());
        writeList(json, name, rows.first());
    }

    private static void writeList(JsonGenerator json, String name, List<Long> numbers) {
        json.writeArrayPropertyStart(name);
        numbers.forEach(json::writeNumber);
        json.writeEndArray();
    }

    /// Counts and, beside them, the first rows.
    private static void writeFailures(JsonGenerator json, SortedMap<String, Rows> failures) {
        writeFailureCounts(json, failures);
        json.writeObjectPropertyStart(FAILED_ROWS);
        failures.forEach((code, rows) -> writeList(json, code, rows.first()));
        json.writeEndObject();
    }

    /// How many pairs failed, by `error_code`.
    public static void writeFailureCounts(JsonGenerator json, SortedMap<String, Rows> failures) {
        json.writeObjectPropertyStart(FAILED_BY_CODE);
        failures.forEach((code, rows) -> json.writeNumberProperty(code, rows.count()));
        json.writeEndObject();
    }

    /// An older version has counted them only.
    private static SortedMap<String, Rows> failures(Map<String, Long> counts, Map<String, List<Long>> first) {
        SortedMap<String, Rows> failures = new TreeMap<>();
        counts.forEach((code, count) -> failures.put(code, new Rows(count, first.getOrDefault(code, List.of()))));
        return failures;
    }

    private static void writeMap(JsonGenerator json, String field, SortedMap<String, Long> map) {
        json.writeObjectPropertyStart(field);
        map.forEach(json::writeNumberProperty);
        json.writeEndObject();
    }

    private static SortedMap<String, Long> readMap(JsonParser json) {
        SortedMap<String, Long> map = new TreeMap<>();
        for (String key : JsonWalk.members(json)) {
            map.put(key, json.getLongValue());
        }
        return map;
    }

    private static List<Long> readList(JsonParser json) {
        List<Long> list = new ArrayList<>();
        for (JsonToken item : JsonWalk.items(json)) {
            if (item == JsonToken.VALUE_NUMBER_INT) {
                list.add(json.getLongValue());
            }
        }
        return list;
    }
}
