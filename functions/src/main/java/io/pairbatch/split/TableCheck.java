package io.pairbatch.split;

import io.pairbatch.job.JobFiles;
import io.pairbatch.numbers.LongTable;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.Pair;
import io.pairbatch.pairs.SampleRow;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.problem.RowFinding;
import io.pairbatch.results.SegmentKeys;
import io.pairbatch.results.TagsInTexts;
import io.pairbatch.spec.Prompt;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Unicode;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Looks at each accepted row before anything is sent: does it contradict an earlier one, repeat it, or hold what will
/// disturb the answer? What it remembers of earlier rows is a hash for each ID and its text, pair, pair_uid and key, at
/// most [#MOST] of each: 135 MB for a table of any size, and nothing worth mentioning for a small one. Rows that come
/// later are compared with those that are remembered. Between two calls it is saved in the job's folder.
final class TableCheck {

    /// IDs, pairs, pair_uids and keys that are remembered.
    static final int MOST = 1_000_000;

    private static final String SAVED = "seen.bin";
    private static final int BUFFER = 1 << 16;
    /// How pandas, R and readr name a column of numbers of rows that they read.
    private static final Set<String> INDEXES = Set.of("Unnamed: 0", "X", "...1");
    /// `é`, `à`, `’` and the like as UTF-8, read as Windows-1252 or Mac OS Roman.
    private static final Pattern MOJIBAKE = Pattern.compile(
            "[ÃÂ][\\u00A0-\\u00BF]|Ã[‚ƒ„…†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]|â€[™œ\\u009D“”˜¦¢¡]|√[©®†º∂§üß±≠¥]|‚Ä[ôúùìîò¶]");
    private static final String UID = "pair_uid";
    private static final int SHOWN = 40;
    private static final long EMPTY = hash("");

    private final TagsInTexts tags;
    /// By an ID: 64 bits of its text.
    private final LongTable ids;
    /// By an ID: the [#place] where it stood first.
    private final LongTable places;
    /// Two IDs in their order.
    private final LongTable pairs;
    private final LongTable uids;
    /// By ordered_key, unordered_key or custom_id: the IDs, in any order. Only for IDs that can be split otherwise.
    private final LongTable keys;

    TableCheck(Prompt prompt) {
        this(prompt, MOST);
    }

    TableCheck(Prompt prompt, int most) {
        this.tags = TagsInTexts.of(prompt.rules());
        this.ids = new LongTable(most);
        this.places = new LongTable(most);
        this.pairs = LongTable.ofKeys(most);
        this.uids = LongTable.ofKeys(most);
        this.keys = new LongTable(most);
    }

    /// The check as it was saved after so many segments. A version that saved none has not compared the rows before.
    static TableCheck of(Prompt prompt, JobStore store, int segments) throws IOException {
        TableCheck check = new TableCheck(prompt);
        Optional<InputStream> saved = segments == 0 ? Optional.empty() : store.open(JobFiles.part(SAVED, segments));
        if (saved.isPresent()) {
            try (DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(saved.get(), BUFFER))) {
                for (LongTable table : check.tables()) {
                    table.readFrom(in);
                }
            }
        }
        return check;
    }

    /// Saves what is remembered for the next call. The file's name contains the number of segments, so that a repeated
    /// call reads the same as the first time.
    void save(JobStore store, int segments) throws IOException {
        try (Draft draft = store.create(JobFiles.part(SAVED, segments))) {
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(draft, BUFFER));
            for (LongTable table : tables()) {
                table.writeTo(out);
            }
            out.flush();
            draft.commit();
        }
    }

    private List<LongTable> tables() {
        return List.of(ids, places, pairs, uids, keys);
    }

    /// The report with what there is to tell of one more row.
    TableReport look(InputRow.Accepted row, TableReport report) {
        Pair pair = row.pair();
        Row at = new Row(pair.row(), report);
        if (row.repaired()) {
            at.add(RowFinding.REPLACED_CHARACTER);
        }
        String first = pair.columns().firstEntry().getKey();
        if (at.report.found(RowFinding.INDEX_COLUMN).count() == 0 && isIndex(first, pair)) {
            at.add(RowFinding.INDEX_COLUMN, "`" + first + "`");
        }
        if (row.noText()) {
            at.add(RowFinding.NOT_A_TEXT);
        }
        if (MOJIBAKE.matcher(pair.text1()).find()
                || MOJIBAKE.matcher(pair.text2()).find()) {
            at.add(RowFinding.MOJIBAKE);
        }
        if (Unicode.isBlank(pair.text1()) || Unicode.isBlank(pair.text2())) {
            at.add(RowFinding.EMPTY_TEXT);
        }
        if (tags.in(pair.text1()) || tags.in(pair.text2())) {
            at.add(RowFinding.TAG_IN_TEXT);
        }
        long id1 = hash(pair.id1());
        long id2 = hash(pair.id2());
        boolean fits = texts(pair, id1, id2, at);
        fits &= repeats(pair, id1, id2, at);
        String uid = pair.columns().get(UID);
        if (uid != null && !uid.isEmpty()) {
            long key = hash(uid);
            if (uids.get(key) != 0) {
                at.add(RowFinding.REPEATED_PAIR_UID);
            } else {
                fits &= uids.put(key, 1);
            }
        }
        if (!fits) {
            at.add(RowFinding.NOT_COMPARED);
        }
        return at.report;
    }

    /// The report with what there is to tell of one more sample.
    TableReport look(SampleRow.Sample sample, TableReport report) {
        List<RowFinding> found = new ArrayList<>();
        if (sample.repaired()) {
            found.add(RowFinding.REPLACED_CHARACTER);
        }
        if (MOJIBAKE.matcher(sample.text()).find()) {
            found.add(RowFinding.MOJIBAKE);
        }
        if (tags.in(sample.text())) {
            found.add(RowFinding.TAG_IN_TEXT);
        }
        TableReport all = report;
        for (RowFinding finding : found) {
            all = all.plusSample(finding, sample.row(), shown(sample.id()));
        }
        return all;
    }

    private static boolean isIndex(String column, Pair pair) {
        String value = pair.columns().get(column);
        return INDEXES.contains(column)
                && (Long.toString(pair.row()).equals(value)
                        || Long.toString(pair.row() - 1).equals(value));
    }

    /// A row with the same text on both sides is often a control, so it says nothing of which text an ID has.
    private boolean texts(Pair pair, long id1, long id2, Row at) {
        if (pair.text1().equals(pair.text2())) {
            at.add(id1 == id2 ? RowFinding.SELF_PAIR : RowFinding.SAME_TEXT);
            return true;
        }
        boolean fits = true;
        List<String> other = new ArrayList<>();
        for (int side = 1; side <= 2; side++) {
            long id = side == 1 ? id1 : id2;
            String text = side == 1 ? pair.text1() : pair.text2();
            long known = ids.get(id);
            long print = hash(text);
            if (known == 0) {
                fits &= ids.put(id, print) && places.put(id, place(pair.row(), side));
            } else if (known != print) {
                String empty = print == EMPTY ? ", which is empty" : "";
                other.add("the ID \"" + shown(side == 1 ? pair.id1() : pair.id2()) + "\" has one text in "
                        + words(places.get(id)) + (known == EMPTY ? ", which is empty," : "") + " and another in "
                        + words(place(pair.row(), side)) + empty);
            }
        }
        if (!other.isEmpty()) {
            at.add(RowFinding.ID_WITH_TWO_TEXTS, other.getFirst());
        }
        return fits;
    }

    /// A row and a side.
    private static long place(long row, int side) {
        return row << 1 | (side - 1);
    }

    private static String words(long place) {
        return "row " + (place >> 1) + " (text" + ((place & 1) + 1) + ")";
    }

    private static String shown(String id) {
        String line = id.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    private boolean repeats(Pair pair, long id1, long id2, Row at) {
        long key = both(id1, id2);
        if (pairs.get(key) != 0) {
            at.add(RowFinding.REPEATED_PAIR);
            return true;
        }
        if (id1 != id2 && pairs.get(both(id2, id1)) != 0) {
            at.add(RowFinding.REVERSED_PAIR);
        }
        boolean fits = pairs.put(key, 1);
        boolean shared = false;
        // The same for a pair and its reverse, which share their unordered_key rightly.
        long ids = notZero(mixed(id1 + id2));
        if (pair.id1().contains(":") || pair.id2().contains(":")) {
            String ordered = pair.id1() + ":" + pair.id2();
            String unordered = SegmentKeys.unordered(pair);
            shared = isShared(hash(ordered), 0);
            shared |= isShared(notZero(~hash(unordered)), ids);
            fits &= keys.put(hash(ordered), ids);
            fits &= keys.put(notZero(~hash(unordered)), ids);
        }
        if (pair.id1().contains("vs") || pair.id2().contains("vs")) {
            long custom = notZero(hash(pair.id1() + "_vs_" + pair.id2()) ^ 1);
            shared |= isShared(custom, 0);
            fits &= keys.put(custom, ids);
        }
        if (shared) {
            at.add(RowFinding.SHARED_KEY);
        }
        return fits;
    }

    /// Whether a key is that of other IDs.
    private boolean isShared(long key, long ids) {
        long known = keys.get(key);
        return known != 0 && known != ids;
    }

    private static long both(long id1, long id2) {
        return notZero(mixed(id1 + 0x9E3779B97F4A7C15L * Long.rotateLeft(id2, 31)));
    }

    /// 64 bits of a text: among a million IDs, two have the same with a probability of 3 in 100 million.
    private static long hash(String text) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return notZero(mixed(hash));
    }

    private static long mixed(long bits) {
        long hash = (bits ^ (bits >>> 33)) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return hash ^ (hash >>> 33);
    }

    private static long notZero(long hash) {
        return hash == 0 ? 1 : hash;
    }

    /// A row, and the report that grows with it.
    private static final class Row {

        private final long number;
        private TableReport report;

        Row(long number, TableReport report) {
            this.number = number;
            this.report = report;
        }

        void add(RowFinding finding) {
            add(finding, "");
        }

        void add(RowFinding finding, String detail) {
            report = report.plus(finding, number, detail);
        }
    }
}
