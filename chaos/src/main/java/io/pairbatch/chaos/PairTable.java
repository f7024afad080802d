package io.pairbatch.chaos;

import io.pairbatch.numbers.RSample;
import io.pairbatch.pairing.DesignKind;
import io.pairbatch.pairing.Order;
import io.pairbatch.pairing.PairCursor;
import io.pairbatch.pairing.Pairing;
import io.pairbatch.pairing.Repetition;
import io.pairbatch.text.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A table of pairs whose IDs and texts identify their row, or one of samples of which a design makes these pairs.
///
/// @param rows by number, from 1
/// @param batchSize comparisons per segment
/// @param samples null for a table of pairs
/// @param repetition of each pair
record PairTable(List<Row> rows, int batchSize, @Nullable Samples samples, Repetition repetition) {

    /// A table of samples.
    ///
    /// @param csv as it is dropped
    /// @param pairing as in a job file
    /// @param limit how many of the comparisons are judged first; 0 for all
    record Samples(String csv, ObjectNode pairing, int limit) {}

    /// @param text2 null if it is missing, so that the row is rejected
    record Row(
            int number,
            String id1,
            String id2,
            String text1,
            @Nullable String text2,
            int order,
            int repeat) {

        Row(int number, String id1, String id2, String text1, @Nullable String text2) {
            this(number, id1, id2, text1, text2, 1, 1);
        }

        boolean accepted() {
            return text2 != null;
        }

        /// What no other comparison has.
        String key() {
            return id1 + " " + id2 + " " + repeat;
        }
    }

    /// A table that is split into this many segments.
    static PairTable drawn(long seed, int segments) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x7461626c65L);
        int batchSize = 1 + random.nextInt(4);
        int accepted = (segments - 1) * batchSize + 1 + random.nextInt(batchSize);
        List<Row> rows = new ArrayList<>();
        while (accepted > 0) {
            int number = rows.size() + 1;
            boolean missing = random.nextInt(12) == 0;
            rows.add(new Row(
                    number,
                    "A" + number,
                    "B" + number,
                    "First text of row " + number + ": " + filler(random),
                    missing ? null : "Second of " + number + "."));
            accepted -= missing ? 0 : 1;
        }
        return new PairTable(rows, batchSize, null, Repetition.NONE);
    }

    /// The rows have different lengths, quotes and line breaks, so that byte offsets do not follow from row numbers.
    private static String filler(SplittableRandom random) {
        return "so. ".repeat(random.nextInt(30)) + (random.nextInt(5) == 0 ? "\"Quoted\",\nand on." : "");
    }

    /// Samples whose comparisons are split into about as many segments.
    static PairTable designed(long seed, int segments) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x73616D706C65L);
        int count = 3 + random.nextInt(4);
        DesignKind kind = List.of(DesignKind.values()).get(random.nextInt(DesignKind.values().length));
        Order order = List.of(Order.values()).get(random.nextInt(Order.values().length));
        int designSeed = random.nextInt(100);
        List<String> anchors = kind == DesignKind.LINKED ? List.of("S2", "S3") : List.of();
        Integer k = switch (kind) {
            case PER_SAMPLE -> 2 + random.nextInt(count - 2);
            case LINKED -> 1 + random.nextInt(2);
            case ALL, RANDOM -> null;
        };
        Long pairs = kind == DesignKind.RANDOM ? 1L + random.nextInt(count * (count - 1) / 2) : null;
        Pairing pairing = new Pairing(kind, k, pairs, null, designSeed, order, anchors);
        List<String> texts = new ArrayList<>();
        StringBuilder csv = new StringBuilder("grade,text,ID\n");
        for (int i = 1; i <= count; i++) {
            texts.add("Text of sample " + i + ": " + filler(random));
            csv.append(i)
                    .append(',')
                    .append(quoted(texts.getLast()))
                    .append(",S")
                    .append(i)
                    .append('\n');
            if (random.nextInt(8) == 0) {
                // The same sample once more counts once.
                csv.append("0,")
                        .append(quoted(texts.getLast()))
                        .append(",S")
                        .append(i)
                        .append('\n');
            }
        }
        BitSet old = new BitSet();
        anchors.forEach(id -> old.set(Integer.parseInt(id.substring(1)) - 1));
        List<Row> rows = new ArrayList<>();
        PairCursor cursor = pairing.cursor(pairing.of(count, old));
        while (cursor.next()) {
            rows.add(new Row(
                    rows.size() + 1,
                    "S" + (cursor.first() + 1),
                    "S" + (cursor.second() + 1),
                    texts.get(cursor.first()),
                    texts.get(cursor.second())));
        }
        int limit = random.nextInt(3) > 0 || rows.size() < 2 ? 0 : 1 + random.nextInt(rows.size() - 1);
        int batchSize = Math.max(1, Math.ceilDiv(rows.size(), segments));
        return new PairTable(rows, batchSize, new Samples(csv.toString(), json(pairing), limit), Repetition.NONE);
    }

    /// The same table, whose pairs are judged more than once, split into about as many segments. Some of these end
    /// between the comparisons of a pair.
    PairTable repeated(long seed) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x726570656174L);
        Repetition repeats = new Repetition(false, 3);
        Repetition drawn = List.of(repeats, new Repetition(true, 1), new Repetition(true, 2))
                .get(random.nextInt(3));
        // A design that makes both orders is not asked for both once more.
        drawn = samples != null && samples.pairing().path("order").stringValue().equals(Order.BOTH.code())
                ? repeats
                : drawn;
        return new PairTable(rows, batchSize * drawn.perPair() - random.nextInt(drawn.perPair()), samples, drawn);
    }

    private static ObjectNode json(Pairing pairing) {
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("design", pairing.design().code())
                .put("seed", pairing.seed())
                .put("order", pairing.order().code());
        if (pairing.k() != null) {
            json.put("k", pairing.k());
        }
        if (pairing.pairs() != null) {
            json.put("pairs", pairing.pairs());
        }
        if (!pairing.anchors().isEmpty()) {
            pairing.anchors().forEach(json.putArray("anchors")::add);
        }
        return json;
    }

    private List<Row> accepted() {
        return rows.stream().filter(Row::accepted).toList();
    }

    /// All comparisons.
    List<Row> comparisons() {
        return comparisons(accepted());
    }

    /// Those that are made before the limit grows.
    List<Row> sample() {
        return comparisons(sampleRows());
    }

    private List<Row> comparisons(List<Row> of) {
        return of.stream()
                .flatMap(row -> IntStream.range(0, repetition.perPair()).mapToObj(place -> comparison(row, place)))
                .toList();
    }

    private Row comparison(Row row, int place) {
        int number = (row.number() - 1) * repetition.perPair() + place + 1;
        boolean reversed = repetition.bothOrders() && place % 2 == 1;
        int repeat = 1 + (repetition.bothOrders() ? place / 2 : place);
        return reversed
                ? new Row(number, row.id2(), row.id1(), Objects.requireNonNull(row.text2()), row.text1(), 2, repeat)
                : new Row(number, row.id1(), row.id2(), row.text1(), row.text2(), 1, repeat);
    }

    private List<Row> sampleRows() {
        if (samples == null || samples.limit() == 0) {
            return accepted();
        }
        RSample draws = RSample.beginning(rows.size(), 1, samples.limit());
        return IntStream.range(0, samples.limit())
                .mapToObj(i -> rows.get((int) draws.next()))
                .toList();
    }

    byte[] csv() {
        if (samples != null) {
            return samples.csv().getBytes(StandardCharsets.UTF_8);
        }
        StringBuilder csv = new StringBuilder("ID1,text1,ID2,text2\n");
        for (Row row : rows) {
            csv.append(row.id1())
                    .append(',')
                    .append(quoted(row.text1()))
                    .append(',')
                    .append(row.id2())
                    .append(',');
            csv.append(row.text2() == null ? "NA" : quoted(row.text2())).append('\n');
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The same rows in other bytes.
    byte[] otherCsv() {
        return (new String(csv(), StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
