package io.pairbatch.pairs;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// The names of a table's columns: the required ones, and the ones that were probably meant.
final class Columns {

    static final String ID1 = "ID1";
    static final String TEXT1 = "text1";
    static final String ID2 = "ID2";
    static final String TEXT2 = "text2";

    /// The columns that `failed_pairs.csv` has after the input's. A table that ends with these, in this order, is one
    /// of ours that was dropped again.
    static final List<String> OWN = List.of("order", "repeat", "judge", "error_code", "error_detail");

    static final List<String> NEEDED = List.of(ID1, TEXT1, ID2, TEXT2);
    /// How names say which text is meant.
    private static final List<List<String>> SIDES =
            List.of(List.of("1", "a", "one", "first", "left"), List.of("2", "b", "two", "second", "right"));

    private static final Set<String> IDS = Set.of(
            "id", "item", "name", "key", "label", "code", "number", "nr", "file", "filename", "student", "participant");
    private static final Set<String> TEXTS = Set.of(
            "text",
            "sample",
            "response",
            "answer",
            "essay",
            "output",
            "completion",
            "content",
            "summary",
            "document",
            "doc",
            "story",
            "translation",
            "review",
            "passage",
            "paragraph",
            "body",
            "candidate",
            "message");
    private static final int SHOWN_NAMES = 20;
    private static final int SHOWN_LENGTH = 40;

    private Columns() {}

    /// Whether `names` ends with our own columns.
    static boolean endWithOwn(List<String> names) {
        int kept = names.size() - OWN.size();
        return kept >= 0 && names.subList(kept, names.size()).equals(OWN);
    }

    /// Checks the header line of a CSV file.
    ///
    /// @throws JobRejectedException `INPUT_COLUMNS`
    static void checkHeader(String file, List<String> names, RowReader.Writing writing) throws IOException {
        checkNames(names, (found, expected) -> refused(file, found, expected), i -> unnamed(file, names, i));
        if (wrong(names).isPresent()) {
            throw refusal(ErrorCode.INPUT_COLUMNS, file, names, writing.charset())
                    .orElseThrow();
        }
    }

    /// The refusal of a CSV file for the names in its header; empty if they are right. Another charset is told with
    /// them, with what makes a copy that can be read.
    ///
    /// @param charset of the file as `iconv` spells it; null for UTF-8, empty if nobody can tell
    static Optional<JobRejectedException> refusal(
            ErrorCode code, String file, List<String> names, @Nullable String charset) {
        Optional<Wrong> wrong = wrong(names);
        if (wrong.isEmpty()) {
            return Optional.empty();
        }
        if (areOfSamples(names)) {
            return Optional.of(samples(code, file, names));
        }
        boolean copies = charset != null
                || wrong.get().meant().keySet().containsAll(wrong.get().missing());
        String copy = copies
                ? ". To make such a copy" + new CopyCommands(file, ',', charset, "-renamed").words(names, wrong)
                : "";
        return Optional.of(refusal(code, file, names, wrong.get(), charset, copy));
    }

    /// The refusal of a table of samples where the job has no `pairing`.
    static JobRejectedException samples(ErrorCode code, String file, Collection<String> names) {
        return new JobRejectedException(new Problem(
                code,
                file,
                "a table of samples: the columns " + shown(names) + ", and no `pairing` in the job",
                "`pairing` in job.json, which says which samples are compared, such as `\"pairing\": {\"design\":"
                        + " \"per_sample\", \"k\": 10}` (`run` and `split` take --set pairing.design=per_sample --set"
                        + " pairing.k=10); or a table of pairs, with ID1, text1, ID2 and text2"));
    }

    private static JobRejectedException refusal(
            ErrorCode code, String file, Collection<String> names, Wrong wrong, @Nullable String charset, String copy) {
        String utf8 = (charset == null ? "" : ", in UTF-8") + (wrong.meant().isEmpty() ? perhapsSamples(names) : "");
        Problem problem = wrong.shown().isEmpty()
                ? new Problem(
                        code,
                        file,
                        "a first line of " + names.size()
                                + " fields, none of which is the name of a column that we need"
                                + (charset == null ? "" : "," + Encoding.notUtf8(charset)),
                        "a header with ID1, text1, ID2 and text2" + utf8 + copy)
                : new Problem(
                        code,
                        file,
                        "the columns " + wrong.shown() + Encoding.notUtf8(charset),
                        "ID1, text1, ID2 and text2" + utf8 + "; missing: " + String.join(", ", wrong.missing())
                                + (charset == null
                                        ? asField(wrong)
                                                .map(field -> "; or " + field)
                                                .orElse("")
                                        : "")
                                + copy);
        return new JobRejectedException(problem);
    }

    /// A table of samples whose columns have other names is not known as one.
    private static String perhapsSamples(Collection<String> names) {
        Map<String, String> meant = meantForSamples(names, true, true);
        return meant.size() < 2
                ? ""
                : "; or, for a table of samples, ID and text (perhaps `"
                        + cut(String.valueOf(meant.get(SampleReader.ID)))
                        + "` and `" + cut(String.valueOf(meant.get(SampleReader.TEXT)))
                        + "`), and `pairing` in job.json";
    }

    /// Checks what holds for the names of every table.
    ///
    /// @param refused makes the refusal of what was found and what was expected
    /// @param unnamed the refusal of a column without a name, from 0
    static void checkNames(
            List<String> names,
            BiFunction<String, String, JobRejectedException> refused,
            IntFunction<JobRejectedException> unnamed) {
        if (names.size() <= 2 && names.getFirst().toLowerCase(Locale.ROOT).startsWith("sep=")) {
            throw refused.apply(
                    "Excel's line `" + cut(String.join(",", names)) + "` before the header",
                    "the header in the first line: take that line out");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isEmpty() && names.size() > 1) {
                throw unnamed.apply(i);
            }
            if (!seen.add(names.get(i))) {
                throw refused.apply("two columns `" + cut(names.get(i)) + "`", "each name once");
            }
        }
    }

    /// The columns which were probably meant, in a table of samples.
    ///
    /// @return names, by what they were meant for
    static Map<String, String> meantForSamples(Collection<String> names, boolean id, boolean text) {
        Optional<String> ids = !id
                ? Optional.empty()
                : names.stream()
                        .filter(name -> IDS.contains(plain(name)) || plain(name).endsWith("id"))
                        .findFirst();
        Optional<String> texts = !text
                ? Optional.empty()
                : names.stream()
                        .filter(name -> !Optional.of(name).equals(ids))
                        .filter(name ->
                                TEXTS.contains(plain(name)) || plain(name).contains("text"))
                        .findFirst();
        Map<String, String> meant = new HashMap<>();
        ids.ifPresent(name -> meant.put(SampleReader.ID, name));
        texts.ifPresent(name -> meant.put(SampleReader.TEXT, name));
        return meant;
    }

    /// The options that name them; empty where none was found.
    static String options(Map<String, String> meantForSamples) {
        return Stream.of(SampleReader.ID, SampleReader.TEXT)
                .filter(meantForSamples::containsKey)
                .map(name -> "--" + name.toLowerCase(Locale.ROOT) + " "
                        + Encoding.quoted(cut(String.valueOf(meantForSamples.get(name)))))
                .collect(Collectors.joining(" "));
    }

    /// Names that lack some that we need.
    ///
    /// @param shown all of them, with what was probably meant; empty where there may be no header, for then they may be
    /// a participant's text
    /// @param meant by a name that is missing: the one that was probably meant, as far as somebody can tell
    record Wrong(String shown, List<String> missing, Map<String, String> meant) {}

    /// What is wrong with the names of a header; empty if nothing is.
    static Optional<Wrong> wrong(Collection<String> names) {
        List<String> missing =
                NEEDED.stream().filter(name -> !names.contains(name)).toList();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> meant = nearMisses(names);
        String near = NEEDED.stream()
                .filter(meant::containsKey)
                .map(needed -> "`" + cut(Objects.requireNonNull(meant.get(needed))) + "` for `" + needed + "`")
                .collect(Collectors.joining(", "));
        boolean none = missing.size() == NEEDED.size() && near.isEmpty();
        return Optional.of(
                new Wrong(none ? "" : shown(names) + (near.isEmpty() ? "" : " (" + near + ")"), missing, meant));
    }

    /// What is wrong with the names of a table that seems to be one of pairs: two IDs and two texts under other names.
    static Optional<Wrong> seemOfPairs(Collection<String> names) {
        return wrong(names).filter(wrong -> wrong.meant().keySet().containsAll(wrong.missing()));
    }

    /// The field of a job that names the columns, as it stands in job.json; empty where their names are too long for a
    /// message.
    static Optional<String> asField(Wrong wrong) {
        if (wrong.missing().isEmpty()
                || !wrong.meant().keySet().containsAll(wrong.missing())
                || wrong.meant().values().stream().anyMatch(name -> !cut(name).equals(name))) {
            return Optional.empty();
        }
        return Optional.of("`\"columns\": {"
                + NEEDED.stream()
                        .filter(wrong.missing()::contains)
                        .map(name -> "\"" + name + "\": "
                                + Json.MAPPER.writeValueAsString(wrong.meant().get(name)))
                        .collect(Collectors.joining(", "))
                + "}` in job.json");
    }

    /// Whether these are the columns of a table of samples: it has an ID and a text, and nothing of a pair.
    static boolean areOfSamples(Collection<String> names) {
        return names.containsAll(List.of(SampleReader.ID, SampleReader.TEXT)) && !areOfPairs(names);
    }

    /// Whether one of the columns of a table of pairs is there.
    static boolean areOfPairs(Collection<String> names) {
        return NEEDED.stream().anyMatch(names::contains);
    }

    private static JobRejectedException unnamed(String file, List<String> names, int i) {
        if (i == 0 && seemRight(names)) {
            return refused(
                    file,
                    "no name over column 1, where pandas and R put the numbers of the rows",
                    "a table without them: to_csv(…, index=False) in pandas, write.csv(…, row.names = FALSE) in R;"
                            + " or a name over the column, which is then carried into the results");
        }
        int empty = names.size() - i;
        if (i > 0 && seemRight(names) && names.subList(i, names.size()).stream().allMatch(String::isEmpty)) {
            return refused(
                    file,
                    empty == 1
                            ? "no name over column " + (i + 1) + ", the last: a comma at the end of the header"
                            : "no names over the last " + empty + " columns: " + empty
                                    + " commas at the end of the header",
                    "no comma after the last name, nor at the end of the rows");
        }
        return refused(file, "no name over column " + (i + 1), "a name for each column");
    }

    private static boolean seemRight(List<String> names) {
        return NEEDED.stream().anyMatch(names::contains) || !nearMisses(names).isEmpty();
    }

    /// Refuses a header that is not UTF-8.
    ///
    /// @param where the first byte that is not, and the character that was probably meant
    static JobRejectedException notUtf8(String file, String where, FileEncoding encoding) {
        return TableFormat.refused(
                file,
                "a first line that is not UTF-8 (" + where + ")",
                "a header line of CSV in UTF-8" + encoding.remedy(file));
    }

    /// Checks the first object of a JSONL file: a misspelled name would reject every row, and a table that is written
    /// column by column would be one row.
    ///
    /// @param kinds of the values that are no texts or numbers
    /// @throws JobRejectedException `INPUT_COLUMNS` or `INPUT_FORMAT`
    static void checkFirstObject(
            String file, Collection<String> names, Map<String, JsonToken> kinds, RowReader.Writing writing)
            throws IOException {
        for (JsonToken whole : List.of(JsonToken.START_OBJECT, JsonToken.START_ARRAY)) {
            if (NEEDED.stream().allMatch(name -> kinds.get(name) == whole)) {
                String each = whole == JsonToken.START_OBJECT ? "objects" : "lists";
                throw byColumns(
                        file, "one object whose ID1, text1, ID2 and text2 are " + each + ": a table by columns");
            }
        }
        boolean byRow = names.stream().allMatch(name -> name.matches("\\d+"));
        boolean split = names.contains("data") && (names.contains("columns") || names.contains("schema"));
        if (kinds.size() == names.size() && (byRow || split)) {
            throw byColumns(file, "one object that holds the whole table");
        }
        if (areOfSamples(names)) {
            throw samples(ErrorCode.INPUT_COLUMNS, file, names);
        }
        boolean none = NEEDED.stream().noneMatch(names::contains);
        Optional<Wrong> wrong = wrong(names);
        if (wrong.isPresent() && (none || !wrong.get().meant().isEmpty())) {
            String known = writing.charset();
            String copy = known == null || known.isEmpty()
                    ? ""
                    : "; to make a copy in UTF-8: `" + Encoding.command(file, known)
                            + "`. Then rename the fields in the copy";
            throw refusal(ErrorCode.INPUT_COLUMNS, file, names, wrong.get(), known, copy);
        }
    }

    /// Whether a text or an ID is among the names.
    static boolean anyNeeded(Map<String, JsonToken> kinds) {
        return NEEDED.stream().anyMatch(kinds::containsKey);
    }

    private static JobRejectedException byColumns(String file, String found) {
        return TableFormat.refused(
                file,
                found,
                "an object for each row, on a line of its own, as pandas' to_json(FILE, orient=\"records\", lines=True)"
                        + " and R's jsonlite::stream_out() write");
    }

    /// For each column that is missing, the name that was probably meant.
    private static Map<String, String> nearMisses(Collection<String> names) {
        Map<String, String> meant = new HashMap<>();
        for (String needed : List.of(TEXT1, TEXT2, ID1, ID2)) {
            nearest(needed, needed, names, meant).ifPresent(name -> meant.put(needed, name));
        }
        if (!meant.containsKey(TEXT1)
                && !meant.containsKey(TEXT2)
                && Collections.disjoint(names, List.of(TEXT1, TEXT2))) {
            List<String> sides = sides(names, meant.values());
            if (!sides.isEmpty()) {
                meant.put(TEXT1, sides.getFirst());
                meant.put(TEXT2, sides.getLast());
            }
        }
        // Beside `text_a`, `essay_a` says which essay it is.
        for (String id : List.of(ID1, ID2)) {
            String text = id.equals(ID1) ? TEXT1 : TEXT2;
            if (!meant.containsKey(id) && (names.contains(text) || meant.containsKey(text))) {
                nearest(id, text, names, meant).ifPresent(name -> meant.put(id, name));
            }
        }
        bareSides(names, meant);
        return Map.copyOf(meant);
    }

    /// Where the texts are known by other names, columns that are called only by a side hold the IDs: `left` and
    /// `right`
    /// beside `text_a` and `text_b`.
    private static void bareSides(Collection<String> names, Map<String, String> meant) {
        boolean texts = Stream.of(TEXT1, TEXT2).allMatch(text -> names.contains(text) || meant.containsKey(text));
        List<String> missing = Stream.of(ID1, ID2)
                .filter(id -> !names.contains(id) && !meant.containsKey(id))
                .toList();
        if (!texts) {
            return;
        }
        Map<String, String> found = new HashMap<>();
        for (String id : missing) {
            names.stream()
                    .filter(name -> !meant.containsValue(name))
                    .filter(name -> SIDES.get(id.equals(ID1) ? 0 : 1).contains(plain(name)))
                    .findFirst()
                    .ifPresent(name -> found.put(id, name));
        }
        // A lone `b` may be anything.
        if (found.size() == missing.size()) {
            meant.putAll(found);
        }
    }

    /// The only two names that are alike but for the side, such as `left` and `right`, or `poem_a` and `poem_b`.
    private static List<String> sides(Collection<String> names, Collection<String> taken) {
        Set<List<String>> found = new HashSet<>();
        for (String name : names) {
            for (int i = 0; i < SIDES.getFirst().size(); i++) {
                String first = SIDES.getFirst().get(i);
                String second = SIDES.getLast().get(i);
                String plain = plain(name);
                List<String> others = new ArrayList<>();
                if (plain.endsWith(first)) {
                    others.add(plain.substring(0, plain.length() - first.length()) + second);
                }
                if (plain.startsWith(first)) {
                    others.add(second + plain.substring(first.length()));
                }
                names.stream()
                        .filter(other -> others.contains(plain(other)))
                        .filter(other ->
                                Stream.of(name, other).noneMatch(one -> NEEDED.contains(one) || taken.contains(one)))
                        .filter(other -> !isNear(ID1, name))
                        .forEach(other -> found.add(List.of(name, other)));
            }
        }
        return found.size() == 1 ? found.iterator().next() : List.of();
    }

    /// The name that is nearest to that of a missing column; of two texts the one that says so.
    ///
    /// @param like the column whose names are looked for
    private static Optional<String> nearest(
            String missing, String like, Collection<String> names, Map<String, String> taken) {
        return names.contains(missing)
                ? Optional.empty()
                : names.stream()
                        .filter(name -> !NEEDED.contains(name) && !taken.containsValue(name))
                        .filter(name -> isNear(like, name))
                        .min(Comparator.<String, Boolean>comparing(
                                        name -> !plain(name).equals(plain(like)))
                                .thenComparing(name -> !plain(name).contains("text")));
    }

    /// The same name in another spelling, or another word for the same thing on the same side.
    private static boolean isNear(String needed, String name) {
        String plain = plain(name);
        if (plain.equals(plain(needed))) {
            return true;
        }
        boolean id = needed.startsWith("ID");
        return SIDES.get(needed.charAt(needed.length() - 1) - '1').stream()
                .flatMap(side -> Stream.of(
                        plain.endsWith(side) ? plain.substring(0, plain.length() - side.length()) : "",
                        plain.startsWith(side) ? plain.substring(side.length()) : ""))
                .anyMatch(word -> id ? IDS.contains(word) || word.endsWith("id") : TEXTS.contains(word));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    static String shown(Collection<String> names) {
        String list = names.stream().limit(SHOWN_NAMES).map(Columns::cut).collect(Collectors.joining(", "));
        return names.size() > SHOWN_NAMES ? list + ", … (" + names.size() + ")" : list;
    }

    static String cut(String name) {
        String line = name.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= SHOWN_LENGTH ? line : line.substring(0, SHOWN_LENGTH) + "…";
    }

    private static JobRejectedException refused(String file, String found, String expected) {
        return new JobRejectedException(new Problem(ErrorCode.INPUT_COLUMNS, file, found, expected));
    }
}
