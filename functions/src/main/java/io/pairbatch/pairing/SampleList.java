package io.pairbatch.pairing;

import io.pairbatch.numbers.LongTable;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.Problem;
import io.pairbatch.text.Hex;
import io.pairbatch.text.Spelling;
import io.pairbatch.text.Unicode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The samples that are compared, by their IDs, and what is wrong with them. Holds IDs, where each sample stands, and a
/// hash of its text, but no text.
public final class SampleList {

    private static final int SHOWN = 3;
    private static final int SHOWN_LENGTH = 40;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> ids = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final List<Long> prints = new ArrayList<>();
    /// The number of the first sample with a text, plus one, by its hash.
    private final LongTable texts = new LongTable(Integer.MAX_VALUE);

    private final Some empty = new Some();
    private final Some reused = new Some();
    private final Some repeated = new Some();
    private final Some sameText = new Some();

    /// Where a sample stands.
    ///
    /// @param file the table, or the folder
    /// @param row its row, or its file
    public record Place(String file, String row) {

        /// Such as `row 3`.
        public static Place row(String file, long row) {
            return new Place(file, "row " + row);
        }
    }

    /// How many, and the first of them.
    private static final class Some {

        private final List<String> first = new ArrayList<>();
        private long count;

        void add(String one) {
            count++;
            if (first.size() < SHOWN) {
                first.add(one);
            }
        }

        String words() {
            return String.join("; ", first) + (count > first.size() ? "; and " + (count - first.size()) + " more" : "");
        }
    }

    /// Adds a sample.
    ///
    /// @return its number, from 0 on; empty where it is none, or one that is here already
    public OptionalInt add(Place place, String id, String text) {
        if (Unicode.isBlank(text)) {
            empty.add(place.row() + " (`" + cut(id) + "`)");
        }
        long print = print(text);
        Integer known = numbers.get(id);
        if (known != null) {
            String both = "`" + cut(id) + "` in " + words(places.get(known), place) + " and " + place.row();
            (prints.get(known) == print ? repeated : reused).add(both);
            return OptionalInt.empty();
        }
        int number = ids.size();
        int same = (int) texts.get(print) - 1;
        if (same < 0) {
            texts.put(print, number + 1L);
        } else if (!Unicode.isBlank(text)) {
            sameText.add("`" + cut(ids.get(same)) + "` (" + words(places.get(same), place) + ") and `" + cut(id) + "` ("
                    + place.row() + ")");
        }
        numbers.put(id, number);
        ids.add(id);
        places.add(place);
        prints.add(print);
        return OptionalInt.of(number);
    }

    private static String words(Place one, Place other) {
        return one.file().equals(other.file()) ? one.row() : one.row() + " of " + one.file();
    }

    /// The first 8 bytes of SHA-256; 0 means nothing.
    private static long print(String text) {
        long print = ByteBuffer.wrap(Hex.sha256().digest(text.getBytes(StandardCharsets.UTF_8)))
                .getLong();
        return print == 0 ? 1 : print;
    }

    private static String cut(String id) {
        return id.length() <= SHOWN_LENGTH ? id : id.substring(0, SHOWN_LENGTH) + "…";
    }

    public int size() {
        return ids.size();
    }

    /// The ID of a sample, short enough for a message.
    public String shown(int number) {
        return cut(ids.get(number));
    }

    public String id(int number) {
        return ids.get(number);
    }

    /// The number of the sample with an ID.
    public OptionalInt find(String id) {
        Integer number = numbers.get(id);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /// The ID that was perhaps meant by one that no sample has.
    public Optional<String> nearest(String id) {
        return Spelling.nearest(id, ids);
    }

    /// What stands in the way of comparing the samples.
    ///
    /// @param file what they were read from
    /// @param complete whether all that was read is here
    public List<Problem> problems(String file, boolean complete) {
        List<Problem> problems = new ArrayList<>();
        if (reused.count > 0) {
            problems.add(problem(
                    file,
                    (reused.count == 1 ? "1 ID" : reused.count + " rows with an ID") + " that has another text before: "
                            + reused.words(),
                    "one text for each ID"));
        }
        if (empty.count > 0) {
            problems.add(problem(
                    file,
                    (empty.count == 1 ? "1 text" : empty.count + " texts") + " that is empty or holds only blanks: "
                            + empty.words(),
                    "a text in each, or the sample left out"));
        }
        if (complete && problems.isEmpty() && ids.size() < 2) {
            problems.add(problem(
                    file, ids.isEmpty() ? "no sample" : "1 sample", "at least 2, since one is compared with another"));
        }
        return problems;
    }

    private static Problem problem(String file, String found, String expected) {
        return new Problem(ErrorCode.SAMPLE_ROWS, file, found, expected);
    }

    /// Samples of one kind.
    ///
    /// @param words which, the first of them
    public record Noted(long count, String words) {}

    /// Those that stand there twice, with the same text.
    public Noted repeated() {
        return new Noted(repeated.count, repeated.words());
    }

    /// Those with the text of an earlier one.
    public Noted sameText() {
        return new Noted(sameText.count, sameText.words());
    }

    /// What is worth knowing, a sentence each.
    public List<String> notices() {
        List<String> notices = new ArrayList<>();
        if (repeated.count > 0) {
            notices.add((repeated.count == 1 ? "1 sample stands" : repeated.count + " samples stand")
                    + " there twice, with the same text, and counts once: " + repeated.words());
        }
        if (sameText.count > 0) {
            notices.add((sameText.count == 1 ? "1 sample has" : sameText.count + " samples have")
                    + " the same text as an earlier one, under another ID: " + sameText.words());
        }
        return notices;
    }
}
