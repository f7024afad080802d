package io.pairbatch.cli.estimate;

import io.pairbatch.backend.Backend;
import io.pairbatch.claim.StackRules;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.Bucket;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.JudgedRows;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.JobId;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.job.Version;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.prompt.LibraryShelf;
import io.pairbatch.prompt.TemplateText;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.FolderFiles;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.spec.JobSpecReader;
import io.pairbatch.spec.Judge;
import io.pairbatch.spec.SpecFiles;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.spec.SpecRules;
import io.pairbatch.split.DesignedPairs;
import io.pairbatch.split.PairSource;
import io.pairbatch.split.SplitCursor;
import io.pairbatch.split.SplitResult;
import io.pairbatch.split.SplitTotals;
import io.pairbatch.split.Splitter;
import io.pairbatch.split.StandardRules;
import io.pairbatch.step.DeployedProviders;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Reads the files of a drop as their stack will read them: with its library, its default fields and its service.
public final class Estimator {

    private final DeployedProviders deployed;
    private final Service service;
    private final SpecRules rules;
    private final String defaults;

    /// @param deployed the providers that the stack has
    /// @param bucket holds the stack's library
    public Estimator(Deployment.Providers providers, DeployedProviders deployed, Bucket bucket) {
        this.deployed = deployed;
        this.service = Providers.service(providers.service()).orElseThrow();
        this.rules =
                new StackRules(key -> object(bucket, key), shelf -> names(bucket, shelf), new StandardRules(service));
        this.defaults = providers.defaults();
    }

    private static Optional<byte[]> object(Bucket bucket, String key) {
        try {
            Optional<InputStream> object = bucket.open(key, null);
            if (object.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = object.get()) {
                return Optional.of(in.readNBytes(TemplateText.MAX_BYTES + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(Bucket bucket, LibraryShelf shelf) {
        List<String> names = new ArrayList<>();
        bucket.visit(shelf.prefix(), entry -> shelf.nameOf(entry.key()).ifPresent(names::add));
        return names;
    }

    /// What is known of a drop.
    ///
    /// @param design what the job's design compares, on one line; empty for a table of pairs
    /// @param estimate what the job will send; empty if there was not enough time
    public record Look(Optional<String> design, Optional<Estimate> estimate) {}

    /// The estimate of a look, without the rest.
    public Optional<Estimate> of(Drop drop, Deadline until) throws IOException {
        return look(drop, until).estimate();
    }

    /// Reads a table of pairs to its last row, twice, and holds one row and the list of segments; samples are read
    /// once,
    /// and held as a job holds them. Writes nothing but their temporary file.
    ///
    /// @param until when to stop reading pairs; samples are read to their end
    /// @throws JobRejectedException when the job would be rejected, as far as the table was read; that the stack has
    /// not its provider is no reason
    public Look look(Drop drop, Deadline until) throws IOException {
        return look(drop, data(drop).input(), until);
    }

    /// @param input the drop's table
    Look look(Drop drop, InputFile input, Deadline until) throws IOException {
        JobSpec spec = spec(drop);
        if (spec.batching().pairing().isEmpty()) {
            checkJudges(drop, input);
        }
        try (PairSource pairs = PairSource.of(spec, input)) {
            return new Look(
                    pairs instanceof DesignedPairs designed ? Optional.of(designed.words()) : Optional.empty(),
                    spec.isPanel()
                            ? ofJudges(drop, input, spec, pairs, until)
                            : estimate(drop, input, spec, pairs, until));
        } catch (JobRejectedException e) {
            throw drop.said().told(e);
        }
    }

    private static void checkJudges(Drop drop, InputFile input) throws IOException {
        try (PairReader rows = PairReader.open(input)) {
            if (rows.isOfFailedPairs()) {
                JudgedRows.check(data(drop).path());
            }
        } catch (JobRejectedException e) {
            // What is wrong with the table is told by whoever reads it.
        }
    }

    /// The table is read for each judge: which rows are too large for its provider, and where batches end, is its own.
    private Optional<Estimate> ofJudges(Drop drop, InputFile input, JobSpec spec, PairSource pairs, Deadline until)
            throws IOException {
        List<Estimate.OfJudge> judges = new ArrayList<>();
        for (Judge judge : spec.judges()) {
            Optional<Estimate> own =
                    estimate(drop, input, JobSpecJson.judge(spec, judge, Providers::options), pairs, until);
            if (own.isEmpty()) {
                return Optional.empty();
            }
            judges.add(new Estimate.OfJudge(judge.name(), own.get()));
        }
        return Optional.of(Estimate.ofJudges(spec, judges));
    }

    private Optional<Estimate> estimate(Drop drop, InputFile input, JobSpec spec, PairSource pairs, Deadline until)
            throws IOException {
        Drop.FileToDrop.OnDisk data = data(drop);
        ProviderFormat format = Providers.format(spec.backend(), service);
        String id = JobId.ofFiles(drop.name(), data.fingerprint().getBytes(StandardCharsets.UTF_8), new byte[0]);
        ResolvedJob job = new ResolvedJob(
                id,
                Instant.EPOCH,
                Version.CURRENT,
                new ResolvedJob.Source("", data.name(), null, data.fingerprint(), Files.size(data.path())),
                spec);
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
        PromptBytes prompts = PromptBytes.of(spec, pairs).scaledTo(comparisons);
        return Optional.of(new Estimate(
                spec,
                format.requests(spec, job.token()).endpoint(),
                totals,
                judged,
                batches(segments, comparisons),
                prompts.bytes(),
                prompts.tokens(),
                done.content().hex(),
                store.prints(),
                Estimate.Price.of(spec.model(), prompts.tokens()),
                Estimate.Bounds.of(spec, segments),
                List.of()));
    }

    /// Why a drop cannot become a job of this stack, if that has not its provider, or one of its judges'. No other file
    /// can mend this, unlike
    /// what a job is rejected for.
    ///
    /// @throws JobRejectedException when the job file is wrong
    public Optional<CliException> leftOut(Drop drop) throws IOException {
        List<Problem> missing = new ArrayList<>();
        for (Backend backend : spec(drop).backends()) {
            try {
                deployed.require(backend);
            } catch (JobRejectedException e) {
                missing.addAll(e.problems());
            }
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(CliException.refused(
                        new JobRejectedException(missing).getMessage() + ". Nothing was dropped.",
                        missing.getFirst().code().remedy()));
    }

    /// Refuses a drop that cannot become a job of this stack.
    ///
    /// @throws CliException when the stack has not the drop's provider
    public void requireProvider(Drop drop) throws IOException {
        Optional<CliException> leftOut = leftOut(drop);
        if (leftOut.isPresent()) {
            throw leftOut.get();
        }
    }

    /// How many batches a part of the pairs needs.
    private static long batches(List<Segment> segments, long judged) {
        long rows = 0;
        for (int i = 0; i < segments.size(); i++) {
            if (rows >= judged) {
                return i;
            }
            rows += segments.get(i).rows();
        }
        return segments.size();
    }

    /// The specification, as far as it can be checked without a stack: any name of a template or a trait may be
    /// registered there.
    ///
    /// @throws JobRejectedException with what is wrong on any stack
    public static JobSpec glance(Drop drop, Service service) throws IOException {
        return readAll(drop, new JobSpecReader(new AnyName(new StandardRules(service))), "{}");
    }

    /// The same of fields, where there is no table that could be dropped.
    ///
    /// @param beside what the files that they name lie beside
    public static JobSpec glance(ObjectNode fields, Path beside, Service service) throws IOException {
        return new JobSpecReader(new AnyName(new StandardRules(service)))
                .read(
                        List.of(new SpecLayer(JobFiles.JOB, fields)),
                        new FolderFiles(beside.toAbsolutePath().resolveSibling(".")));
    }

    /// What is to be said of the models of a drop before its table is read; empty where there is nothing, or where the
    /// job file cannot be read, which others tell.
    ///
    /// @param service the one used as the provider that others copy
    /// @param defaults of the stack, a JSON object
    public static List<String> doubtedModels(Drop drop, Service service, String defaults) throws IOException {
        try {
            return ModelName.doubts(
                    read(drop, new JobSpecReader(new AnyName(new StandardRules(service))), defaults), service);
        } catch (JobRejectedException e) {
            return List.of();
        }
    }

    private JobSpec spec(Drop drop) throws IOException {
        return readAll(drop, new JobSpecReader(rules), defaults);
    }

    /// The same; of a job that is refused what is wrong with its table is told too.
    private static JobSpec readAll(Drop drop, JobSpecReader reader, String defaults) throws IOException {
        try {
            return read(drop, reader, defaults);
        } catch (JobRejectedException e) {
            try (InputStream in = open(file(drop, JobFiles.JOB).orElseThrow())) {
                throw drop.said()
                        .told(TableLook.with(
                                e,
                                data(drop).input(),
                                SpecLayer.parse(JobFiles.JOB, in).fields()));
            }
        }
    }

    /// The specification of a drop.
    ///
    /// @param defaults of the stack, a JSON object
    static JobSpec read(Drop drop, JobSpecReader reader, String defaults) throws IOException {
        try (InputStream in = open(file(drop, JobFiles.JOB).orElseThrow())) {
            SpecLayer own = SpecLayer.parse(JobFiles.JOB, in);
            SpecLayer stack = SpecLayer.parse(
                    "the stack's defaults", new ByteArrayInputStream(defaults.getBytes(StandardCharsets.UTF_8)));
            return reader.read(List.of(own, stack), new DroppedFiles(drop));
        }
    }

    /// The files that are dropped; one that is suggested may lie beside the table without being dropped.
    private record DroppedFiles(Drop drop) implements SpecFiles {

        @Override
        public Optional<InputStream> open(String name) throws IOException {
            Optional<Drop.FileToDrop> beside = file(drop, name);
            return beside.isPresent() ? Optional.of(Estimator.open(beside.get())) : Optional.empty();
        }

        @Override
        public List<String> names() throws IOException {
            return new FolderFiles(data(drop).path().toAbsolutePath().resolveSibling(".")).names();
        }
    }

    private static Optional<Drop.FileToDrop> file(Drop drop, String name) {
        return drop.files().stream().filter(file -> file.name().equals(name)).findFirst();
    }

    private static InputStream open(Drop.FileToDrop file) throws IOException {
        return switch (file) {
            case Drop.FileToDrop.OnDisk disk -> Files.newInputStream(disk.path());
            case Drop.FileToDrop.InMemory memory -> new ByteArrayInputStream(memory.content());
        };
    }

    private static Drop.FileToDrop.OnDisk data(Drop drop) {
        return (Drop.FileToDrop.OnDisk) drop.files().getLast();
    }
}
