package io.pairbatch.split;

import io.pairbatch.job.JobFiles;
import io.pairbatch.pairing.Coverage;
import io.pairbatch.pairing.Design;
import io.pairbatch.pairing.PairCursor;
import io.pairbatch.pairing.Pairing;
import io.pairbatch.pairing.RefusedDesignException;
import io.pairbatch.pairing.Repetition;
import io.pairbatch.pairing.SampleList;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.Pair;
import io.pairbatch.pairs.PairRows;
import io.pairbatch.pairs.Position;
import io.pairbatch.pairs.SampleReader;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.problem.RowFinding;
import io.pairbatch.results.PairTexts;
import io.pairbatch.samples.Samples;
import io.pairbatch.spec.Batching;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The pairs that a design makes of the samples of a table, numbered from 1 on. The same table always gives the same
/// pairs, so the number of the last one is all that a later call needs. Holds what [Samples] hold, and what the design
/// does: up to 32 bytes for each pair that is drawn.
public final class DesignedPairs implements PairSource {

    /// What a function can take, of its memory and of its disk, where answers need room as well.
    static final Samples.Limits LIMITS = new Samples.Limits(200_000, 16_000_000, 2L << 30);

    /// More are not drawn in a function.
    static final long MOST_DRAWN = 2_000_000;

    private static final String FIELD = "job.json, field `pairing";

    private final Samples samples;
    private final Pairing pairing;
    private final Design design;
    private final Repetition repetition;
    private final TableReport report;
    private final Coverage coverage;

    private DesignedPairs(Samples samples, Pairing pairing, Design design, TableReport found, Repetition repetition) {
        this.samples = samples;
        this.pairing = pairing;
        this.design = design;
        this.repetition = repetition;
        this.coverage = Coverage.of(samples.list(), pairing.cursor(design));
        this.report = withCoverage(found);
    }

    /// Reads the samples of a job once, to their end.
    ///
    /// @throws JobRejectedException if they cannot be compared as the job says
    static DesignedPairs read(JobSpec spec, InputFile input) throws IOException {
        return read(spec, input, LIMITS);
    }

    static DesignedPairs read(JobSpec spec, InputFile input, Samples.Limits limits) throws IOException {
        Pairing pairing = spec.batching().pairing().orElseThrow();
        TableCheck check = new TableCheck(spec.prompt());
        TableReport[] found = {TableReport.NONE};
        Samples samples = new Samples(limits);
        try {
            Samples.Table table = () -> SampleReader.ofJob(input);
            samples.addColumns(table);
            samples.addTable(table, input.name(), sample -> found[0] = check.look(sample, found[0]));
            List<Problem> problems = new ArrayList<>(samples.problems(input.name()));
            BitSet anchors = anchors(samples.list(), pairing, problems);
            if (!problems.isEmpty()) {
                throw new JobRejectedException(problems);
            }
            Design design = design(pairing, samples.list().size(), anchors);
            check(pairing, design, spec.batching());
            return new DesignedPairs(
                    samples, pairing, design, found[0], spec.batching().repetition());
        } catch (IOException | RuntimeException e) {
            samples.close();
            throw e;
        }
    }

    private static BitSet anchors(SampleList list, Pairing pairing, List<Problem> problems) {
        BitSet anchors = new BitSet();
        for (String id : pairing.anchors()) {
            OptionalInt number = list.find(id);
            if (number.isPresent()) {
                anchors.set(number.getAsInt());
            } else {
                problems.add(refusal(
                        ".anchors`",
                        "\"" + shown(id) + "\", which is the ID of no sample",
                        list.nearest(id)
                                .map(near -> "perhaps \"" + shown(near) + "\"")
                                .orElse("IDs of samples in the table")));
            }
        }
        return anchors;
    }

    private static String shown(String id) {
        String line = id.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= 40 ? line : line.substring(0, 40) + "…";
    }

    private static Design design(Pairing pairing, int samples, BitSet anchors) {
        try {
            return pairing.of(samples, anchors);
        } catch (RefusedDesignException e) {
            throw new JobRejectedException(refusal("`", e.found(), e.expected()));
        }
    }

    private static void check(Pairing pairing, Design design, Batching batching) {
        int most = batching.maxComparisons();
        long comparisons = pairing.comparisons(design) * batching.repetition().perPair();
        if (comparisons > most) {
            throw new JobRejectedException(refusal(
                    "`",
                    Coverage.number(comparisons) + " comparisons (" + pairing.words() + ")",
                    Coverage.number(most)
                            + " at most, as `max_comparisons` has it; set that if so many are wanted, or take fewer:"
                            + " the design `per_sample` makes k for each sample"));
        }
        if (pairing.isDrawn(design) && design.pairs() > MOST_DRAWN) {
            throw new JobRejectedException(refusal(
                    "`",
                    Coverage.number(design.pairs()) + " pairs to draw",
                    Coverage.number(MOST_DRAWN) + " at most in a job; ./pairbatch pairs draws more"));
        }
    }

    private static Problem refusal(String field, String found, String expected) {
        return new Problem(ErrorCode.PAIRING_REFUSED, FIELD + field, found, expected);
    }

    private TableReport withCoverage(TableReport found) {
        SampleList.Noted repeated = samples.list().repeated();
        SampleList.Noted same = samples.list().sameText();
        TableReport all = found;
        if (repeated.count() > 0) {
            all = all.ofTheTable(RowFinding.REPEATED_SAMPLE, repeated.count(), repeated.words());
        }
        if (same.count() > 0) {
            all = all.ofTheTable(RowFinding.SAME_SAMPLE_TEXT, same.count(), same.words());
        }
        int uncompared = coverage.uncompared();
        if (uncompared > 0) {
            all = all.ofTheTable(
                    RowFinding.UNCOMPARED_SAMPLES, uncompared, uncompared + ": " + coverage.few(coverage.all(), 0));
        }
        return coverage.parts() <= 1
                ? all
                : all.ofTheTable(
                        RowFinding.SAMPLES_APART,
                        coverage.parts(),
                        Coverage.number(coverage.parts()) + " parts: " + coverage.largest());
    }

    /// How many pairs there are.
    public long pairs() {
        return pairing.comparisons(design);
    }

    /// What is compared, on one line.
    public String words() {
        return coverage.words(pairing)
                + (repetition.isAny()
                        ? "; each is judged " + repetition.perPair() + " times"
                                + (repetition.bothOrders() ? ", in both orders" : "")
                        : "");
    }

    /// Receives the bytes of the two texts of a comparison.
    @FunctionalInterface
    public interface Sizes {

        void of(long text1, long text2);
    }

    /// The sizes of all comparisons, for which no text is read.
    public void sizes(Sizes each) {
        PairCursor cursor = pairing.cursor(design);
        while (cursor.next()) {
            each.of(samples.textSize(cursor.first()), samples.textSize(cursor.second()));
        }
    }

    /// The bytes of the longest text.
    long longestText() {
        return samples.longestText();
    }

    @Override
    public TableReport report() {
        return report;
    }

    @Override
    public boolean isChecked() {
        return false;
    }

    @Override
    public void describe(JobStore store) throws IOException {
        ObjectNode json = Json.MAPPER.createObjectNode().put("words", words());
        json.put("samples", samples.list().size())
                .put("comparisons", pairs() * repetition.perPair())
                .put("connected", coverage.parts() == 1 && coverage.uncompared() == 0)
                .put("components", coverage.parts())
                .put("uncompared", coverage.uncompared())
                .put("fewest_comparisons", coverage.least() * repetition.perPair())
                .put("most_comparisons", coverage.most() * repetition.perPair())
                .put("position_imbalance", repetition.bothOrders() ? 0 : coverage.uneven() * repetition.repeats());
        writeSamples(store);
        try (Draft draft = store.create(JobFiles.DESIGN)) {
            draft.write((json + "\n").getBytes(StandardCharsets.UTF_8));
            draft.commit();
        }
    }

    /// What [PairTexts] reads: a text stands there once, however many pairs it is in.
    private void writeSamples(JobStore store) throws IOException {
        try (Draft draft = store.create(JobFiles.SAMPLES)) {
            PairTexts.write(samples, draft);
            draft.commit();
        }
    }

    @Override
    public PairRows open(Position position) {
        return new Rows(position.rows());
    }

    @Override
    public void close() throws IOException {
        samples.close();
    }

    private final class Rows implements PairRows {

        private final List<String> header = samples.header();
        private final PairCursor cursor = pairing.cursor(design);
        private long number;

        /// @param before how many pairs come before the first one
        Rows(long before) {
            while (number < before && cursor.next()) {
                number++;
            }
        }

        @Override
        public @Nullable InputRow read() throws IOException {
            if (!cursor.next()) {
                return null;
            }
            number++;
            return new InputRow.Accepted(
                    new Pair(
                            number,
                            samples.list().id(cursor.first()),
                            samples.list().id(cursor.second()),
                            samples.text(cursor.first()),
                            samples.text(cursor.second()),
                            samples.columns(cursor.first(), cursor.second())),
                    false,
                    false,
                    false);
        }

        @Override
        public Position position() {
            return new Position(0, number);
        }

        @Override
        public List<String> header() {
            return header;
        }

        @Override
        public void close() {
            // The samples are closed with their source.
        }
    }
}
