package io.pairbatch.offline;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.JobId;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.results.JobsRegistryCsv;
import io.pairbatch.spec.FolderFiles;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.SplitCursor;
import io.pairbatch.split.SplitResult;
import io.pairbatch.split.SplitTotals;
import io.pairbatch.split.Splitter;
import io.pairbatch.split.StandardRules;
import io.pairbatch.store.Draft;
import io.pairbatch.store.FolderStore;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Hex;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shows what a job would send, without a provider and without AWS: writes the same files as in the bucket to a folder.
///
/// @param version of Pairbatch, for job.json
/// @param clock for the job's creation time
/// @param service which service to use instead of the provider
public record OfflineSplit(String version, InstantSource clock, Service service) {

    /// With the provider itself.
    public OfflineSplit(String version, InstantSource clock) {
        this(version, clock, Providers.itself());
    }

    /// What was written.
    public record Report(ResolvedJob job, List<Segment> segments, SplitTotals totals) {}

    /// What a job is to be, as it is read.
    ///
    /// @param name for messages
    /// @param content one JSON object
    /// @param folder where the files are that it names
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record JobFile(String name, byte[] content, Path folder) {

        /// A file on disk.
        ///
        /// @throws JobRejectedException if there is none, or one that is too long
        public static JobFile of(Path jobJson) throws IOException {
            if (!Files.isRegularFile(jobJson)) {
                throw new JobRejectedException(new Problem(
                        ErrorCode.SPEC_FILE_NOT_FOUND, jobJson.toString(), "nothing", "the specification of a job"));
            }
            try (InputStream in = Files.newInputStream(jobJson)) {
                return new JobFile(
                        jobJson.toString(),
                        SpecLayer.bytes(jobJson.toString(), in),
                        jobJson.toAbsolutePath().resolveSibling("."));
            }
        }
    }

    /// Splits `table` as `jobJson` says and writes the job's files into `folder`. Holds the list of segments and one
    /// row in memory.
    ///
    /// @throws JobRejectedException if the specification or the table is refused
    public Report run(Path table, Path jobJson, Path folder) throws IOException {
        JobFile job = JobFile.of(jobJson);
        if (!Files.isRegularFile(table)) {
            readSpec(job);
            throw new JobRejectedException(
                    new Problem(ErrorCode.INPUT_NOT_FOUND, table.toString(), "nothing", "a file of pairs"));
        }
        return run(table, input(table), job, folder);
    }

    /// The same.
    ///
    /// @param input what is on disk at `table`, with the name that is told
    /// @throws JobRejectedException if the specification or the table is refused
    public Report run(Path table, InputFile input, JobFile jobFile, Path folder) throws IOException {
        JobSpec spec = readSpec(jobFile);
        if (spec.isPanel()) {
            throw new JobRejectedException(new Problem(
                    ErrorCode.SPEC_CONFLICT,
                    jobFile.name() + ", field `judges`",
                    spec.judges().size() + " judges",
                    "one judge, named by `backend` and `model`: a split on disk makes the requests of one"));
        }
        byte[] tableDigest = digest(table);
        ResolvedJob job = new ResolvedJob(
                JobId.ofFiles(
                        name(jobFile.folder().toAbsolutePath().normalize()),
                        tableDigest,
                        Hex.sha256().digest(jobFile.content())),
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                version,
                new ResolvedJob.Source("", name(table), null, Hex.of(tableDigest), Files.size(table)),
                spec);
        JobStore store = new FolderStore(folder);
        try (Draft draft = store.create(JobFiles.JOB)) {
            job.write(draft);
            draft.commit();
        }
        List<Segment> segments = new ArrayList<>();
        SplitResult result = new Splitter(job, input, store, Providers.format(spec.backend(), service))
                .run(SplitCursor.START, Deadline.NONE, segments::add);
        String provider = job.spec().backend().code();
        JobsRegistryCsv.write(
                store,
                segments.stream()
                        .map(s -> new JobsRegistryCsv.Line(
                                s.index(), provider, job.spec().model(), null, false))
                        .toList());
        if (result instanceof SplitResult.Done done
                && job.spec().batching().sample().limit() != null) {
            writeAccepted(store, done.totals().accepted());
        }
        return switch (result) {
            case SplitResult.Done done -> new Report(job, segments, done.totals());
            case SplitResult.Paused paused ->
                throw new IllegalStateException("A split without a deadline does not pause");
        };
    }

    private static void writeAccepted(JobStore store, long accepted) throws IOException {
        try (Draft draft = store.create(JobFiles.ACCEPTED)) {
            draft.write(("{\"accepted\":" + accepted + "}\n").getBytes(StandardCharsets.UTF_8));
            draft.commit();
        }
    }

    /// A file on disk as a table of pairs. It is told by its path as it was given, so that the commands that are told
    /// with it find it.
    public static InputFile input(Path table) throws IOException {
        return new InputFile(table.toString(), Files.size(table), opener(table));
    }

    /// A copy in UTF-8, which is told as the file that it was made of.
    ///
    /// @param charset what that file is in, as `iconv` spells it; null where no command makes such a copy
    public static InputFile copyOf(Path table, @Nullable String charset, Path copy) throws IOException {
        return new InputFile(table.toString(), Files.size(copy), opener(copy), charset);
    }

    private static InputFile.Opener opener(Path file) {
        return offset -> {
            SeekableByteChannel channel = Files.newByteChannel(file);
            channel.position(offset);
            return Channels.newInputStream(channel);
        };
    }

    /// The specification that a job file has.
    ///
    /// @throws JobRejectedException if it is refused
    public JobSpec readSpec(JobFile job) throws IOException {
        SpecLayer layer = SpecLayer.parse(job.name(), new ByteArrayInputStream(job.content()));
        return StandardRules.reader(service).read(List.of(layer), new FolderFiles(job.folder()));
    }

    private static byte[] digest(Path file) throws IOException {
        MessageDigest digest = Hex.sha256();
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            Files.copy(file, out);
        }
        return digest.digest();
    }

    private static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
