package io.pairbatch.pairs;

import io.pairbatch.problem.RowFinding;
import io.pairbatch.problem.RowRejection;
import io.pairbatch.text.Json;
import io.pairbatch.text.Plural;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the owner of a table should know of its rows: which were rejected for what reason, and which are judged
/// although something about them looks wrong. Immutable; a few kilobytes for any table.
///
/// @param rejected by the code of a [RowRejection]
/// @param found by the code of a [RowFinding]
public record TableReport(SortedMap<String, Rows> rejected, SortedMap<String, Rows> found) {

    /// Nothing to tell.
    public static final TableReport NONE = new TableReport(new TreeMap<>(), new TreeMap<>());

    /// How many rows are named.
    public static final int SHOWN = 3;

    private static final String BETWEEN = ", ";
    /// Around the ID of a sample. No other detail of a row begins so.
    private static final String QUOTE = "`";

    /// Some rows.
    ///
    /// @param first the first of them
    /// @param detail what is wrong with the very first, without any of its text, or of samples the IDs of the first;
    /// may be
    /// empty
    public record Rows(long count, List<Long> first, String detail) {

        private static final Rows NONE = new Rows(0, List.of(), "");

        public Rows {
            first = List.copyOf(first);
        }

        Rows plus(long row, String about) {
            List<Long> rows = new ArrayList<>(first);
            if (rows.size() < SHOWN) {
                rows.add(row);
            }
            return new Rows(count + 1, rows, count == 0 ? about : detail);
        }

        /// With the names of the first of them, each once: a sample of a folder has a row that nobody sees.
        Rows named(long row, String name) {
            boolean known = Arrays.asList(detail.split(BETWEEN)).contains(name);
            String names = known || count > SHOWN
                    ? detail
                    : count == 0 ? name : detail + BETWEEN + (count == SHOWN ? "…" : name);
            return new Rows(count + 1, plus(row, "").first, names);
        }

        /// Such as `rows 3, 9, 14, …`; empty where none is known.
        public String places() {
            return first.isEmpty()
                    ? ""
                    : (count == 1 ? "row " : "rows ")
                            + first.stream().map(String::valueOf).collect(Collectors.joining(", "))
                            + (count > first.size() ? ", …" : "");
        }
    }

    public TableReport {
        rejected = Collections.unmodifiableSortedMap(new TreeMap<>(rejected));
        found = Collections.unmodifiableSortedMap(new TreeMap<>(found));
    }

    /// With one more row that is not judged.
    public TableReport plus(InputRow.Rejected row) {
        return new TableReport(plus(rejected, row.reason().code(), row.row(), row.detail()), found);
    }

    /// With one more row that is judged.
    public TableReport plus(RowFinding finding, long row, String detail) {
        return new TableReport(rejected, plus(found, finding.code(), row, detail));
    }

    /// With one more sample that is compared.
    ///
    /// @param id short enough for a message
    public TableReport plusSample(RowFinding finding, long row, String id) {
        SortedMap<String, Rows> more = new TreeMap<>(found);
        more.put(finding.code(), found(finding).named(row, QUOTE + id + QUOTE));
        return new TableReport(rejected, more);
    }

    /// With what is told once for the whole table.
    ///
    /// @param count how often it was found
    public TableReport ofTheTable(RowFinding finding, long count, String detail) {
        SortedMap<String, Rows> more = new TreeMap<>(found);
        more.put(finding.code(), new Rows(count, List.of(), detail));
        return new TableReport(rejected, more);
    }

    private static SortedMap<String, Rows> plus(SortedMap<String, Rows> rows, String code, long row, String detail) {
        SortedMap<String, Rows> more = new TreeMap<>(rows);
        more.put(code, rows.getOrDefault(code, Rows.NONE).plus(row, detail));
        return more;
    }

    /// The rows that were rejected for one reason.
    public Rows rejected(RowRejection reason) {
        return rejected.getOrDefault(reason.code(), Rows.NONE);
    }

    /// The rows with one finding.
    public Rows found(RowFinding finding) {
        return found.getOrDefault(finding.code(), Rows.NONE);
    }

    /// All of it for people, a sentence each, without any text of the table.
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        rejectedRows().ifPresent(sentences::add);
        found.forEach((code, rows) -> sentences.add(
                RowFinding.of(code).map(finding -> sentence(finding, rows)).orElse(code + ": " + rows.places())));
        return sentences;
    }

    /// The same, and of what they are, where only a sample of the rows is judged: all rows were looked at.
    ///
    /// @param judged how many rows are judged
    /// @param accepted how many could be
    public List<String> sentences(long judged, long accepted) {
        List<String> sentences = sentences();
        if (!sentences.isEmpty() && judged < accepted) {
            sentences.addFirst("what is noted of rows here is about the whole table, not only about the "
                    + Plural.of(judged, "row") + " of the sample");
        }
        return sentences;
    }

    private static String sentence(RowFinding finding, Rows rows) {
        if (!finding.isOfTheTable() && rows.detail().startsWith(QUOTE)) {
            return rows.count() + (rows.count() == 1 ? " sample " : " samples ") + finding.words() + ": "
                    + rows.detail();
        }
        String what = rows.detail().isEmpty() ? finding.words() : finding.words() + " (" + rows.detail() + ")";
        return finding.isOfTheTable()
                ? what
                : rows.count() + (rows.count() == 1 ? " row " : " rows ") + what + ": " + rows.places();
    }

    /// Such as `12 rows rejected: 10 invalid_utf8 (rows 3, 9, 14, …), 2 missing_text (rows 5, 8)`.
    public Optional<String> rejectedRows() {
        long all = rejected.values().stream().mapToLong(Rows::count).sum();
        return all == 0
                ? Optional.empty()
                : Optional.of(all + (all == 1 ? " row" : " rows") + " rejected: " + reasons(false));
    }

    /// The reason that most of the rejected rows have; empty if there are none.
    public Optional<RowRejection> mostRejected() {
        return Arrays.stream(RowRejection.values())
                .filter(reason -> rejected(reason).count() > 0)
                .max(Comparator.comparingLong(reason -> rejected(reason).count()));
    }

    /// The reasons of the rejected rows, the most frequent first.
    ///
    /// @param details whether to say more of the first row of each
    public String reasons(boolean details) {
        return reasons(rejected, code -> Optional.empty(), details);
    }

    /// @param words what a code means, where it does not say so itself
    static String reasons(SortedMap<String, Rows> each, Function<String, Optional<String>> words, boolean details) {
        return each.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Rows> entry) ->
                                -entry.getValue().count())
                        .thenComparing(Map.Entry::getKey))
                .map(entry -> {
                    Rows rows = entry.getValue();
                    String more = details && !rows.detail().isEmpty() ? "; the first: " + rows.detail() : "";
                    String places = Stream.of(words.apply(entry.getKey()).orElse(""), rows.places() + more)
                            .filter(part -> !part.isEmpty())
                            .collect(Collectors.joining("; "));
                    return rows.count() + " " + entry.getKey() + (places.isEmpty() ? "" : " (" + places + ")");
                })
                .collect(Collectors.joining(", "));
    }

    /// As one JSON object.
    public ObjectNode toJson() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.set("rejected", write(rejected));
        json.set("found", write(found));
        return json;
    }

    /// Rows by code, as one JSON object.
    public static ObjectNode write(SortedMap<String, Rows> each) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        each.forEach((code, rows) -> {
            ObjectNode one = json.putObject(code).put("rows", rows.count());
            rows.first().forEach(one.putArray("first")::add);
            if (!rows.detail().isEmpty()) {
                one.put("detail", rows.detail());
            }
        });
        return json;
    }

    /// Reads what [#toJson] made.
    public static TableReport fromJson(JsonNode json) {
        return new TableReport(read(json.path("rejected")), read(json.path("found")));
    }

    /// Reads rows by code as [#toJson] writes them.
    public static SortedMap<String, Rows> read(JsonNode json) {
        SortedMap<String, Rows> each = new TreeMap<>();
        json.properties().forEach(entry -> {
            List<Long> first = new ArrayList<>();
            entry.getValue().path("first").forEach(row -> first.add(row.longValue()));
            each.put(
                    entry.getKey(),
                    new Rows(
                            entry.getValue().path("rows").longValue(),
                            first,
                            entry.getValue().path("detail").asString("")));
        });
        return each;
    }
}
