package io.pairbatch.offline;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.pairbatch.collect.SegmentCollector;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Version;
import io.pairbatch.merge.AnswerNotices;
import io.pairbatch.merge.MergeJob;
import io.pairbatch.merge.Merged;
import io.pairbatch.merge.MergedSegment;
import io.pairbatch.merge.Merger;
import io.pairbatch.merge.Origin;
import io.pairbatch.merge.TableDigest;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.results.BatchEnd;
import io.pairbatch.results.EndedSegment;
import io.pairbatch.results.JobSettings;
import io.pairbatch.results.JobsRegistryCsv;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.RetryList;
import io.pairbatch.store.FolderStore;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Collects and merges a job in a folder, without a provider and without AWS: the files that `split` wrote and the ones
/// that the user has downloaded from the provider to `batch_NN_output.jsonl` and `batch_NN_errors.jsonl`. Segments
/// without either are reported and stay open; nothing is made up for them. Running it again, with more files or the
/// same, is safe.
public final class OfflineCollect {

    /// How a file of answers may be named.
    private static final Pattern LINES = Pattern.compile(".+\\.jsonl(\\.gz)?");

    private static final int MOST_NAMED = 10;

    private final PriceTable prices;

    public OfflineCollect(PriceTable prices) {
        this.prices = prices;
    }

    /// The result of a run.
    ///
    /// @param missing segments for which the provider's files do not exist
    /// @param notices what else the user should know, in sentences
    public record Report(ResolvedJob job, Merged merged, List<Integer> missing, List<String> notices) {}

    /// Collects every segment of `folder/jobs_registry.csv` that has an answer and writes the job's files there.
    ///
    /// @throws JobRejectedException if the folder is not a job's folder
    public Report run(Path folder) throws IOException {
        JobStore store = new FolderStore(folder);
        ResolvedJob job = readJob(store);
        ResultSettings settings = JobSettings.of(job, store);
        List<MergedSegment> segments = new ArrayList<>();
        List<Integer> missing = new ArrayList<>();
        long rejected = countRecords(store, JobFiles.part(JobFiles.REJECTED_ROWS, 0));
        Instant latest = job.createdAt();
        List<RegistryRow> registered = readRegistry(store);
        List<Integer> indexes = registered.stream().map(RegistryRow::segment).toList();
        SegmentCollector collector = new SegmentCollector(store, settings, prices, new FolderSegments(store, indexes));
        SortedMap<String, SortedMap<Integer, Long>> lent = new TreeMap<>();
        Map<Integer, MergedSegment> collected = new TreeMap<>();
        for (RegistryRow row : registered) {
            collected.put(
                    row.segment(), collect(collector, store, row, received(folder, row.segment()), Set.of(), lent));
        }
        SortedMap<Integer, SortedSet<Integer>> lenders = lenders(registered, lent);
        for (RegistryRow row : registered) {
            SortedSet<Integer> from = lenders.getOrDefault(row.segment(), Collections.emptySortedSet());
            if (!from.isEmpty()) {
                Instant received = received(folder, row.segment());
                for (int lender : from) {
                    received = later(received, received(folder, lender));
                }
                collected.put(row.segment(), collect(collector, store, row, received, from, new TreeMap<>()));
            }
        }
        for (RegistryRow row : registered) {
            MergedSegment segment = Objects.requireNonNull(collected.get(row.segment()));
            segments.add(segment);
            if (segment.receivedAt() == null) {
                missing.add(row.segment());
            } else if (segment.receivedAt().isAfter(latest)) {
                latest = segment.receivedAt();
            }
            rejected += countRecords(store, JobFiles.part(JobFiles.REJECTED_ROWS, row.segment()));
        }
        JobsRegistryCsv.write(
                store,
                segments.stream()
                        .map(s -> new JobsRegistryCsv.Line(
                                s.index(),
                                job.spec().backend().code(),
                                job.spec().model(),
                                s.batchId(),
                                s.receivedAt() != null))
                        .toList());
        List<String> notices = new ArrayList<>(notices(lent));
        notices.addAll(unread(folder, job, indexes));
        int perRow = job.spec().batching().repetition().perPair();
        MergeJob merge = new MergeJob(
                job.jobId(),
                Version.CURRENT,
                segments,
                rejected,
                leftRows(store, segments, perRow),
                // Files that the user has downloaded by hand are not ours to delete.
                true,
                job.spec().output().writeCombinedCsv(),
                Stream.concat(Providers.notices(job.spec()).stream(), notices.stream())
                        .toList(),
                latest,
                job.version(),
                null,
                perRow);
        Origin origin = new Origin(
                job,
                // Offline, a table is known by its digest.
                TableDigest.of(job.source().etag()),
                job.spec().batching().sample().limits(List.of()),
                new Origin.Judge(Providers.format(job.spec().backend()), null, null));
        Merged merged = new Merger(store, settings, prices).merge(merge, origin);
        notices.addAll(AnswerNotices.of(settings, merged.total(), merged.leftRows()));
        return new Report(job, merged, missing, notices);
    }

    /// For a sample, only the split knows how many rows there are.
    private static long leftRows(JobStore store, List<MergedSegment> segments, int perRow) throws IOException {
        Optional<InputStream> file = store.open(JobFiles.ACCEPTED);
        if (file.isEmpty()) {
            return 0;
        }
        try (InputStream in = file.get()) {
            long accepted = new JsonMapper().readTree(in).required("accepted").longValue();
            return accepted
                    - segments.stream()
                                    .filter(s -> s.attempt() == 1)
                                    .mapToLong(MergedSegment::pairs)
                                    .sum()
                            / perRow;
        }
    }

    private record RegistryRow(int segment, @Nullable String batchId) {}

    /// Which segments have lines in whose files.
    private static SortedMap<Integer, SortedSet<Integer>> lenders(
            List<RegistryRow> registered, SortedMap<String, SortedMap<Integer, Long>> lent) {
        SortedMap<Integer, SortedSet<Integer>> lenders = new TreeMap<>();
        for (RegistryRow row : registered) {
            for (String file : List.of(JobFiles.output(row.segment()), JobFiles.errors(row.segment()))) {
                lent.getOrDefault(file, Collections.emptySortedMap())
                        .keySet()
                        .forEach(segment -> lenders.computeIfAbsent(segment, s -> new TreeSet<>())
                                .add(row.segment()));
            }
        }
        return lenders;
    }

    private static List<String> notices(SortedMap<String, SortedMap<Integer, Long>> lent) {
        List<String> notices = new ArrayList<>();
        lent.forEach((file, segments) -> segments.forEach((segment, lines) -> notices.add(file + " holds " + lines
                + (lines == 1 ? " answer" : " answers") + " of segment " + segment + ": taken for its pairs")));
        return notices;
    }

    /// Files that look like answers, and are not where answers are looked for.
    private static List<String> unread(Path folder, ResolvedJob job, List<Integer> segments) throws IOException {
        Set<String> known = new HashSet<>();
        known.add(job.source().key());
        for (int segment : segments) {
            known.addAll(List.of(
                    JobFiles.input(segment),
                    JobFiles.pairs(segment),
                    JobFiles.output(segment),
                    JobFiles.errors(segment)));
        }
        List<String> others;
        try (Stream<Path> files = Files.list(folder)) {
            others = files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> LINES.matcher(name).matches() && !known.contains(name))
                    .sorted()
                    .toList();
        }
        List<String> notices = new ArrayList<>();
        others.stream()
                .limit(MOST_NAMED)
                .forEach(name -> notices.add(name + " is not read: answers are looked for in batch_NN_output.jsonl and"
                        + " batch_NN_errors.jsonl, where NN is a segment of " + JobFiles.REGISTRY));
        if (others.size() > MOST_NAMED) {
            notices.add("so are " + (others.size() - MOST_NAMED) + " more files");
        }
        return notices;
    }

    private static MergedSegment collect(
            SegmentCollector collector,
            JobStore store,
            RegistryRow row,
            @Nullable Instant received,
            Set<Integer> lenders,
            SortedMap<String, SortedMap<Integer, Long>> lent)
            throws IOException {
        int segment = row.segment();
        if (received == null) {
            // The tally of an earlier run would count answers that no longer exist.
            store.delete(JobFiles.tally(segment));
            return new MergedSegment(
                    segment,
                    RetryList.attempt(store, segment),
                    collector.countPairs(segment),
                    row.batchId(),
                    "missing",
                    false,
                    null,
                    null);
        }
        int attempt = RetryList.attempt(store, segment);
        EndedSegment ended = new EndedSegment(segment, attempt, row.batchId(), new BatchEnd.Completed(), received);
        SegmentCollector.Gathered gathered = collector.gather(ended, lenders);
        lent.putAll(gathered.lent());
        return new MergedSegment(
                segment, attempt, gathered.tally().pairs(), row.batchId(), "completed", true, null, received);
    }

    /// When the last of the provider's files was put into the folder, so that collecting again writes the same bytes;
    /// null if there is none.
    private static @Nullable Instant received(Path folder, int segment) throws IOException {
        Instant latest = null;
        for (String name : List.of(JobFiles.output(segment), JobFiles.errors(segment))) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                latest = later(
                        latest, Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS));
            }
        }
        return latest;
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.isAfter(one) ? other : one;
    }

    private static ResolvedJob readJob(JobStore store) throws IOException {
        try (InputStream in = open(store, JobFiles.JOB)) {
            return ResolvedJob.read(in, Providers::options);
        }
    }

    /// Holds one entry per segment in memory.
    private static List<RegistryRow> readRegistry(JobStore store) throws IOException {
        List<RegistryRow> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> csv = reader(open(store, JobFiles.REGISTRY))) {
            int index = -1;
            int batchId = -1;
            for (CsvRecord line : csv) {
                if (index < 0) {
                    index = place(line, "segment_index");
                    batchId = place(line, "batch_id");
                } else {
                    String batch = line.getField(batchId);
                    rows.add(
                            new RegistryRow(number(line, index), batch.isEmpty() || batch.equals("NA") ? null : batch));
                }
            }
        }
        return rows;
    }

    private static int place(CsvRecord header, String column) {
        int place = header.getFields().indexOf(column);
        if (place < 0) {
            throw rejected(ErrorCode.INPUT_FORMAT, JobFiles.REGISTRY, "no column " + column, "the contract's columns");
        }
        return place;
    }

    private static int number(CsvRecord line, int place) {
        String text = line.getFieldCount() > place ? line.getField(place) : "";
        if (!text.matches("[1-9][0-9]{0,8}")) {
            String where = JobFiles.REGISTRY + ", line " + line.getStartingLineNumber();
            throw rejected(ErrorCode.INPUT_FORMAT, where, "no segment_index", "a whole number from 1");
        }
        return Integer.parseInt(text);
    }

    private static long countRecords(JobStore store, String name) throws IOException {
        if (store.size(name) <= 0) {
            return 0;
        }
        try (CsvReader<CsvRecord> csv = reader(open(store, name))) {
            return csv.stream().count();
        }
    }

    private static CsvReader<CsvRecord> reader(InputStream in) {
        return CsvReader.builder().commentStrategy(CommentStrategy.NONE).ofCsvRecord(in, StandardCharsets.UTF_8);
    }

    private static InputStream open(JobStore store, String name) throws IOException {
        return store.open(name)
                .orElseThrow(
                        () -> rejected(ErrorCode.INPUT_NOT_FOUND, name, "nothing", "a file that split has written"));
    }

    private static JobRejectedException rejected(ErrorCode code, String where, String found, String expected) {
        return new JobRejectedException(new Problem(code, where, found, expected));
    }
}
