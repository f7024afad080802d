package io.pairbatch.merge;

import io.pairbatch.backend.Backend;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.Version;
import io.pairbatch.pairing.Repetition;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.results.BatchEnd;
import io.pairbatch.results.JobSettings;
import io.pairbatch.results.PreflightFile;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.Tallies;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.step.Budget;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.RegistryFile;
import io.pairbatch.step.Restoration;
import io.pairbatch.step.Settings;
import io.pairbatch.step.TagRules;
import io.pairbatch.text.Hex;
import io.pairbatch.time.Deadline;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The merge step: combines a job's files when every segment is accounted for, and ends the job.
public final class MergeStep {

    private static final String RESCUED =
            "The first batches were made elsewhere and taken over: what they asked is not in the files of this job, and was"
                    + " not checked against its trait and template.";

    private final JobRegistry registry;
    private final SegmentRegistry segments;
    private final RegistryFile registryFile;
    private final PriceTable prices;
    private final JobOpener jobs;
    private final Settings deployment;
    private final Pace pace;

    /// How a merge ended.
    public enum Outcome {
        /// The job is done.
        DONE,
        /// Time was up; the next call goes on.
        PAUSED,
        /// A segment is not accounted for, or was read by other rules, or something has changed meanwhile.
        NOT_YET
    }

    public MergeStep(
            JobRegistry registry,
            SegmentRegistry segments,
            RegistryFile registryFile,
            PriceTable prices,
            JobOpener jobs,
            Settings deployment,
            Pace pace) {
        this.registry = registry;
        this.segments = segments;
        this.registryFile = registryFile;
        this.prices = prices;
        this.jobs = jobs;
        this.deployment = deployment;
        this.pace = pace;
    }

    /// Merges the job, or goes on with it.
    ///
    /// @param notices additional remarks on the run for users
    /// @param deadline when the function ends; the table's digest is left out where reading it would take too long
    public Outcome merge(OpenJob job, List<String> notices, Deadline deadline) throws IOException, FencedException {
        boolean collecting = job.item().collecting();
        if (collecting) {
            new Restoration(segments).restoreWishes(job);
        }
        List<SegmentItem> all = segments.all(job.id());
        TagRules rules = TagRules.of(job);
        if (!all.stream().allMatch(s -> s.settled() && !rules.outdated(s))) {
            return Outcome.NOT_YET;
        }
        all.stream().filter(s -> s.receivedAt() == null).findFirst().ifPresent(s -> {
            throw new IllegalStateException("segment " + s.index() + " is " + s.state() + " and was never received");
        });
        if (corrected(job, rules, all)) {
            return Outcome.NOT_YET;
        }
        // The commit mark of a smaller sample, or of an earlier reading, must not remain while the files are rewritten.
        jobs.withdrawSummary(job.fence());
        Instant merging = notBefore(registry.startMerging(job.fence()), all);
        int changes = job.item().policyChanges();
        if (registry.require(job.fence()).policyChanges() != changes) {
            return Outcome.NOT_YET;
        }
        boolean hasPolicy = hasPolicy(job);
        Budget budget = Budget.of(job.resolved().spec(), prices, all);
        List<MergedSegment> merged =
                all.stream().map(segment -> merged(segment, budget)).toList();
        registryFile.write(job);
        List<String> said =
                Stream.concat(notices(job, merged).stream(), notices.stream()).toList();
        String outcome = outcome(job, all, rules);
        End end = end(job, outcome, merging, said);
        MergeJob mergeJob = new MergeJob(
                job.id(),
                Version.CURRENT,
                merged,
                job.item().rowsRejected(),
                leftRows(job, all),
                job.resolved().spec().output().keepJsonl(),
                job.resolved().spec().output().writeCombinedCsv(),
                end.notices(),
                end.at(),
                job.item().splitVersion(),
                budget.isPriced() ? bill(job) : null,
                repetition(job).perPair());
        ResultSettings settings = JobSettings.of(job.resolved(), job.store());
        Origin origin = origin(job, end, deadline);
        // From an earlier stop, which the job has recovered from.
        job.store().delete(JobFiles.ERROR);
        Merger merger = new Merger(job.store(), settings, prices, pace);
        Merged result = merger.merge(mergeJob, origin, key(job, changes, outcome), deadline);
        if (result == null) {
            return Outcome.PAUSED;
        }
        boolean same = hasPolicy == hasPolicy(job)
                && jobs.frozen(job.id())
                        .filter(now -> now.spec().equals(job.resolved().spec()))
                        .isPresent();
        if (!same) {
            return Outcome.NOT_YET;
        }
        merger.tidy(mergeJob);
        boolean done = registry.finish(
                job.fence(),
                end.at(),
                result.total().observed(),
                result.total().failed(),
                failures(result),
                costOf(result),
                rules.code(),
                Budget.limit(job.resolved().spec()),
                needed(mergeJob, result),
                changes,
                collecting);
        return done ? Outcome.DONE : Outcome.NOT_YET;
    }

    /// What one execution puts together of one outcome. What another one has begun may be of files that were changed
    /// since, by a function that nobody waited for.
    private static String key(OpenJob job, int changes, String outcome) {
        return Hex.sha256(String.join(
                        "\n",
                        job.fence().owner(),
                        String.valueOf(job.fence().epoch()),
                        Version.CURRENT,
                        String.valueOf(changes),
                        outcome))
                .substring(0, 16);
    }

    /// A merge that was begun before an answer was fetched once more did not hold it.
    private static Instant notBefore(Instant begun, List<SegmentItem> all) {
        return Stream.concat(
                        Stream.of(begun),
                        all.stream().map(SegmentItem::receivedAt).filter(Objects::nonNull))
                .max(Comparator.naturalOrder())
                .orElse(begun);
    }

    private Bill bill(OpenJob job) throws FencedException {
        Costs costs = registry.require(job.fence()).costs();
        return new Bill(Budget.limit(job.resolved().spec()), costs.spent(), costs.reserved());
    }

    private static @Nullable Long needed(MergeJob job, Merged result) {
        return job.bill() == null || result.unsent() == 0
                ? null
                : Long.valueOf(job.bill().needed(result));
    }

    /// A table that was restored to an older state may say that files were read by the rules of now, which were read by
    /// others since. Their tallies know.
    ///
    /// @return whether any was corrected; it is then read again
    private boolean corrected(OpenJob job, TagRules rules, List<SegmentItem> all) throws IOException {
        if (!hasPolicy(job)) {
            return false;
        }
        boolean[] corrected = {false};
        pace.calls().each(all, segment -> readBy(job, segment), read -> {
            if (!read.rules().isEmpty() && !read.rules().equals(rules.code())) {
                segments.batches().correctRules(job.id(), read.segment(), read.rules());
                corrected[0] = true;
            }
        });
        return corrected[0];
    }

    /// @param rules empty if the segment has no tally, or one that does not say them
    private record ReadBy(SegmentItem segment, String rules) {}

    private static ReadBy readBy(OpenJob job, SegmentItem segment) throws IOException {
        try {
            return new ReadBy(
                    segment, Tallies.read(job.store(), segment.index()).made().tagRules());
        } catch (FileNotFoundException e) {
            return new ReadBy(segment, "");
        }
    }

    private static boolean hasPolicy(OpenJob job) throws IOException {
        return job.store().size(JobFiles.POLICY) >= 0;
    }

    private End end(OpenJob job, String outcome, Instant merging, List<String> notices) throws IOException {
        Backend backend = job.resolved().spec().backend();
        return End.of(
                job.store(),
                outcome,
                new End(
                        merging,
                        notices,
                        Providers.service(backend, deployment.service()).code(),
                        deployment.baseUrl(backend).toString()));
    }

    /// The same whenever the same answers, read by the same rules, are put together for the same sample.
    private static String outcome(OpenJob job, List<SegmentItem> all, TagRules rules) throws IOException {
        StringBuilder text = new StringBuilder(rules.code()).append(job.item().limits());
        all.forEach(
                segment -> text.append('\n').append(segment.index()).append(' ').append(segment.receivedAt()));
        try (InputStream policy = job.store().open(JobFiles.POLICY).orElse(null)) {
            if (policy != null) {
                text.append('\n').append(new String(policy.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return Hex.sha256(text.toString());
    }

    private Origin origin(OpenJob job, End end, Deadline deadline) throws IOException {
        ProviderFormat format = Providers.service(job.resolved().spec().backend(), deployment.service())
                .format();
        return new Origin(
                job.resolved(),
                TableDigest.of(job.resolved().source(), table -> jobs.openSource(table, 0), job.store(), deadline),
                job.resolved().spec().batching().sample().limits(job.item().limits()),
                new Origin.Judge(format, end.service(), end.baseUrl()));
    }

    private static Repetition repetition(OpenJob job) {
        return job.resolved().spec().batching().repetition();
    }

    private static long leftRows(OpenJob job, List<SegmentItem> all) {
        long judged = all.stream()
                .filter(s -> s.attempt() == 1)
                .mapToLong(SegmentItem::rows)
                .sum();
        return job.resolved().spec().batching().sample().limit() == null
                ? 0
                : job.item().rowsAccepted() - judged / repetition(job).perPair();
    }

    private List<String> notices(OpenJob job, List<MergedSegment> segments) throws IOException {
        JobSpec spec = job.resolved().spec();
        List<String> notices = new ArrayList<>(jobs.format(job).notices(spec.model(), spec.options()));
        if (!spec.output().keepJsonl() && segments.stream().noneMatch(MergedSegment::endedWell)) {
            notices.add(
                    "keep_jsonl is false, but requests and answers are still in the bucket: they are deleted only of"
                            + " batches that ran to their end, and none did.");
        }
        PreflightFile.notice(job.store()).ifPresent(notices::add);
        if (spec.isRescued()) {
            notices.add(RESCUED);
        }
        return notices;
    }

    private static SortedMap<String, TableReport.Rows> failures(Merged result) {
        SortedMap<String, TableReport.Rows> failures = new TreeMap<>();
        result.total().failedByCode().forEach((code, rows) -> failures.put(code, rows.shortened()));
        return failures;
    }

    private static @Nullable String costOf(Merged result) {
        BigDecimal usd = result.total().toldCost();
        return usd == null ? null : usd.toPlainString();
    }

    private static MergedSegment merged(SegmentItem s, Budget budget) {
        String status = s.providerStatus() == null ? s.state().name() : s.providerStatus();
        boolean endedWell = s.state() == SegmentState.COLLECTED
                && !BatchEnd.expired(status)
                && !FailureCode.BATCH_LOST.code().equals(s.errorCode());
        return new MergedSegment(
                s.index(),
                s.attempt(),
                s.rows(),
                s.batchId(),
                status,
                endedWell,
                s.submittedAt(),
                s.receivedAt(),
                FailureCode.BUDGET_REACHED.code().equals(s.errorCode())
                        ? budget.of(s).nano()
                        : 0);
    }
}
