package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.job.JobFiles;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.split.DesignedPairs;
import io.pairbatch.split.PairSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a finished job's files hold, counted record by record, and what its summary says.
///
/// @param files counted from the input file and the three result files in the bucket; for samples the rows are the
/// pairs
/// that the job's design makes of them
/// @param summary as `summary.json` says
/// @param judgements rows of `judgements.csv.gz`, if the job has one
/// @param notices where requests differ from the options, as the summary lists it
/// @param losses the comparisons without a winner, by text and by cause
/// @param spending what the job has cost, as the summary says
/// @param judges the same of each of several judges, whose rows the files have one after the other
public record Recount(
        Conservation files,
        Conservation summary,
        OptionalLong judgements,
        List<String> notices,
        Losses losses,
        Spending spending,
        List<OfJudge> judges) {

    /// What the files of one of several judges hold.
    ///
    /// @param judge its name
    /// @param from another job, which has judged and paid for the same and from which they are taken; null for its own
    public record OfJudge(String judge, @Nullable String from, Recount recount) {

        private String line(Conservation counts) {
            return "judge " + judge + ": " + counts.line() + (from == null ? "" : ", judged and paid by job " + from);
        }
    }

    private static final Pattern SEGMENT_RESULTS = Pattern.compile("batch_\\d+_results\\.csv");

    /// A summary is a page or two; a larger one is not a Pairbatch file.
    private static final int MOST_SUMMARY_BYTES = 16 << 20;

    /// Whether every row is in exactly one file and the summary says the same.
    public boolean holds() {
        return judges.isEmpty()
                ? files.holds() && files.equals(summary) && judgementsAgree()
                : judges.stream().allMatch(one -> one.recount().holds())
                        && files.observed() == sum(judges, Conservation::observed)
                        && files.failed() == sum(judges, Conservation::failed)
                        && files.equals(summary)
                        && judgementsAgree();
    }

    private static long sum(List<OfJudge> judges, ToLongFunction<Conservation> count) {
        return judges.stream()
                .mapToLong(one -> count.applyAsLong(one.recount().files()))
                .sum();
    }

    /// What was counted, for people; of several judges first a line for each.
    public List<String> lines() {
        return lines(Recount::files);
    }

    /// The same as the summaries say.
    public List<String> summaryLines() {
        return lines(Recount::summary);
    }

    private List<String> lines(Function<Recount, Conservation> counts) {
        Conservation all = counts.apply(this);
        if (judges.isEmpty()) {
            return List.of(all.line());
        }
        List<String> lines = new ArrayList<>();
        judges.forEach(one -> lines.add(one.line(counts.apply(one.recount()))));
        lines.add("all judges: " + all.observed() + " judged + " + all.failed() + " failed");
        return lines;
    }

    /// Whether every observed pair has its judgement; always true for a job without that file.
    public boolean judgementsAgree() {
        return judgements.orElse(files.observed()) == files.observed();
    }

    /// What was read of the tables beside the results.
    ///
    /// @param unasked the columns that are still to be read in the results: which texts were judged is asked where some
    /// were lost, and of one file
    private record Tables(LossCounter lost, long failed, long rejected, OptionalLong judgements, List<String> unasked) {

        static Tables read(Bucket bucket, String prefix) throws IOException {
            LossCounter lost = new LossCounter();
            long failed = csvRows(bucket, prefix + JobFiles.FAILED_PAIRS, LossCounter.FAILED_COLUMNS, lost::failed)
                    .orElse(0);
            if (failed > 0) {
                csvRows(bucket, prefix + JobFiles.FAILED_ATTEMPTS, LossCounter.ATTEMPT_COLUMNS, lost::attempt);
            }
            csvRows(bucket, prefix + JobFiles.BATCH_FAILURES, LossCounter.BATCH_COLUMNS, lost::batch);
            long rejected = csvRows(
                            bucket, prefix + JobFiles.REJECTED_ROWS, LossCounter.REJECTED_COLUMNS, lost::rejected)
                    .orElse(0);
            List<String> judged = failed == 0 ? List.of() : LossCounter.JUDGED_COLUMNS;
            OptionalLong judgements = csvRows(bucket, prefix + JobFiles.JUDGEMENTS, judged, lost::judged);
            return new Tables(lost, failed, rejected, judgements, judgements.isPresent() ? List.of() : judged);
        }
    }

    /// Reads every file of the job once. Holds what [LossCounter] holds, whatever the size of the files.
    public static Recount of(Bucket bucket, Job job) throws IOException {
        String prefix = ResultFiles.prefix(job.id());
        ObjectNode json = summary(bucket, prefix + JobFiles.SUMMARY);
        boolean designed = json.has("design");
        long input = designed ? comparisons(bucket, job) : inputRows(bucket, job);
        Tables tables = Tables.read(bucket, prefix);
        LossCounter lost = tables.lost();
        long observed = observed(bucket, prefix, tables.unasked(), lost::judged);
        Conservation summary = conservation(json);
        Conservation counted = new Conservation(input, job.perRow(), observed, tables.failed(), tables.rejected(), 0);
        Conservation files = counted.withLeft(summary.left());
        List<String> notices =
                json.path("notices").valueStream().map(n -> n.asString("")).toList();
        Losses losses = lost.losses(observed, tables.failed());
        OptionalLong judgements = tables.judgements();
        Spending spending = new SummaryFile(JobFiles.SUMMARY, json).spending();
        if (designed || files.holds() || !summary.holds()) {
            return new Recount(files, summary, judgements, notices, losses, spending, List.of());
        }
        // Where a quote never closes, only the stack's own reader can say what a row is: it continues after the line.
        OptionalLong rows = rowsAsTheStackReads(bucket, job);
        Conservation again = rows.isPresent() ? files.withRows(rows.getAsLong()) : files;
        return new Recount(again, summary, judgements, notices, losses, spending, List.of());
    }

    /// The same; of a job of several judges each judge's own files are counted, and the joined ones.
    ///
    /// @param jobs knows the jobs of the judges
    public static Recount of(JobSource jobs, Bucket bucket, Job job) throws IOException {
        if (!job.isPanel()) {
            return of(bucket, job);
        }
        List<OfJudge> judges = new ArrayList<>();
        for (int i = 0; i < job.judges().size(); i++) {
            // The files of a judge whose job was cancelled before its end are not joined.
            Optional<Job> own = PanelJobs.judging(jobs, job.judgeJobs().get(i))
                    .map(JobSnapshot::job)
                    .filter(one -> one.state() == JobState.DONE);
            if (own.isPresent()) {
                String id = own.get().id();
                judges.add(new OfJudge(
                        job.judges().get(i), id.equals(job.judgeJobs().get(i)) ? null : id, of(bucket, own.get())));
            }
        }
        String prefix = ResultFiles.prefix(job.id());
        ObjectNode json = summary(bucket, prefix + JobFiles.SUMMARY);
        Tables tables = Tables.read(bucket, prefix);
        LossCounter lost = tables.lost();
        OptionalLong combined = csvRows(bucket, prefix + JobFiles.COMBINED, tables.unasked(), lost::judged);
        Conservation summary = conservation(json);
        // Without a joined file the judges' own have what was judged.
        long observed = combined.orElseGet(() -> sum(judges, Conservation::observed));
        Conservation files = new Conservation(
                summary.rows(), summary.perRow(), observed, tables.failed(), summary.rejected(), summary.left());
        return new Recount(
                files,
                summary,
                tables.judgements(),
                notices(json, judges),
                lost.losses(observed, tables.failed()),
                new SummaryFile(JobFiles.SUMMARY, json).spending(),
                judges);
    }

    private static List<String> notices(ObjectNode json, List<OfJudge> judges) {
        JudgeNotices ofJudges = new JudgeNotices();
        judges.forEach(one -> one.recount().notices().forEach(notice -> ofJudges.add(one.judge(), notice)));
        List<String> all = new ArrayList<>(ofJudges.sentences(judges.size()));
        json.path("notices")
                .valueStream()
                .map(n -> n.asString(""))
                .filter(notice -> !notice.startsWith("judge "))
                .forEach(all::add);
        return all;
    }

    private static long inputRows(Bucket bucket, Job job) throws IOException {
        try (InputStream in = openInput(bucket, job)) {
            return RecordCounter.rows(sourceKey(job), in);
        }
    }

    /// How many pairs the job's design makes of its samples.
    private static long comparisons(Bucket bucket, Job job) throws IOException {
        JobSpec spec = FrozenSpec.of(bucket, job.id())
                .orElseThrow(() -> missing(ResultFiles.prefix(job.id()) + JobFiles.JOB + " does not exist"));
        try (PairSource pairs = PairSource.of(spec, input(bucket, job))) {
            return ((DesignedPairs) pairs).pairs();
        } catch (JobRejectedException e) {
            throw missing("the samples in " + sourceKey(job) + " are others than the job had");
        }
    }

    private static InputFile input(Bucket bucket, Job job) throws IOException {
        InputFile table = new InputFile(sourceKey(job), -1, offset -> {
            InputStream in = openInput(bucket, job);
            in.skipNBytes(offset);
            return in;
        });
        return table.withColumns(FrozenSpec.of(bucket, job.id())
                .map(spec -> spec.batching().columns())
                .orElse(Map.of()));
    }

    private static OptionalLong rowsAsTheStackReads(Bucket bucket, Job job) throws IOException {
        try (PairReader reader = PairReader.open(input(bucket, job))) {
            long rows = 0;
            while (reader.read() != null) {
                rows++;
            }
            return OptionalLong.of(rows);
        } catch (JobRejectedException e) {
            return OptionalLong.empty(); // not a table, so it has no rows
        }
    }

    private static InputStream openInput(Bucket bucket, Job job) throws IOException {
        String key = sourceKey(job);
        return bucket.open(key, job.sourceVersion()).orElseThrow(() -> missing(key + " no longer exists"));
    }

    private static String sourceKey(Job job) {
        @Nullable String key = job.sourceKey();
        if (key == null) {
            throw missing("the registry does not say which file job " + job.id() + " was made from");
        }
        return key;
    }

    /// A job without a combined file still has the files of its segments.
    private static long observed(Bucket bucket, String prefix, List<String> columns, Consumer<@Nullable String[]> each)
            throws IOException {
        OptionalLong combined = csvRows(bucket, prefix + JobFiles.COMBINED, columns, each);
        if (combined.isPresent()) {
            return combined.getAsLong();
        }
        List<String> segments = new ArrayList<>();
        bucket.visit(prefix + "batch_", entry -> {
            if (SEGMENT_RESULTS.matcher(entry.key().substring(prefix.length())).matches()) {
                segments.add(entry.key());
            }
        });
        long rows = 0;
        for (String key : segments) {
            rows += csvRows(bucket, key, columns, each).orElse(0);
        }
        return rows;
    }

    private static OptionalLong csvRows(
            Bucket bucket, String key, List<String> columns, Consumer<@Nullable String[]> each) throws IOException {
        Optional<InputStream> file = bucket.open(key, null);
        if (file.isEmpty()) {
            return OptionalLong.empty();
        }
        try (InputStream in = file.get()) {
            return OptionalLong.of(RecordCounter.csvRows(in, columns, each));
        }
    }

    private static ObjectNode summary(Bucket bucket, String key) throws IOException {
        try (InputStream in = bucket.open(key, null).orElseThrow(() -> missing(key + " does not exist"))) {
            if (JsonMapper.shared().readTree(in.readNBytes(MOST_SUMMARY_BYTES)) instanceof ObjectNode json) {
                return json;
            }
            throw missing(key + " is no JSON object");
        } catch (JacksonException e) {
            throw missing(key + " is not JSON");
        }
    }

    private static Conservation conservation(JsonNode summary) {
        JsonNode counts = summary.path("conservation");
        return new Conservation(
                counts.path("input_rows").asLong(-1),
                counts.path("comparisons_per_row").asInt(1),
                counts.path("observed").asLong(-1),
                counts.path("failed").asLong(-1),
                counts.path("rejected").asLong(-1),
                counts.path("not_in_sample").asLong(0));
    }

    private static CliException missing(String what) {
        return new CliException(
                ExitStatus.RECOUNT,
                "The results cannot be recounted: " + what + ".",
                "Look at the job's folder in the bucket; the counts in the registry are not confirmed.");
    }
}
