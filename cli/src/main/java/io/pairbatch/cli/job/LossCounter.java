package io.pairbatch.cli.job;

import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.FailureCause;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Counts what was lost, by text and by cause, while the result files stream by: first the failed pairs, then those
/// with a winner; and the failed attempts before the batches that failed. Holds the IDs of texts that lost a
/// comparison, a million of them at most, a thousand causes, and a bit for each segment.
public final class LossCounter {

    static final List<String> FAILED_COLUMNS = List.of("ID1", "ID2", "error_code", "error_detail");
    static final List<String> JUDGED_COLUMNS = List.of("ID1", "ID2");
    static final List<String> ATTEMPT_COLUMNS =
            Stream.concat(FailedPairs.COLUMNS.stream(), Stream.of("segment")).toList();
    static final List<String> BATCH_COLUMNS = List.of("status", "error_detail", "segment_index");
    static final List<String> REJECTED_COLUMNS = List.of("reason");

    /// What an answer or a refusal of the pair itself says: how its batch ended has nothing to do with it.
    private static final Set<String> OF_AN_ANSWER = Stream.of(
                    FailureCause.NO_TAG,
                    FailureCause.BOTH_TAGS,
                    FailureCause.REFUSED,
                    FailureCause.TRUNCATED,
                    FailureCause.RATE_LIMIT,
                    FailureCause.SERVER_ERROR)
            .map(FailureCause::code)
            .collect(Collectors.toUnmodifiableSet());

    private static final int SHOWN = 5;

    /// What is said of a cause at most.
    private static final int MOST_CHARS = 300;

    /// What the model wrote instead of an answer; only Gemini's own words are the provider's.
    private static final Pattern REFUSED =
            Pattern.compile("refused: (?!(prompt blocked|answer withheld): [A-Z_]+\\b).*", Pattern.DOTALL);

    private static final class Counts {

        private long lost;
        private long judged;
    }

    private final int mostTexts;
    private final long mostChars;
    private final Map<String, Counts> texts = new HashMap<>();
    private final Causes causes;
    /// The same of the last attempts, which say the cause too.
    private final Causes explained;
    private final Causes batches;
    private final Causes reasons;
    private final FailedPairs.Counter pairs = new FailedPairs.Counter();
    private final BitSet deciding = new BitSet();
    private boolean attemptsKnown;
    private long lastAttempts;
    private long chars;
    private long uncounted;
    private long rejected;

    public LossCounter() {
        this(1_000_000, 64 << 20, 1000);
    }

    /// @param mostTexts IDs that are held
    /// @param mostChars their length together
    /// @param mostCauses wordings of causes that are told apart
    LossCounter(int mostTexts, long mostChars, int mostCauses) {
        this.mostTexts = mostTexts;
        this.mostChars = mostChars;
        this.causes = new Causes(mostCauses);
        this.explained = new Causes(mostCauses);
        this.batches = new Causes(mostCauses);
        this.reasons = new Causes(mostCauses);
    }

    /// Counts in a folder with a job's result files. A file that is not there has no rows.
    ///
    /// @param judged comparisons with a winner
    /// @param lost comparisons without one
    public static Losses of(Path folder, long judged, long lost) throws IOException {
        LossCounter counter = new LossCounter();
        if (lost > 0 || judged == 0) {
            read(folder.resolve(JobFiles.FAILED_PAIRS), FAILED_COLUMNS, counter::failed);
            read(folder.resolve(JobFiles.FAILED_ATTEMPTS), ATTEMPT_COLUMNS, counter::attempt);
            read(folder.resolve(JobFiles.BATCH_FAILURES), BATCH_COLUMNS, counter::batch);
            read(folder.resolve(JobFiles.REJECTED_ROWS), REJECTED_COLUMNS, counter::rejected);
            if (!read(folder.resolve(JobFiles.JUDGEMENTS), JUDGED_COLUMNS, counter::judged)) {
                read(folder.resolve(JobFiles.COMBINED), JUDGED_COLUMNS, counter::judged);
            }
        }
        return counter.losses(judged, lost);
    }

    private static boolean read(Path file, List<String> columns, Consumer<@Nullable String[]> each) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            RecordCounter.csvRows(in, columns, each);
        }
        return true;
    }

    /// Counts a row of `failed_pairs.csv`.
    void failed(@Nullable String[] row) {
        String id1 = row[0];
        String id2 = row[1];
        boolean first = lost(id1);
        boolean second = id2 == null || id2.equals(id1) || lost(id2);
        uncounted += first && second ? 0 : 1;
        causes.count(or(row[2]), cut(withoutAnswer(or(row[3]))));
    }

    /// Counts a row of `judgements.csv.gz` or `combined_results.csv`.
    void judged(@Nullable String[] row) {
        if (texts.isEmpty()) {
            return;
        }
        String id1 = row[0];
        String id2 = row[1];
        won(id1);
        if (id2 != null && !id2.equals(id1)) {
            won(id2);
        }
    }

    /// Looks at a row of `failed_attempts.csv`: in which segments pairs have their last attempt, and what it failed
    /// for.
    void attempt(@Nullable String[] row) {
        pairs.attempt(row);
        if ("TRUE".equals(row[0])) {
            lastAttempts++;
            FailedPairs.Failure failure = FailedPairs.Failure.of(row);
            explained.count(failure.name(), failure.code(), cut(withoutAnswer(or(row[3]))));
        }
        OptionalInt segment = segment(row[FailedPairs.COLUMNS.size()]);
        attemptsKnown |= segment.isPresent();
        if (segment.isPresent() && "TRUE".equals(row[0]) && !OF_AN_ANSWER.contains(or(row[1]))) {
            deciding.set(segment.getAsInt());
        }
    }

    private static OptionalInt segment(@Nullable String number) {
        return number != null && number.matches("\\d{1,9}")
                ? OptionalInt.of(Integer.parseInt(number))
                : OptionalInt.empty();
    }

    /// Counts a row of `batch_failures.csv`, unless all pairs that it left open were sent again: then another batch
    /// decides, and what was said of this one, a limit that has been raised for example, is over.
    void batch(@Nullable String[] row) {
        pairs.batch(row[1]);
        OptionalInt segment = segment(row[2]);
        if (attemptsKnown && segment.isPresent() && !deciding.get(segment.getAsInt())) {
            return;
        }
        batches.count(or(row[0]), cut(or(row[1])));
    }

    /// Counts a row of `rejected_rows.csv`.
    void rejected(@Nullable String[] row) {
        rejected++;
        reasons.count(or(row[0]), "");
    }

    private boolean lost(@Nullable String id) {
        if (id == null) {
            return true; // a file without the column has no texts to count
        }
        Counts counts = texts.get(id);
        if (counts == null) {
            if (texts.size() >= mostTexts || chars + id.length() > mostChars) {
                return false;
            }
            chars += id.length();
            counts = new Counts();
            texts.put(id, counts);
        }
        counts.lost++;
        return true;
    }

    private void won(@Nullable String id) {
        Counts counts = texts.get(id);
        if (counts != null) {
            counts.judged++;
        }
    }

    /// What the provider says, without what the model has written.
    private static String withoutAnswer(String detail) {
        return REFUSED.matcher(detail).matches() ? "refused" : detail;
    }

    private static String cut(String text) {
        return text.length() <= MOST_CHARS ? text : text.substring(0, MOST_CHARS) + "…";
    }

    private static String or(@Nullable String text) {
        return text == null ? "" : text;
    }

    /// What was counted.
    ///
    /// @param judged comparisons with a winner
    /// @param lost comparisons without one
    Losses losses(long judged, long lost) {
        boolean compared = judged + lost > 0;
        FailedPairs failed = pairs.counted();
        // Files of an older version may lack the last attempts.
        boolean known = lost > 0 && lastAttempts == lost;
        List<Losses.Cause> shown = (known ? explained : compared ? causes : reasons).commonest(SHOWN);
        long told = known
                ? shown.stream()
                        .map(Losses.Cause::cause)
                        .distinct()
                        .mapToLong(failed::named)
                        .sum()
                : shown.stream().mapToLong(Losses.Cause::count).sum();
        return new Losses(
                judged,
                lost,
                rejected,
                shown,
                shown.isEmpty() ? 0 : Math.max(0, (compared ? lost : rejected) - told),
                batches.commonest(SHOWN).stream()
                        .filter(batch -> shown.stream()
                                .noneMatch(cause -> cause.example().contains(batch.example())))
                        .toList(),
                worst(),
                all().filter(Losses.Text::isHit).count(),
                uncounted,
                failed);
    }

    /// Those that lost too much first, then those that lost most.
    private List<Losses.Text> worst() {
        return all().filter(text -> text.lost() > 1)
                .sorted(Comparator.comparing((Losses.Text text) -> !text.isHit())
                        .thenComparingLong(text -> -text.lost())
                        .thenComparingLong(Losses.Text::comparisons)
                        .thenComparing(Losses.Text::id))
                .limit(SHOWN)
                .toList();
    }

    private Stream<Losses.Text> all() {
        return texts.entrySet().stream()
                .map(text -> new Losses.Text(
                        text.getKey(), text.getValue().lost, text.getValue().lost + text.getValue().judged));
    }
}
