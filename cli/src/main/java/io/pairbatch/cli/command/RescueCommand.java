package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.doctor.Problems;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.RescuedRegistry;
import io.pairbatch.cli.job.RescuedRows;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.job.JobFiles;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.text.Json;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "rescue",
        description = {
            "Takes over batches that the R package pairwiseLLM, or anything else that writes its registry, has made: follows"
                    + " them, fetches their answers, and writes the results. Nothing is sent."
        },
        mixinStandardHelpOptions = true)
final class RescueCommand implements Callable<Integer> {

    private static final String REJECTED = "These batches cannot be taken over. Nothing was dropped.";

    private final App app;

    @Parameters(paramLabel = "REGISTRY", description = "The jobs_registry.csv.")
    private @Nullable Path registry;

    @Option(
            names = "--pairs",
            paramLabel = "FILE",
            required = true,
            description = "The table that the batches were made of.")
    private @Nullable Path pairs;

    @Option(
            names = "--job",
            paramLabel = "FILE",
            description = {
                "A job file with the trait, the template and the options that were used. Needed only to send pairs again;"
                        + " without it, `retry` is refused."
            })
    private @Nullable Path job;

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description = "Set a field of the job over the job file. Can be given several times.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @ArgGroup
    private Rule rule = new Rule();

    /// One of them.
    static final class Rule {

        @Option(names = "--batch-size", paramLabel = "N", description = "The batch_size that was used.")
        private @Nullable Integer batchSize;

        @Option(names = "--n-segments", paramLabel = "N", description = "The n_segments that was used.")
        private @Nullable Integer segments;
    }

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the job (default: taken from the table).")
    private @Nullable String name;

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Mixin
    private LiveOptions live = new LiveOptions();

    @Mixin
    private StackOption stack = new StackOption();

    RescueCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (registry == null || pairs == null) {
            throw CliException.usage("No registry, or no table, is given.", "Give REGISTRY and --pairs FILE.");
        }
        Start start = new Start(app, live, stack.name);
        start.check();
        RescuedRegistry batches = RescuedRegistry.read(registry);
        try {
            // Whatever is wrong with the command line is told before the table is read.
            ObjectNode fields = DropBuilder.fields(job, settings);
            conflict(fields, "backend", batches.provider().code());
            conflict(fields, "model", batches.model());
            // Where the job file is wrong, the table is looked at too, whatever rows each batch has.
            JobSpec spec = Estimator.glance(
                    DropBuilder.buildFrom(
                            pairs,
                            Optional.ofNullable(job),
                            with(batches, Collections.nCopies(batches.batches().size(), 1)),
                            name),
                    live.service());
            List<Integer> sizes = sizes(batches, fields, spec.batching().columns());
            Drop drop = DropBuilder.buildFrom(pairs, Optional.ofNullable(job), with(batches, sizes), name);
            try (Session session = start.open()) {
                return rescue(session, drop, batches, sizes);
            }
        } catch (JobRejectedException e) {
            return Problems.print(app.console(), REJECTED, e);
        }
    }

    private void conflict(ObjectNode fields, String field, String value) {
        String given = fields.path(field).asString(value);
        if (!given.equals(value)) {
            throw CliException.refused(
                    "The job file has the " + field + " " + given + ", and the registry has " + value + ".",
                    "Give the job file that was used for these batches, or leave " + field + " out of it.");
        }
    }

    /// How many rows each batch has; those at the end that have none are left alone.
    private List<Integer> sizes(RescuedRegistry batches, ObjectNode fields, Map<String, String> columns)
            throws IOException {
        Path table = Objects.requireNonNull(pairs);
        RescuedRows rows = new RescuedRows(
                count(OfflineSplit.input(table).withColumns(columns)),
                batches.batches().size());
        Integer size = rule.batchSize == null && rule.segments == null ? number(fields, "batch_size") : rule.batchSize;
        Integer count = size == null && rule.segments == null ? number(fields, "n_segments") : rule.segments;
        if (size != null || count != null) {
            return rows.of(size, count);
        }
        Path folder = Objects.requireNonNull(registry).toAbsolutePath().resolveSibling(".");
        List<Integer> sent = rows.ofFiles(folder, batches.batches());
        return sent == null ? rows.only() : sent;
    }

    private static @Nullable Integer number(ObjectNode fields, String name) {
        return fields.path(name).isInt() ? Integer.valueOf(fields.path(name).intValue()) : null;
    }

    /// The rows of a table, with those that cannot be judged: they were sent, too.
    private static long count(InputFile table) throws IOException {
        long rows = 0;
        try (PairReader reader = PairReader.open(table)) {
            while (reader.read() != null) {
                rows++;
            }
        }
        return rows;
    }

    private Map<String, String> with(RescuedRegistry batches, List<Integer> sizes) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("backend", batches.provider().code());
        all.put(
                "model",
                Json.MAPPER.getNodeFactory().stringNode(batches.model()).toString());
        ArrayNode adopted = Json.MAPPER.createArrayNode();
        for (int i = 0; i < sizes.size() && sizes.get(i) > 0; i++) {
            adopted.addObject()
                    .put("rows", sizes.get(i))
                    .put("batch_id", batches.batches().get(i).batchId());
        }
        all.put("adopted_batches", adopted.toString());
        return all;
    }

    private int rescue(Session session, Drop drop, RescuedRegistry batches, List<Integer> sizes)
            throws IOException, InterruptedException {
        Deployment.Providers providers = session.deployment().providers();
        if (providers == null) {
            throw CliException.usage(
                    "The stack is older than this command: it cannot take over batches.",
                    "Bring it up to date (./pairbatch deploy, or ./pairbatch down and ./pairbatch up), then type the command again.");
        }
        Estimator estimator = new Estimator(providers, session.deployment().deployed(), session.bucket());
        estimator.requireProvider(drop);
        estimator.of(drop, Deadline.NONE);
        RunCommand.Dropped dropped = RunCommand.Dropped.drop(app, session, drop, name != null);
        tell(dropped.job().id(), batches, sizes);
        return follow.follow(app, session, dropped);
    }

    private void tell(String id, RescuedRegistry batches, List<Integer> sizes) {
        PrintWriter print = app.console().out();
        int rows = sizes.stream().mapToInt(Integer::intValue).sum();
        print.println("Takes over " + batches.batches().size() + " segments of "
                + batches.provider().code() + ", model "
                + batches.model() + ": " + rows + " rows in batches of " + RescuedRows.shown(sizes)
                + ". Nothing is sent.");
        int first = 1;
        List<String> unsent = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            RescuedRegistry.Batch batch = batches.batches().get(i);
            int size = sizes.get(i);
            if (size == 0 && batch.batchId() != null) {
                print.println(
                        "  segment " + batch.segment() + " has no rows: batch " + batch.batchId() + " is left alone");
            } else if (size > 0 && batch.batchId() == null) {
                unsent.add("segment " + batch.segment() + " (rows " + first + " to " + (first + size - 1) + ")");
            }
            first += size;
        }
        long done =
                batches.batches().stream().filter(RescuedRegistry.Batch::done).count();
        if (done > 0) {
            print.println("  " + (done == 1 ? "1 was" : done + " were")
                    + " collected before; all are fetched again, as long as the provider keeps"
                    + " them, and what it no longer has is in " + JobFiles.FAILED_PAIRS + " as batch_lost");
        }
        if (!unsent.isEmpty()) {
            print.println("  not submitted: " + String.join(", ", unsent) + ". Once the job is done, this sends them:");
            print.println("    ./pairbatch retry " + id + " --codes not_submitted");
        }
        if (job == null && !settings.containsKey("trait_name") && !settings.containsKey("trait_description")) {
            print.println("  without --job the trait and the template are not known: `retry` will be refused");
        }
    }
}
