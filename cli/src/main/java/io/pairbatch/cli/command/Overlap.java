package io.pairbatch.cli.command;

import io.pairbatch.claim.Judgement;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.job.Bucket;
import io.pairbatch.cli.job.FrozenSpec;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.job.JobFiles;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.Pair;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.pairs.PairRows;
import io.pairbatch.pairs.Position;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.split.PairJson;
import io.pairbatch.split.PairSource;
import io.pairbatch.split.RowPrint;
import io.pairbatch.store.JsonLine;
import io.pairbatch.text.Json;
import io.pairbatch.text.Plural;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The pairs of a table that other jobs have judged in the same way, or are judging: all but those that failed there. A
/// pair that a job judged once covers one row of the table, however often it stands there.
///
/// @param pairs pairs of the table that would be sent
/// @param shares by job: those that are done, that run, that have stopped, each newest first; a row counts with one of
/// them only
/// @param known how many rows of the table the shares cover, by what these are known by
record Overlap(long pairs, List<Share> shares, Map<RowPrint, Integer> known) {

    /// How many jobs are compared, and how many jobs are looked at for those with the same model.
    private static final int MOST_COMPARED = 50;

    private static final int MOST_VISITED = 1_000;

    /// What one job has of the table.
    ///
    /// @param pairs rows of the table
    /// @param others pairs of the job that the table does not have
    /// @param otherRules that its answers are read by other rules than the job file says; null if they are not
    /// @param cost what the whole job cost; null if that is not known
    record Share(
            Job job,
            long pairs,
            long others,
            @Nullable String otherRules,
            @Nullable String cost) {}

    /// What a job judges in the same way.
    ///
    /// @param wanted those of its pairs that the table has, with how often it judges each
    /// @param pairs all of its pairs
    /// @param rules as of [Share]
    private record Judged(
            Map<RowPrint, Integer> wanted,
            long pairs,
            @Nullable String rules) {}

    /// Compares a table with the newest jobs that have the same model and are not over without a result.
    static Overlap of(Session session, Estimate estimate) throws IOException {
        Map<RowPrint, Integer> open = new HashMap<>();
        for (byte[] segment : estimate.prints()) {
            RowPrint.read(new ByteArrayInputStream(segment), print -> open.merge(print, 1, Integer::sum));
        }
        Map<RowPrint, Integer> table = Map.copyOf(open);
        long pairs = sum(table);
        Map<RowPrint, Integer> known = new HashMap<>();
        List<Share> shares = new ArrayList<>();
        for (Job job : open.isEmpty() ? List.<Job>of() : candidates(session, estimate.spec())) {
            Judged judged = judged(session.bucket(), job, estimate.spec(), table.keySet());
            if (judged.wanted().isEmpty() || (hasStopped(job) && !hasSent(job, session))) {
                continue;
            }
            long share = 0;
            long inTable = 0;
            for (Map.Entry<RowPrint, Integer> one : judged.wanted().entrySet()) {
                RowPrint print = one.getKey();
                int rows = Math.min(one.getValue(), Objects.requireNonNull(open.get(print)));
                share += rows;
                inTable += Math.min(one.getValue(), Objects.requireNonNull(table.get(print)));
                open.merge(print, -rows, Integer::sum);
                known.merge(print, rows, Integer::sum);
            }
            if (share > 0) {
                shares.add(
                        new Share(job, share, judged.pairs() - inTable, judged.rules(), cost(session.bucket(), job)));
            }
        }
        return new Overlap(pairs, List.copyOf(shares), known);
    }

    private static long sum(Map<RowPrint, Integer> counts) {
        return counts.values().stream().mapToLong(Integer::longValue).sum();
    }

    private static List<Job> candidates(Session session, JobSpec spec) {
        List<Job> candidates = new ArrayList<>();
        boolean simulated = session.deployment().simulated().isPresent();
        int[] visited = {0};
        session.jobs().visitNewestFirst(job -> {
            boolean sameJudge = spec.backend().code().equals(job.backend())
                    && spec.model().equals(job.model())
                    && job.simulated() == simulated;
            if (sameJudge && mayJudge(job)) {
                candidates.add(job);
            }
            return ++visited[0] < MOST_VISITED && candidates.size() < MOST_COMPARED;
        });
        // A job that has stopped may never judge what a finished one has judged already.
        candidates.sort(Comparator.comparingInt(job -> job.state() == JobState.DONE ? 0 : hasStopped(job) ? 2 : 1));
        return candidates;
    }

    private static boolean mayJudge(Job job) {
        return switch (job.state()) {
            case RUNNING, MERGING, DONE, FAILED, WAITING_FOR_KEY, WAITING_FOR_DECISION -> true;
            // A sample that grows.
            case SPLITTING -> job.observed() + job.failed() > 0;
            case REJECTED, CANCELLING, CANCELLED, DELETING, DUPLICATE, WAITING_FOR_SPEC, UNKNOWN -> false;
        };
    }

    /// One that is cancelled sends nothing more, though it is not at its end yet.
    private static boolean hasStopped(Job job) {
        return job.state() != JobState.DONE && (job.state().atRest() || job.cancelled());
    }

    private static boolean hasSent(Job job, Session session) {
        return session.jobs()
                .read(job.id())
                .map(JobSnapshot::segments)
                .filter(segments -> segments.submitted() + segments.inDoubt() > 0)
                .isPresent();
    }

    /// What a job judges in the same way. Jobs of older versions do not say what they judge.
    private static Judged judged(Bucket bucket, Job job, JobSpec spec, Set<RowPrint> wanted) throws IOException {
        Map<RowPrint, Integer> judged = new HashMap<>();
        Optional<JobSpec> theirs = FrozenSpec.of(bucket, job.id());
        if (theirs.isEmpty() || !Judgement.same(theirs.get(), spec)) {
            return new Judged(judged, 0, null);
        }
        long[] pairs = {0};
        for (int segment = 1; segment <= job.segments(); segment++) {
            Optional<InputStream> prints = bucket.open(path(job, JobFiles.prints(segment)), null);
            if (prints.isEmpty()) {
                continue;
            }
            try (InputStream in = new BufferedInputStream(prints.get())) {
                RowPrint.read(in, print -> {
                    pairs[0]++;
                    if (wanted.contains(print)) {
                        judged.merge(print, 1, Integer::sum);
                    }
                });
            }
        }
        // A sample that grows, say, knows what failed in the smaller one.
        if (job.failed() > 0 && !judged.isEmpty() && (job.state() == JobState.DONE || hasFailedPairs(bucket, job))) {
            each(PairReader.open(failed(bucket, job)), pair -> {
                pairs[0]--;
                judged.computeIfPresent(RowPrint.of(pair), (print, times) -> times > 1 ? times - 1 : null);
            });
        }
        return new Judged(judged, pairs[0], OtherRules.of(job, theirs.get(), spec));
    }

    private static boolean hasFailedPairs(Bucket bucket, Job job) throws IOException {
        try (InputStream in =
                bucket.open(path(job, JobFiles.FAILED_PAIRS), null).orElse(null)) {
            return in != null;
        }
    }

    private static InputFile failed(Bucket bucket, Job job) {
        return new InputFile(
                JobFiles.FAILED_PAIRS,
                -1,
                offset -> bucket.open(path(job, JobFiles.FAILED_PAIRS), null)
                        .orElseThrow(() -> new FileNotFoundException(path(job, JobFiles.FAILED_PAIRS))));
    }

    private static String path(Job job, String file) {
        return "jobs/" + job.id() + "/" + file;
    }

    /// What a job that is done cost, in words; null if its summary is not there, or nothing was paid.
    static @Nullable String cost(Bucket bucket, Job job) throws IOException {
        Optional<InputStream> summary = job.state() == JobState.DONE && !job.simulated()
                ? bucket.open(path(job, JobFiles.SUMMARY), null)
                : Optional.empty();
        if (summary.isEmpty()) {
            return null;
        }
        try (InputStream in = summary.get()) {
            JsonNode usd = Json.MAPPER.readTree(in).at("/results/cost_usd");
            return usd.isNumber() ? NanoUsd.words(usd.decimalValue()) : null;
        }
    }

    private static String paid(Share share) {
        if (share.job().simulated() && share.job().state() == JobState.DONE) {
            return ", simulated, nothing was paid";
        }
        return share.cost() == null ? "" : ", " + share.cost() + " in all";
    }

    long judged() {
        return shares.stream().mapToLong(Share::pairs).sum();
    }

    /// The first job that has stopped or is cancelled, and so judges its pairs only if somebody has it go on.
    Optional<Job> stopped() {
        return shares.stream().map(Share::job).filter(Overlap::hasStopped).findFirst();
    }

    /// What a user is told of it, line by line.
    List<String> words() {
        List<String> lines = new ArrayList<>();
        lines.add(judged() + " of these " + Plural.of(pairs, "pair") + " " + (judged() == 1 ? "was" : "were")
                + " judged in the same way before"
                + (shares.stream().allMatch(share -> share.job().state() == JobState.DONE)
                        ? ":"
                        : stopped().isPresent() ? ", or were to be:" : ", or are being judged:"));
        for (Share share : shares) {
            Job job = share.job();
            String how = job.state() == JobState.DONE
                    ? "done"
                            + (job.finishedAt() == null
                                    ? ""
                                    : " at " + job.finishedAt().truncatedTo(ChronoUnit.SECONDS))
                    : job.words();
            lines.add("  " + share.pairs() + " by job " + job.id() + " (" + how
                    + paid(share) + ")"
                    + (share.others() == 0
                            ? ""
                            : "; " + share.others() + " of its pairs " + (share.others() == 1 ? "is" : "are")
                                    + " not in this table"));
            if (hasStopped(job)) {
                lines.add((job.state().atRest()
                                ? "    It has stopped; to have it go on: "
                                : "    It sends nothing more; once it is done, to have it go on: ")
                        + "./pairbatch continue " + job.id());
            }
            if (share.otherRules() != null) {
                lines.add("    " + share.otherRules());
            }
        }
        return lines;
    }

    /// Writes the pairs that nobody judges, with all their columns, as JSONL. Holds one row. Rows that a job would
    /// reject are left out.
    ///
    /// @param table the pairs, or what they are made of
    void copyOthers(PairSource table, Path to) throws IOException {
        JsonLine line = new JsonLine(Integer.MAX_VALUE);
        Map<RowPrint, Integer> left = new HashMap<>(known);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(to))) {
            each(table.open(Position.START), pair -> {
                // The first rows of a pair are those that were judged.
                RowPrint print = RowPrint.of(pair);
                int rows = left.getOrDefault(print, 0);
                if (rows > 0) {
                    left.put(print, rows - 1);
                    return;
                }
                line.reset();
                PairJson.write(line, pair.asRow(), out);
                line.raw("\n");
                line.writeTo(out);
            });
        }
    }

    @FunctionalInterface
    private interface Each {

        void pair(Pair pair) throws IOException;
    }

    private static void each(PairRows rows, Each each) throws IOException {
        try (PairRows reader = rows) {
            for (InputRow row = reader.read(); row != null; row = reader.read()) {
                if (row instanceof InputRow.Accepted accepted) {
                    each.pair(accepted.pair());
                }
            }
        }
    }
}
