package io.pairbatch.collect;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.Version;
import io.pairbatch.job.WireId;
import io.pairbatch.pairs.Pair;
import io.pairbatch.problem.FailureCause;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.provider.Answer;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.Reading;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.results.Attempt;
import io.pairbatch.results.BatchEnd;
import io.pairbatch.results.BatchFailure;
import io.pairbatch.results.EndedSegment;
import io.pairbatch.results.Outcome;
import io.pairbatch.results.PairFile;
import io.pairbatch.results.PairKeys;
import io.pairbatch.results.PairTexts;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.ResultTables;
import io.pairbatch.results.SegmentKeys;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.results.Tallies;
import io.pairbatch.results.UnmatchedLine;
import io.pairbatch.results.Verdicts;
import io.pairbatch.spec.TagMode;
import io.pairbatch.store.JobStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Turns the provider's files of a finished segment into its results and failures: each pair becomes one row of
/// `batch_NN_results.csv` or of `parts/batch_NN_failed_pairs.csv`, in row order, regardless of what the provider wrote
/// and in which order. Collecting again writes the same bytes.
///
/// Memory: about 100 bytes per pair, one pair and one answer at a time, and the store's buffers. Disk: one temporary
/// file with the answers' texts.
public final class SegmentCollector {

    /// A longer line is not read; it goes to `unmatched_lines.csv`.
    public static final long MAX_LINE_BYTES = 32L << 20;

    private static final String FOREIGN = "custom_id is not of this job";

    private final JobStore store;
    private final ResultSettings settings;
    private final ResultTables tables;
    private final Verdicts verdicts;
    private final ProviderFormat format;
    private final PriceTable prices;
    private final OtherSegments others;
    private final ToLongFunction<Pair> prompt;

    public SegmentCollector(JobStore store, ResultSettings settings, PriceTable prices) {
        this(store, settings, prices, OtherSegments.UNKNOWN);
    }

    /// @param others who has the answers that are of this job, but of no pair of a segment
    public SegmentCollector(JobStore store, ResultSettings settings, PriceTable prices, OtherSegments others) {
        this(store, settings, prices, others, pair -> 0);
    }

    /// @param prompt the bytes of a pair's prompt; 0 where they are not known
    public SegmentCollector(
            JobStore store,
            ResultSettings settings,
            PriceTable prices,
            OtherSegments others,
            ToLongFunction<Pair> prompt) {
        this.prompt = prompt;
        this.store = store;
        this.settings = settings;
        this.tables = new ResultTables(settings);
        this.verdicts = new Verdicts(settings.rules());
        this.format = Providers.format(settings.backend());
        this.prices = prices;
        this.others = others;
    }

    /// Reads `batch_NN_pairs.jsonl` and, if they exist, `batch_NN_errors.jsonl` and `batch_NN_output.jsonl`; writes the
    /// segment's files, the tally last.
    public SegmentTally collect(EndedSegment segment) throws IOException {
        return collect(segment, Counted.NOTHING, true).orElseThrow().tally();
    }

    /// What one segment's files gave.
    ///
    /// @param lent by file and segment, how many of its lines are answers of other segments; nothing else is said of
    /// these
    public record Gathered(SegmentTally tally, SortedMap<String, SortedMap<Integer, Long>> lent) {}

    /// Collects a segment from its own files and from those of others that hold answers to its pairs.
    ///
    /// @param lenders the other segments
    public Gathered gather(EndedSegment segment, Collection<Integer> lenders) throws IOException {
        SortedMap<String, SortedMap<Integer, Long>> lent = new TreeMap<>();
        return new Gathered(
                collect(segment, Counted.NOTHING, true, lenders, lent)
                        .orElseThrow()
                        .tally(),
                lent);
    }

    /// The result of collecting a segment.
    ///
    /// @param whole whether the segment's files hold everything that the provider counts
    record Collected(SegmentTally tally, boolean whole) {}

    /// The same; empty, with nothing written, if the files hold less than the provider counts.
    ///
    /// @param last whether to accept incomplete files
    Optional<Collected> collect(EndedSegment segment, Counted counted, boolean last) throws IOException {
        return collect(segment, counted, last, List.of(), null);
    }

    private Optional<Collected> collect(
            EndedSegment segment,
            Counted counted,
            boolean last,
            Collection<Integer> lenders,
            @Nullable SortedMap<String, SortedMap<Integer, Long>> lent)
            throws IOException {
        try (AnswerSpool spool = AnswerSpool.create();
                PairTexts texts = new PairTexts(store);
                SegmentFiles files = new SegmentFiles(store, segment.index(), settings, tables)) {
            Run run = new Run(segment, counted, spool, texts, files, lent);
            run.readLines(lenders);
            boolean whole = run.isWhole();
            if (!whole && !last) {
                return Optional.empty();
            }
            run.settlePairs();
            run.logDuplicates();
            run.logBatchFailure();
            SegmentTally tally = run.tally.total(
                    segment,
                    run.index,
                    new SegmentTally.Made(
                            Version.CURRENT,
                            files.columns().digest(),
                            settings.rules().code()));
            files.commit();
            Tallies.write(store, tally);
            return Optional.of(new Collected(tally, whole));
        }
    }

    /// What a segment's files hold.
    ///
    /// @param whole whether that is everything that the provider counts
    /// @param answered pairs with a line that is no error
    record Seen(boolean whole, long answered) {}

    /// Looks at what a segment's files hold. Writes nothing.
    Seen look(EndedSegment segment, Counted counted) throws IOException {
        try (AnswerSpool spool = AnswerSpool.create();
                PairTexts texts = new PairTexts(store);
                SegmentFiles files = new SegmentFiles(store, segment.index(), settings, tables)) {
            Run run = new Run(segment, counted, spool, texts, files, null);
            run.readLines(List.of());
            return new Seen(run.isWhole(), run.index.answered());
        }
    }

    /// The number of a segment's pairs, collected or not.
    public long countPairs(int segment) throws IOException {
        return PairFile.rows(store, JobFiles.pairs(segment)).length;
    }

    /// A line that counts.
    ///
    /// @param place in the spool
    private record Deciding(long place, AnswerSpool.Spooled spooled, Verdicts.Judgement judgement) {

        Outcome outcome() {
            return judgement.outcome();
        }

        /// Whether another line names a winner that this one does not name.
        boolean disagrees(Outcome other) {
            return other instanceof Outcome.Observed its
                    && !(outcome() instanceof Outcome.Observed mine
                            && mine.betterSample().equals(its.betterSample()));
        }
    }

    /// Collects one segment.
    private final class Run {

        private final EndedSegment segment;
        private final Counted counted;
        private final AnswerSpool spool;
        private final PairTexts texts;
        private final AnswerIndex index;
        private final RequestIds ids;
        private final SegmentFiles files;
        private final TallyCounter tally;
        private final @Nullable SortedMap<String, SortedMap<Integer, Long>> lent;
        private long nobodys;

        Run(
                EndedSegment segment,
                Counted counted,
                AnswerSpool spool,
                PairTexts texts,
                SegmentFiles files,
                @Nullable SortedMap<String, SortedMap<Integer, Long>> lent)
                throws IOException {
            this.segment = segment;
            this.counted = counted;
            this.spool = spool;
            this.texts = texts;
            this.index = new AnswerIndex(PairFile.rows(store, JobFiles.pairs(segment.index())), spool);
            this.ids = RequestIds.of(store, settings, segment);
            this.files = files;
            this.tally = new TallyCounter(Providers.of(settings.backend()));
            this.lent = lent;
        }

        /// The error files first, so that an answer always counts as the later line, and the segment's own last.
        void readLines(Collection<Integer> lenders) throws IOException {
            if (segment.end() instanceof BatchEnd.NotSubmitted) {
                return;
            }
            for (int lender : lenders) {
                readLines(JobFiles.errors(lender), true);
            }
            readLines(JobFiles.errors(segment.index()), false);
            for (int lender : lenders) {
                readLines(JobFiles.output(lender), true);
            }
            readLines(JobFiles.output(segment.index()), false);
        }

        private void readLines(String file, boolean borrowed) throws IOException {
            Optional<InputStream> in = store.open(file);
            if (in.isEmpty()) {
                return;
            }
            try (Lines lines = new Lines(in.get(), MAX_LINE_BYTES)) {
                while (lines.next()) {
                    byte[] kept = settings.includeRaw() ? lines.line().readAllBytes() : null;
                    Reading reading = format.read(kept == null ? lines.line() : new ByteArrayInputStream(kept));
                    if (lines.isTooLong()) {
                        reading = new Reading.Unreadable("longer than " + MAX_LINE_BYTES + " bytes", null);
                    }
                    String raw = kept == null ? null : new String(kept, StandardCharsets.UTF_8).stripTrailing();
                    if (!borrowed) {
                        take(file, lines, reading, raw);
                    } else if (reading instanceof Reading.Understood it) {
                        borrow(it.answer(), raw);
                    }
                }
            }
        }

        /// A line of another segment's file, whose other lines are that segment's.
        private void borrow(Answer answer, @Nullable String raw) throws IOException {
            if (answer.customId() != null && ids.areOurs()) {
                long row = ids.row(answer.customId());
                if (row > 0) {
                    index.add(row, answer, raw);
                }
            }
        }

        private void take(String file, Lines lines, Reading reading, @Nullable String raw) throws IOException {
            String trouble = switch (reading) {
                case Reading.Understood it -> match(file, it.answer(), raw);
                case Reading.Unreadable it -> it.reason();
            };
            if (trouble == null) {
                return;
            }
            String customId = switch (reading) {
                case Reading.Understood it -> it.answer().customId();
                case Reading.Unreadable it -> it.customId();
            };
            boolean foreign = reading instanceof Reading.Understood && customId != null;
            if (!foreign && lines.isEnded()) {
                nobodys++;
            }
            tally.unmatchedLine(trouble.equals(FOREIGN));
            files.unmatchedLine(new UnmatchedLine(
                    segment.index(), file, lines.number(), trouble, customId, lines.start(UnmatchedLine.START_CHARS)));
        }

        /// Whether the files hold as many lines as the provider counts. An unreadable line counts, because waiting does
        /// not change it; a line of somebody else's request does not count.
        boolean isWhole() {
            boolean allHaveLines = index.withLine() == index.pairs();
            return allHaveLines || (index.withLine() + nobodys >= counted.lines() && !isPaidMissing());
        }

        /// Whether an answer that the provider counts is missing.
        private boolean isPaidMissing() {
            return index.answered() + nobodys < Math.min(counted.answers(), index.pairs());
        }

        /// Assigns the answer to its pair; otherwise returns why it has none.
        private @Nullable String match(String file, Answer answer, @Nullable String raw) throws IOException {
            if (answer.customId() == null) {
                return "no custom_id";
            }
            long row = ids.row(answer.customId());
            if (row > 0 && index.add(row, answer, raw)) {
                return null;
            }
            if (!ids.areOurs()) {
                return "custom_id is of no pair of this segment";
            }
            Optional<WireId> id = WireId.of(settings.job(), answer.customId());
            if (id.isEmpty()) {
                return FOREIGN;
            }
            OptionalInt other = others.of(id.get());
            if (other.isEmpty()) {
                return "custom_id is of no pair of this segment";
            }
            if (lent == null) {
                return "custom_id is of segment " + other.getAsInt();
            }
            lent.computeIfAbsent(file, f -> new TreeMap<>()).merge(other.getAsInt(), 1L, Long::sum);
            return null;
        }

        void settlePairs() throws IOException {
            SegmentKeys keys = new SegmentKeys(settings);
            try (PairFile pairs = PairFile.open(store, JobFiles.pairs(segment.index()), texts)) {
                int i = 0;
                for (Pair pair = pairs.next(); pair != null; pair = pairs.next()) {
                    record(settle(pair, keys.next(pair), index.lastPlace(i++)));
                }
            }
        }

        private Attempt settle(Pair pair, PairKeys keys, long lastPlace) throws IOException {
            if (lastPlace != AnswerSpool.NONE) {
                Deciding line = deciding(pair, lastPlace);
                Answer answer = line.spooled().answer();
                tally.tags(pair.row(), line.judgement().tags());
                tally.prompt(answer, prompt.applyAsLong(pair));
                return attempt(pair, keys, line.spooled(), line.outcome(), Attempt.Kind.PAIR);
            }
            if (mayBePaid()) {
                tally.unaccounted();
            }
            return switch (segment.end()) {
                case BatchEnd.Completed ended -> attempt(pair, keys, null, missing(), Attempt.Kind.PAIR);
                case BatchEnd.Broken it ->
                    isPaidMissing()
                            ? attempt(pair, keys, null, missing(), Attempt.Kind.PAIR)
                            : wholeBatch(pair, keys, Verdicts.broken(it, endInWords(it)));
                case BatchEnd.Lost it -> wholeBatch(pair, keys, lost(it.detail()));
                case BatchEnd.NotSubmitted it ->
                    wholeBatch(
                            pair,
                            keys,
                            new Outcome.Failed(
                                    it.code(),
                                    it.detail(),
                                    FailureCause.of(it.code().code()).orElseThrow()));
            };
        }

        /// Whether a pair without a line may have been paid for. A batch that was stopped, of a provider that gives
        /// nothing of such a one, has done some of its requests.
        private boolean mayBePaid() {
            return switch (segment.end()) {
                case BatchEnd.Completed ended -> true;
                case BatchEnd.Lost lost -> true;
                case BatchEnd.NotSubmitted none -> false;
                case BatchEnd.Broken broken -> isPaidMissing() || !counted.partly();
            };
        }

        /// The line that counts of a pair: the last one with a winner, else the last one (contract 7.2). What comes
        /// later must not take away a winner that was paid for; but for `exact`, which reads as the R package does.
        private Deciding deciding(Pair pair, long lastPlace) throws IOException {
            Deciding last = null;
            for (long place = lastPlace; place != AnswerSpool.NONE; ) {
                AnswerSpool.Spooled spooled = spool.read(place);
                Deciding line = new Deciding(place, spooled, verdicts.judge(pair, spooled.answer()));
                if (line.outcome() instanceof Outcome.Observed
                        || settings.rules().tagMode() == TagMode.EXACT) {
                    return line;
                }
                last = last == null ? line : last;
                place = spooled.earlier();
            }
            return Objects.requireNonNull(last);
        }

        /// It is unknown which of the pairs without a line were answered, so any of them may have been paid for.
        private Outcome.Failed missing() {
            return isPaidMissing()
                    ? lost("the provider counts " + counted.answers() + " answers, its files hold " + index.answered())
                    : Verdicts.missing();
        }

        private static Outcome.Failed lost(String detail) {
            return new Outcome.Failed(FailureCode.BATCH_LOST, detail, FailureCause.BATCH_LOST);
        }

        private String endOf(BatchEnd.Broken end) {
            return Providers.of(settings.backend()).endOfBatch(end.status());
        }

        /// With what the provider says of the batch, as far as it does.
        private String endInWords(BatchEnd.Broken end) {
            return end.detail() == null ? endOf(end) : endOf(end) + ": " + end.detail();
        }

        private Attempt wholeBatch(Pair pair, PairKeys keys, Outcome.Failed outcome) {
            return attempt(pair, keys, null, outcome, Attempt.Kind.WHOLE_BATCH);
        }

        /// Duplicates come after the segment's other failures (contract 7.7), so the pairs are read a second time; this
        /// is rare.
        void logDuplicates() throws IOException {
            if (index.duplicates() == 0) {
                return;
            }
            SegmentKeys keys = new SegmentKeys(settings);
            try (PairFile pairs = PairFile.open(store, JobFiles.pairs(segment.index()), texts)) {
                int i = 0;
                for (Pair pair = pairs.next(); pair != null; pair = pairs.next()) {
                    logOthers(pair, keys.next(pair), index.lastPlace(i++));
                }
            }
        }

        private void logOthers(Pair pair, PairKeys keys, long lastPlace) throws IOException {
            if (lastPlace == AnswerSpool.NONE || spool.read(lastPlace).earlier() == AnswerSpool.NONE) {
                return;
            }
            Deciding line = deciding(pair, lastPlace);
            Deque<Long> others = new ArrayDeque<>();
            boolean disagree = false;
            for (long place = lastPlace; place != AnswerSpool.NONE; ) {
                AnswerSpool.Spooled spooled = spool.read(place);
                if (place != line.place()) {
                    others.addFirst(place);
                    disagree |= line.disagrees(
                            verdicts.judge(pair, spooled.answer()).outcome());
                }
                place = spooled.earlier();
            }
            tally.disagreeing(pair.row(), disagree);
            String what = settings.hasPairUid() ? "custom_id" : "ordered pair";
            Outcome outcome = new Outcome.Failed(
                    FailureCode.HTTP_ERROR,
                    "Duplicate result row for " + what + "; treated as non-observed attempt",
                    FailureCause.DUPLICATE);
            for (long place : others) {
                record(attempt(pair, keys, spool.read(place), outcome, Attempt.Kind.DUPLICATE));
            }
        }

        void logBatchFailure() throws IOException {
            switch (segment.end()) {
                case BatchEnd.Completed ended -> {}
                case BatchEnd.Broken it -> logBatchFailure(it.status(), it.detail() == null ? endOf(it) : it.detail());
                case BatchEnd.Lost it -> logBatchFailure(FailureCode.BATCH_LOST.code(), it.detail());
                case BatchEnd.NotSubmitted it -> logBatchFailure(it.code().code(), it.detail());
            }
        }

        private void logBatchFailure(String status, String detail) throws IOException {
            files.batchFailure(
                    new BatchFailure(segment.index(), segment.batchId(), status, detail, segment.receivedAt()));
        }

        private void record(Attempt attempt) throws IOException {
            tally.attempt(attempt);
            files.attempt(attempt);
        }

        private Attempt attempt(
                Pair pair, PairKeys keys, AnswerSpool.@Nullable Spooled spooled, Outcome outcome, Attempt.Kind kind) {
            Answer answer = spooled == null ? null : spooled.answer();
            return new Attempt(
                    pair,
                    keys,
                    segment.index(),
                    segment.attempt(),
                    segment.receivedAt(),
                    answer,
                    spooled == null ? null : spooled.raw(),
                    answer == null ? null : prices.batchCost(modelOf(answer), answer),
                    outcome,
                    kind);
        }

        private String modelOf(Answer answer) {
            return answer.model() == null ? settings.model() : answer.model();
        }
    }
}
