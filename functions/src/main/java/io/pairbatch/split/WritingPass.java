package io.pairbatch.split;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.pairing.Repetition;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.Pair;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.results.TableFile;
import io.pairbatch.store.Csv;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.time.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes the segments of a part, starting at a cursor. The first part also lists the rejected rows and the columns of
/// the whole table. A segment is closed only when a row does not fit any more, so that rejected rows belong to the
/// segment before them; those before the first segment belong to part 0.
final class WritingPass implements Closeable {

    private static final int SHOWN_ROWS = 10;

    private final TableLimits tableLimits;
    private final JobStore store;
    private final BatchLimits limits;
    private final SampledRows wantedRows;
    private final PairSource source;
    private final RequestRows rows;
    private final Repetition repetition;
    private final SplitCursor from;
    private final SegmentSizes sizes;
    private final ColumnUnion columns;
    private final List<Long> firstRejected;
    private final SegmentWriter.RejectedPart leading;
    private final TableCheck check;
    private final @Nullable AdoptedRows adopted;

    private SplitTotals totals;
    private ContentHash content;
    private int wanted;
    private long inWanted;
    private @Nullable SegmentWriter segment;

    WritingPass(
            ResolvedJob job,
            InputFile input,
            JobStore store,
            BatchLimits limits,
            SampledRows wantedRows,
            PairSource source,
            RequestRows rows,
            SplitCursor from)
            throws IOException {
        this.tableLimits = new TableLimits(job.spec().batching(), input);
        this.store = store;
        this.limits = limits;
        this.wantedRows = wantedRows;
        this.source = source;
        this.rows = rows;
        this.from = from;
        this.repetition = job.spec().batching().repetition();
        this.sizes = new SegmentSizes(
                job.spec().batching().splitting(), Math.min(from.counted(), wantedRows.count()) * repetition.perPair());
        this.columns = ColumnUnion.of(
                input.name(), rows.header(), store, first() ? from.totals().segments() : 0);
        this.firstRejected = new ArrayList<>(from.firstRejected());
        this.leading = new SegmentWriter.RejectedPart(store, 0);
        this.check = TableCheck.of(
                job.spec().prompt(), store, first() ? from.totals().segments() : 0);
        this.adopted = AdoptedRows.of(job, input.name());
        // What is known of samples is told once, as the rows of a table are read once.
        this.totals = first() && from.totals().rows() == 0 ? from.totals().with(source.report()) : from.totals();
        this.content = from.content();
        this.wanted = from.wanted();
        this.inWanted = from.inWanted();
    }

    SplitResult run(Deadline deadline, Consumer<Segment> onSegment) throws IOException {
        Instant began = deadline.clock().instant();
        Duration slowest = Duration.ZERO;
        for (InputRow row = rows.read(); row != null; row = rows.read()) {
            switch (row) {
                case InputRow.Rejected rejected -> reject(rejected);
                case InputRow.Accepted accepted -> {
                    boolean first = repetition.isFirst(accepted.row());
                    if (!wantedRows.contains(first ? totals.accepted() : totals.accepted() - 1)) {
                        // A row is in the sample with all its comparisons, so this is the first.
                        content = content.plus(RowPrint.digest(accepted.pair()));
                        leave(accepted);
                        rows.leaveRow();
                        continue;
                    }
                    if (isSegmentOver(accepted.row())) {
                        finishSegment(onSegment);
                        Instant now = deadline.clock().instant();
                        Duration took = Duration.between(began, now);
                        slowest = took.compareTo(slowest) > 0 ? took : slowest;
                        began = now;
                        // On a clock that stands still a segment takes no time, but the end is still the end.
                        if (!deadline.allows(slowest.multipliedBy(2).plusNanos(1))) {
                            return pause();
                        }
                    }
                    byte[] digest = RowPrint.digest(accepted.pair());
                    accept(accepted, digest);
                    if (first) {
                        content = content.plus(digest);
                        count(accepted.pair());
                    }
                }
            }
        }
        finishSegment(onSegment);
        if (adopted != null) {
            adopted.end(totals.rows(), totals.segments());
        }
        if (first()) {
            leading.commit();
            columns.writeTo(store, JobFiles.COLUMNS);
            TableFile.write(store, totals.table());
            source.describe(store);
            checkTable();
        }
        return new SplitResult.Done(totals, content);
    }

    private boolean first() {
        return from.part() == 0;
    }

    /// A row that is not judged now still contributes its columns: they are the same in all parts.
    private void leave(InputRow.Accepted row) {
        columns.add(row.pair());
        totals = totals.plusAccepted(false);
        look();
    }

    /// A row is counted with its first comparison.
    private void count(Pair pair) {
        columns.add(pair);
        totals = totals.plusAccepted(pair.text1().isEmpty() || pair.text2().isEmpty());
        look();
    }

    /// Only once, in the first part, which reads every row.
    private void look() {
        if (first() && source.isChecked()) {
            totals = totals.with(check.look(rows.row(), totals.table()));
        }
    }

    @Override
    public void close() throws IOException {
        try (rows;
                leading) {
            if (segment != null) {
                segment.close();
            }
        }
    }

    /// Whether the current row needs a new segment although one is open.
    private boolean isSegmentOver(long row) {
        if (segment != null && adopted != null) {
            return adopted.isAfter(totals.segments() + 1, row);
        }
        return segment != null
                && (inWanted >= sizes.size(wanted)
                        || segment.isFull(
                                limits.requests(),
                                limits.bytes(),
                                rows.request().size()));
    }

    private void accept(InputRow.Accepted row, byte[] digest) throws IOException {
        Pair pair = row.pair();
        if (segment == null) {
            if (first() && totals.segments() == 0) {
                leading.commit();
            }
            segment = new SegmentWriter(store, totals.segments() + 1);
        }
        segment.add(pair, adopted == null ? rows.request() : adopted.line(pair, totals.segments() + 1), digest);
        inWanted++;
    }

    private void reject(InputRow.Rejected row) throws IOException {
        if (!first()) {
            totals = totals.plusRejected();
            return;
        }
        if (segment == null) {
            leading.add(row);
        } else {
            segment.reject(row);
        }
        if (firstRejected.size() < SHOWN_ROWS) {
            firstRejected.add(row.row());
        }
        totals = totals.plusRejected(row);
    }

    private void finishSegment(Consumer<Segment> onSegment) throws IOException {
        SegmentWriter open = segment;
        if (open == null) {
            return;
        }
        segment = null;
        try (open) {
            Segment written = open.commit();
            totals = totals.plusSegment();
            onSegment.accept(written);
        }
        if (inWanted >= sizes.size(wanted)) {
            wanted++;
            inWanted = 0;
        }
    }

    /// The cursor before the current row, which has not been counted yet.
    private SplitResult pause() throws IOException {
        columns.save(store, totals.segments());
        if (first() && source.isChecked()) {
            check.save(store, totals.segments());
        }
        return new SplitResult.Paused(new SplitCursor(
                from.part(), false, from.counted(), rows.before(), totals, wanted, inWanted, firstRejected, content));
    }

    private void checkTable() throws IOException {
        List<Problem> problems = new ArrayList<>();
        Optional<Problem> badRows = tableLimits.badRows(totals, firstRejected);
        if (badRows.isPresent()) {
            writeRejectedRows();
            problems.add(badRows.get());
        }
        tableLimits.reusedId(totals.table()).ifPresent(problems::add);
        if (!problems.isEmpty()) {
            throw new JobRejectedException(problems);
        }
    }

    /// Nothing is merged after a rejection, so the list of bad rows is put together here.
    private void writeRejectedRows() throws IOException {
        StringBuilder header = new StringBuilder();
        Csv.line(header, List.of("row", "reason", "detail"));
        try (Draft draft = store.create(JobFiles.REJECTED_ROWS)) {
            draft.write(header.toString().getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i <= totals.segments(); i++) {
                String part = JobFiles.part(JobFiles.REJECTED_ROWS, i);
                long size = store.size(part);
                if (size > 0) {
                    draft.append(part, 0, size);
                }
            }
            draft.commit();
        }
    }
}
