package io.pairbatch.split;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.pairing.Repetition;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.Pair;
import io.pairbatch.pairs.Position;
import io.pairbatch.prompt.PromptSize;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.Prompt;
import io.pairbatch.spec.Splitting;
import io.pairbatch.spec.Substitution;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.JsonLine;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;

/// Reads the table to its last row and writes every segment (contract 1.3). Deterministic: a re-run writes the same
/// bytes. Holds one row and the drafts' buffers in memory, regardless of the table's size; of samples, which a design
/// compares, what [DesignedPairs] hold.
public final class Splitter {

    /// The most bytes that one byte of a text becomes in JSON.
    private static final int ESCAPED = 6;

    private final ResolvedJob job;
    private final InputFile input;
    private final JobStore store;
    private final BatchLimits limits;
    private final RequestWriter requests;
    private final Parts parts;

    /// @param job frozen; its `job.json` is not written here
    public Splitter(ResolvedJob job, InputFile input, JobStore store) {
        this(job, input, store, Providers.format(job.spec().backend()));
    }

    /// @param job frozen; its `job.json` is not written here
    /// @param format what the job's provider accepts
    public Splitter(ResolvedJob job, InputFile input, JobStore store, ProviderFormat format) {
        this(job, input, store, format, Parts.of(job.spec(), List.of()));
    }

    /// @param job frozen; its `job.json` is not written here
    /// @param format what the job's provider accepts
    /// @param parts in which the table is judged
    public Splitter(ResolvedJob job, InputFile input, JobStore store, ProviderFormat format, Parts parts) {
        this(job, input, store, format, format.limits(), parts);
    }

    Splitter(ResolvedJob job, InputFile input, JobStore store, BatchLimits limits) {
        this(job, input, store, Providers.format(job.spec().backend()), limits, Parts.of(job.spec(), List.of()));
    }

    private Splitter(
            ResolvedJob job, InputFile input, JobStore store, ProviderFormat format, BatchLimits limits, Parts parts) {
        this.job = job;
        this.input = input;
        this.store = store;
        this.limits = limits;
        this.requests = format.requests(job.spec(), job.token());
        this.parts = parts;
    }

    /// Continues from `from` until the last row is read or time is short; each call completes at least one segment.
    ///
    /// @param onSegment receives each segment once its files exist, in order; a repeated call passes the same segments
    /// again, byte for byte
    /// @throws JobRejectedException if the table cannot be read, has the wrong columns, an ID with two texts, or too
    /// many
    /// bad rows (then `rejected_rows.csv` exists)
    /// @throws IOException if the input or the store cannot be reached
    public SplitResult run(SplitCursor from, Deadline deadline, Consumer<Segment> onSegment) throws IOException {
        try (PairSource source = PairSource.of(job.spec(), input)) {
            return run(source, from, deadline, onSegment);
        }
    }

    /// The same of a source that is open, and stays so: whoever reads it for something else too need not read samples
    /// twice.
    public SplitResult run(PairSource source, SplitCursor from, Deadline deadline, Consumer<Segment> onSegment)
            throws IOException {
        SplitCursor at = from;
        while (true) {
            if (at.counting()) {
                at = counted(source, at, deadline);
            }
            if (at.counting()) {
                return new SplitResult.Paused(at);
            }
            SplitResult result = write(source, at, deadline, onSegment);
            if (!(result instanceof SplitResult.Done done) || parts.isLast(at.part())) {
                return result;
            }
            at = at.next(
                    done.totals(), parts.before(at.part() + 1, done.totals().segments()));
        }
    }

    private SplitCursor counted(PairSource source, SplitCursor at, Deadline deadline) throws IOException {
        boolean counts = parts.sampled() || job.spec().batching().splitting() instanceof Splitting.SegmentCount;
        if (!counts) {
            return at.counted(0);
        }
        return source instanceof DesignedPairs designed && allFit(designed)
                ? at.counted(designed.pairs())
                : new CountingPass(position -> rows(source, position), deadline).run(at);
    }

    /// Whether no request of a design can be too large, so that the design says how many there are: even where each
    /// character of the longest text would have to be escaped, wherever the template names a text.
    private boolean allFit(DesignedPairs designed) {
        Prompt prompt = job.spec().prompt();
        if (prompt.substitution() != Substitution.SINGLE) {
            return false;
        }
        int most = RetryRounds.maxBytes(limits);
        JsonLine line = new JsonLine(most);
        long last = designed.pairs() * repetition().perPair();
        requests.write(line, new Pair(last, "", "", "", "", new LinkedHashMap<>()));
        PromptSize size = PromptSize.of(prompt.template(), prompt.trait());
        long places = (long) size.firsts() + size.seconds();
        return !line.tooLong() && line.size() + places * ESCAPED * designed.longestText() <= most;
    }

    private SplitResult write(PairSource source, SplitCursor at, Deadline deadline, Consumer<Segment> onSegment)
            throws IOException {
        parts.check(input.name(), at.counted());
        SampledRows wanted = parts.rows(at.part(), at.counted());
        try (WritingPass pass =
                new WritingPass(job, input, store, limits, wanted, source, rows(source, at.position()), at)) {
            return pass.run(deadline, onSegment);
        }
    }

    private RequestRows rows(PairSource source, Position position) throws IOException {
        return RequestRows.open(source, position, job, requests, limits);
    }

    private Repetition repetition() {
        return job.spec().batching().repetition();
    }
}
