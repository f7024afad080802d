package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.job.JobFiles;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.problem.JobRejectedException;
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
public record Recount(
        Conservation files,
        Conservation summary,
        OptionalLong judgements,
        List<String> notices,
        Losses losses,
        Spending spending) {

    private static final Pattern SEGMENT_RESULTS = Pattern.compile("batch_\\d+_results\\.csv");

    /// A summary is a page or two; a larger one is not a Pairbatch file.
    private static final int MOST_SUMMARY_BYTES = 16 << 20;

    /// Whether every row is in exactly one file and the summary says the same.
    public boolean holds() {
        return files.holds() && files.equals(summary) && judgementsAgree();
    }

    /// Whether every observed pair has its judgement; always true for a job without that file.
    public boolean judgementsAgree() {
        return judgements.orElse(files.observed()) == files.observed();
    }

    /// Reads every file of the job once. Holds what [LossCounter] holds, whatever the size of the files.
    public static Recount of(Bucket bucket, Job job) throws IOException {
        String prefix = ResultFiles.prefix(job.id());
        LossCounter lost = new LossCounter();
        ObjectNode json = summary(bucket, prefix + JobFiles.SUMMARY);
        boolean designed = json.has("design");
        long input = designed ? comparisons(bucket, job) : inputRows(bucket, job);
        long failed = csvRows(bucket, prefix + JobFiles.FAILED_PAIRS, LossCounter.FAILED_COLUMNS, lost::failed)
                .orElse(0);
        if (failed > 0) {
            csvRows(bucket, prefix + JobFiles.FAILED_ATTEMPTS, LossCounter.ATTEMPT_COLUMNS, lost::attempt);
        }
        csvRows(bucket, prefix + JobFiles.BATCH_FAILURES, LossCounter.BATCH_COLUMNS, lost::batch);
        long rejected = csvRows(bucket, prefix + JobFiles.REJECTED_ROWS, LossCounter.REJECTED_COLUMNS, lost::rejected)
                .orElse(0);
        // Which texts were judged is asked where some were lost, and of one file.
        List<String> judged = failed == 0 ? List.of() : LossCounter.JUDGED_COLUMNS;
        OptionalLong judgements = csvRows(bucket, prefix + JobFiles.JUDGEMENTS, judged, lost::judged);
        long observed = observed(bucket, prefix, judgements.isPresent() ? List.of() : judged, lost::judged);
        Conservation summary = conservation(json);
        Conservation counted = new Conservation(input, job.perRow(), observed, failed, rejected, 0);
        Conservation files = counted.withLeft(summary.left());
        List<String> notices =
                json.path("notices").valueStream().map(n -> n.asString("")).toList();
        Losses losses = lost.losses(observed, failed);
        Spending spending = new SummaryFile(JobFiles.SUMMARY, json).spending();
        if (designed || files.holds() || !summary.holds()) {
            return new Recount(files, summary, judgements, notices, losses, spending);
        }
        // Where a quote never closes, only the stack's own reader can say what a row is: it continues after the line.
        OptionalLong rows = rowsAsTheStackReads(bucket, job);
        Conservation again = rows.isPresent() ? files.withRows(rows.getAsLong()) : files;
        return new Recount(again, summary, judgements, notices, losses, spending);
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
