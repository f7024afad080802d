package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.estimate.Estimate;
import io.pairbatch.cli.job.Bucket;
import io.pairbatch.cli.job.Job;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.Pair;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.split.RowPrint;
import io.pairbatch.store.JsonLine;
import io.pairbatch.text.Json;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The pairs of a table that other jobs have judged in the same way, or are judging: all but those that failed there.
///
/// @param pairs pairs of the table that would be sent
/// @param shares by job, newest first; a pair counts with one of them only
/// @param known what the pairs of all shares are known by
record Overlap(long pairs, List<Share> shares, Set<RowPrint> known) {

    /// How many jobs are compared, and how many jobs are looked at for those with the same model.
    private static final int MOST_COMPARED = 50;

    private static final int MOST_VISITED = 1_000;

    /// What one job has of the table.
    ///
    /// @param pairs pairs of the table
    /// @param costUsd what the whole job cost; null if that is not known
    record Share(Job job, long pairs, @Nullable String costUsd) {}

    /// Compares a table with the newest jobs that have the same model and are not over without a result.
    static Overlap of(Session session, Estimate estimate) throws IOException {
        Map<RowPrint, Integer> open = new HashMap<>();
        for (byte[] segment : estimate.prints()) {
            RowPrint.read(new ByteArrayInputStream(segment), print -> open.merge(print, 1, Integer::sum));
        }
        long pairs = open.values().stream().mapToLong(Integer::longValue).sum();
        Set<RowPrint> known = new HashSet<>();
        List<Share> shares = new ArrayList<>();
        for (Job job : open.isEmpty() ? List.<Job>of() : candidates(session, estimate.spec())) {
            Set<RowPrint> judged = judged(session.bucket(), job, estimate.spec(), open.keySet());
            long share = 0;
            for (RowPrint print : judged) {
                share += Objects.requireNonNull(open.remove(print));
            }
            if (share > 0) {
                known.addAll(judged);
                shares.add(new Share(job, share, cost(session.bucket(), job)));
            }
        }
        return new Overlap(pairs, List.copyOf(shares), known);
    }

    private static List<Job> candidates(Session session, JobSpec spec) {
        List<Job> candidates = new ArrayList<>();
        int[] visited = {0};
        session.jobs().visitNewestFirst(job -> {
            if (spec.backend().code().equals(job.backend())
                    && spec.model().equals(job.model())
                    && mayJudge(job.state())) {
                candidates.add(job);
            }
            return ++visited[0] < MOST_VISITED && candidates.size() < MOST_COMPARED;
        });
        return candidates;
    }

    private static boolean mayJudge(JobState state) {
        return switch (state) {
            case RUNNING, MERGING, DONE, FAILED, WAITING_FOR_KEY, WAITING_FOR_DECISION -> true;
            case SPLITTING, REJECTED, CANCELLING, CANCELLED, DELETING, DUPLICATE, WAITING_FOR_SPEC, UNKNOWN -> false;
        };
    }

    /// Those of `wanted` that a job judges in the same way. Jobs of older versions do not say what they judge.
    private static Set<RowPrint> judged(Bucket bucket, Job job, JobSpec spec, Set<RowPrint> wanted) throws IOException {
        Set<RowPrint> judged = new HashSet<>();
        Optional<InputStream> frozen = bucket.open(path(job, JobFiles.JOB), null);
        if (frozen.isEmpty()) {
            return judged;
        }
        try (InputStream in = frozen.get()) {
            JobSpec theirs = ResolvedJob.read(in, Providers::options).spec();
            if (!JobSpecJson.judged(theirs).equals(JobSpecJson.judged(spec))) {
                return judged;
            }
        }
        for (int segment = 1; segment <= job.segments(); segment++) {
            Optional<InputStream> prints = bucket.open(path(job, JobFiles.prints(segment)), null);
            if (prints.isEmpty()) {
                continue;
            }
            try (InputStream in = new BufferedInputStream(prints.get())) {
                RowPrint.read(in, print -> {
                    if (wanted.contains(print)) {
                        judged.add(print);
                    }
                });
            }
        }
        if (job.state() == JobState.DONE && job.failed() > 0 && !judged.isEmpty()) {
            each(failed(bucket, job), pair -> judged.remove(RowPrint.of(pair)));
        }
        return judged;
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

    /// What a job that is done cost, in USD; null if its summary is not there.
    static @Nullable String cost(Bucket bucket, Job job) throws IOException {
        Optional<InputStream> summary =
                job.state() == JobState.DONE ? bucket.open(path(job, JobFiles.SUMMARY), null) : Optional.empty();
        if (summary.isEmpty()) {
            return null;
        }
        try (InputStream in = summary.get()) {
            return Json.MAPPER.readTree(in).at("/results/cost_usd").asString(null);
        }
    }

    long judged() {
        return shares.stream().mapToLong(Share::pairs).sum();
    }

    /// What a user is told of it, line by line.
    List<String> words() {
        List<String> lines = new ArrayList<>();
        lines.add(judged() + " of these " + pairs + " pairs "
                + (shares.stream().allMatch(share -> share.job().state() == JobState.DONE)
                        ? "were judged in the same way before:"
                        : "were judged in the same way before, or are being judged:"));
        for (Share share : shares) {
            Job job = share.job();
            String how = job.state() == JobState.DONE
                    ? "done" + (job.finishedAt() == null ? "" : " at " + job.finishedAt())
                    : job.state().words();
            lines.add("  " + share.pairs() + " by job " + job.id() + " (" + how
                    + (share.costUsd() == null ? "" : ", USD " + share.costUsd() + " in all") + ")");
        }
        return lines;
    }

    /// Writes the pairs that nobody judges, with all their columns, as JSONL. Holds one row. Rows that a job would
    /// reject are left out.
    void copyOthers(Path table, Path to) throws IOException {
        JsonLine line = new JsonLine(Integer.MAX_VALUE);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(to))) {
            each(OfflineSplit.input(table), pair -> {
                if (known.contains(RowPrint.of(pair))) {
                    return;
                }
                line.reset();
                String comma = "{";
                for (Map.Entry<String, @Nullable String> column : pair.columns().entrySet()) {
                    line.raw(comma).string(column.getKey()).raw(":");
                    if (column.getValue() == null) {
                        line.raw("null");
                    } else {
                        line.string(column.getValue());
                    }
                    comma = ",";
                }
                line.raw("}\n");
                line.writeTo(out);
            });
        }
    }

    @FunctionalInterface
    private interface Each {

        void pair(Pair pair) throws IOException;
    }

    private static void each(InputFile table, Each each) throws IOException {
        try (PairReader reader = PairReader.open(table)) {
            for (InputRow row = reader.read(); row != null; row = reader.read()) {
                if (row instanceof InputRow.Accepted accepted) {
                    each.pair(accepted.pair());
                }
            }
        }
    }
}
