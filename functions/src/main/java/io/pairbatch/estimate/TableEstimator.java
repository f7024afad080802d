package io.pairbatch.estimate;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobId;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.job.Version;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.spec.Judge;
import io.pairbatch.split.DesignedPairs;
import io.pairbatch.split.PairSource;
import io.pairbatch.split.SplitCursor;
import io.pairbatch.split.SplitResult;
import io.pairbatch.split.SplitTotals;
import io.pairbatch.split.Splitter;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Estimates of one table. Of a table of pairs each judge's reads it twice, to its last row, and holds one row and the
/// list of segments; samples are held as a job holds them.
///
/// @param input the table
/// @param fingerprint of its content
/// @param service the one used as the provider that others copy
/// @param prices in USD
public record TableEstimator(InputFile input, String fingerprint, Service service, PriceTable prices) {

    /// What a job comes to.
    ///
    /// @param until when to stop reading
    /// @return empty if there was not enough time
    /// @throws JobRejectedException when the job would be rejected
    public Optional<EstimateReport> report(JobSpec spec, Deadline until) throws IOException {
        try (PairSource pairs = PairSource.of(spec, input)) {
            return of(spec, pairs, until).map(estimate -> EstimateReport.of(design(pairs), estimate, service, prices));
        }
    }

    /// What a design compares, on one line; empty for a table of pairs.
    public static Optional<String> design(PairSource pairs) {
        return pairs instanceof DesignedPairs designed ? Optional.of(designed.words()) : Optional.empty();
    }

    /// What a job will send.
    ///
    /// @param pairs of the job's specification, open
    /// @param until when to stop reading
    /// @return empty if there was not enough time
    /// @throws JobRejectedException when the job would be rejected, as far as the table was read
    public Optional<Estimate> of(JobSpec spec, PairSource pairs, Deadline until) throws IOException {
        if (!spec.isPanel()) {
            return ofOne(spec, pairs, until);
        }
        // Which rows are too large for a judge's provider, and where its batches end, is its own.
        List<Estimate.OfJudge> judges = new ArrayList<>();
        for (Judge judge : spec.judges()) {
            Optional<Estimate> own = ofOne(JobSpecJson.judge(spec, judge, Providers::options), pairs, until);
            if (own.isEmpty()) {
                return Optional.empty();
            }
            judges.add(new Estimate.OfJudge(judge.name(), own.get()));
        }
        return Optional.of(Estimate.ofJudges(spec, judges));
    }

    /// A job of a specification that has not been dropped.
    public ResolvedJob job(JobSpec spec) {
        return new ResolvedJob(
                JobId.ofFiles("", fingerprint.getBytes(StandardCharsets.UTF_8), new byte[0]),
                Instant.EPOCH,
                Version.CURRENT,
                new ResolvedJob.Source("", input.name(), null, fingerprint, input.size()),
                spec);
    }

    private Optional<Estimate> ofOne(JobSpec spec, PairSource pairs, Deadline until) throws IOException {
        ProviderFormat format = Providers.format(spec.backend(), service);
        ResolvedJob job = job(spec);
        List<Segment> segments = new ArrayList<>();
        NoStore store = new NoStore();
        SplitResult result =
                new Splitter(job, input, store, format).run(pairs, SplitCursor.START, until, segments::add);
        if (!(result instanceof SplitResult.Done done)) {
            return Optional.empty();
        }
        SplitTotals totals = done.totals();
        Integer limit = spec.batching().sample().limit();
        long judged = limit == null ? totals.accepted() : Math.min(limit, totals.accepted());
        long comparisons = judged * spec.batching().repetition().perPair();
        if (!until.allows(Duration.ZERO)) {
            return Optional.empty();
        }
        PromptBytes prompts = PromptBytes.of(spec, pairs).scaledTo(comparisons);
        int batches = batches(segments, comparisons);
        return Optional.of(new Estimate(
                spec,
                format.requests(spec, job.token()).endpoint(),
                totals,
                judged,
                batches,
                prompts.bytes(),
                segments.subList(0, batches).stream()
                        .mapToLong(Segment::inputBytes)
                        .sum(),
                prompts.tokens(),
                done.content().hex(),
                store.prints(),
                Estimate.Price.of(prices, spec.model(), prompts.tokens()),
                Estimate.Bounds.of(prices, spec, segments),
                List.of()));
    }

    /// How many batches a part of the pairs needs.
    private static int batches(List<Segment> segments, long judged) {
        long rows = 0;
        for (int i = 0; i < segments.size(); i++) {
            if (rows >= judged) {
                return i;
            }
            rows += segments.get(i).rows();
        }
        return segments.size();
    }
}
