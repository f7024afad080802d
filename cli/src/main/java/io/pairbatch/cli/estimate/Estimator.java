package io.pairbatch.cli.estimate;

import io.pairbatch.backend.Backend;
import io.pairbatch.claim.StackRules;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.Bucket;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.JudgedRows;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.estimate.TableEstimator;
import io.pairbatch.job.JobFiles;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.prompt.LibraryShelf;
import io.pairbatch.prompt.TemplateText;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.FolderFiles;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecReader;
import io.pairbatch.spec.SpecFiles;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.spec.SpecRules;
import io.pairbatch.split.PairSource;
import io.pairbatch.split.StandardRules;
import io.pairbatch.step.DeployedProviders;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private final PriceTable prices;

    /// @param deployed the providers that the stack has
    /// @param bucket holds the stack's library
    public Estimator(Deployment.Providers providers, DeployedProviders deployed, Bucket bucket) {
        // What the stack counts by, whatever the user's prices are.
        this(providers, deployed, bucket, PriceTable.bundled());
    }

    /// The same with other prices than the stack's.
    public Estimator(Deployment.Providers providers, DeployedProviders deployed, Bucket bucket, PriceTable prices) {
        this.deployed = deployed;
        this.service = Providers.service(providers.service()).orElseThrow();
        this.rules =
                new StackRules(key -> object(bucket, key), shelf -> names(bucket, shelf), new StandardRules(service));
        this.defaults = providers.defaults();
        this.prices = prices;
    }

    private Estimator(Service service, PriceTable prices) {
        this.deployed = DeployedProviders.ALL;
        this.service = service;
        this.rules = new StandardRules(service);
        this.defaults = "{}";
        this.prices = prices;
    }

    /// Reads them as a stack without a library and defaults of its own would.
    ///
    /// @param service the one used as the provider that others copy
    public static Estimator withoutStack(Service service, PriceTable prices) {
        return new Estimator(service, prices);
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
        try (Opened opened = open(drop, input)) {
            return new Look(opened.design(), opened.tables().of(opened.spec(), opened.pairs(), until));
        } catch (JobRejectedException e) {
            throw drop.said().told(e);
        }
    }

    /// A drop whose table is open.
    ///
    /// @param spec of the job that it would become
    public record Opened(JobSpec spec, TableEstimator tables, PairSource pairs) implements Closeable {

        /// What the job's design compares, on one line; empty for a table of pairs.
        public Optional<String> design() {
            return TableEstimator.design(pairs);
        }

        @Override
        public void close() throws IOException {
            pairs.close();
        }
    }

    /// Opens a drop, whose problems then are those of the stack's copies.
    ///
    /// @throws JobRejectedException when the job would be rejected, as far as that is known without its pairs
    public Opened open(Drop drop) throws IOException {
        return open(drop, data(drop).input());
    }

    private Opened open(Drop drop, InputFile input) throws IOException {
        JobSpec spec = spec(drop);
        if (spec.batching().pairing().isEmpty()) {
            checkJudges(drop, input);
        }
        return new Opened(
                spec, new TableEstimator(input, data(drop).fingerprint(), service, prices), PairSource.of(spec, input));
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
