package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.SummaryFile;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.Version;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.RequestSketch;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.StandardRules;
import io.pairbatch.text.Json;
import io.pairbatch.text.Plural;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "rerun",
        description = {
            "Judges the table of a job once more, in the same way, as its summary.json says: a new job, which is paid"
                    + " for again. The table must be the same, byte for byte.",
            "The same command a second time finds the job that it made the first time."
        },
        mixinStandardHelpOptions = true)
final class RerunCommand implements Callable<Integer> {

    private final App app;

    @Parameters(
            index = "0",
            paramLabel = "SUMMARY",
            description = "The job's summary.json, or the folder of its results.")
    private @Nullable Path summary;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "The table of pairs (default: the one that the job was made of, if it is still in the stack's"
                    + " bucket or beside the summary).")
    private @Nullable Path file;

    @Option(
            names = "--run",
            paramLabel = "N",
            description = "The field `run` of the new job (default: the first after the job's that is not done).")
    private @Nullable Integer run;

    @Option(
            names = "--anyway",
            description = "Also if this version sends other requests than the job did, or the summary does not tell.")
    private boolean anyway;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the job (default: that of the job).")
    private @Nullable String name;

    @Option(names = "--yes", description = "Do not ask before a run that costs money.")
    private boolean yes;

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Mixin
    private LiveOptions live = new LiveOptions();

    @Mixin
    private StackOption stack = new StackOption();

    RerunCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (summary == null) {
            throw CliException.usage("No summary is given.", "Give the path of a summary.json.");
        }
        SummaryFile job = SummaryFile.of(app.folder().resolve(summary));
        Start start = new Start(app, live, stack.name);
        start.check();
        ObjectNode fields = fields(job);
        compareRequests(job, fields);
        Path folder = Files.createTempDirectory("pairbatch-rerun");
        try {
            Path table = file == null ? found(job, start, folder) : app.folder().resolve(file);
            checkTable(job, table);
            tell(job, fields);
            Start.Again again = run == null ? Start.Again.ONCE_DONE : Start.Again.NO;
            return start.run(
                    next -> drop(job, next == null ? fields : fields.put("run", next), table, folder),
                    new Start.Answers(name != null, again, false, yes, follow));
        } finally {
            delete(folder);
        }
    }

    private Drop drop(SummaryFile job, ObjectNode fields, Path table, Path folder) throws IOException {
        Path spec = Files.write(folder.resolve(JobFiles.JOB), Json.MAPPER.writeValueAsBytes(fields));
        return DropBuilder.build(table, spec, Map.of(), name == null ? DropBuilder.nameOf(job.jobId()) : name)
                .saidBy(job.name());
    }

    private ObjectNode fields(SummaryFile job) {
        ObjectNode fields = job.fields();
        if (!fields.path("adopted_batches").isEmpty()) {
            throw CliException.refused(
                    "Job " + job.jobId()
                            + " took over batches that were made elsewhere, so what they asked is not known.",
                    "./pairbatch run FILE --job JOBFILE judges the table anew, as a job file says.");
        }
        int before = fields.path("run").asInt(1);
        if (run != null && run < 1) {
            throw CliException.usage("--run is " + run + ".", "Give a number of 1 or more.");
        }
        return fields.put("run", run == null ? before + 1 : run);
    }

    private void tell(SummaryFile job, ObjectNode fields) {
        say("Repeats job " + job.jobId() + " as run " + fields.path("run").asInt(1) + ": " + whoJudges(job) + ", "
                + job.json().path("conservation").path("comparisons").asLong(0)
                + " comparisons, which " + (job.simulated() ? "were simulated" : "cost " + cost(job.bill())) + ".");
        String now = Version.told();
        if (!job.madeBy().equals(now)) {
            say("The job was put together by Pairbatch " + job.madeBy() + "; this is " + now + ".");
        }
    }

    private static String whoJudges(SummaryFile job) {
        List<SummaryFile> judges = job.judges();
        return judges.isEmpty()
                ? job.backend() + ", " + job.model()
                : Plural.of(judges.size(), "judge") + " ("
                        + judges.stream().map(SummaryFile::judge).collect(Collectors.joining(", ")) + ")";
    }

    private static String cost(SummaryFile.Bill bill) {
        if (bill.unpriced() > 0 && bill.costUsd().signum() == 0) {
            return "an amount that is not known: the price table had no such model";
        }
        String usd = NanoUsd.words(bill.costUsd());
        return bill.unpriced() == 0
                ? usd
                : usd + " and what " + bill.unpriced() + " answers without a known price cost";
    }

    private void say(String line) {
        app.console().out().println(Cells.harmless(line));
        app.console().out().flush();
    }

    /// The defaults of a version, and of its table of models, may be others than those of the version that judged.
    private void compareRequests(SummaryFile job, ObjectNode fields) throws IOException {
        if (anyway) {
            return;
        }
        List<SummaryFile> judges = job.judges();
        List<SummaryFile> asked = judges.isEmpty() ? List.of(job) : judges;
        if (!asked.stream().allMatch(one -> one.request().isObject())) {
            throw CliException.refused(
                    job.name() + " does not say what each request held: an older version has written it.",
                    "Compare the options of the two jobs yourself, then give --anyway.");
        }
        // Only the one that others copy is another than the provider's own.
        Service service = asked.stream()
                .map(SummaryFile::service)
                .flatMap(code -> Optional.ofNullable(code).flatMap(Providers::service).stream())
                .filter(one -> !one.isItself())
                .findFirst()
                .orElseGet(Providers::itself);
        JobSpec spec = spec(job, fields, service);
        List<String> differences = new ArrayList<>();
        if (judges.isEmpty()) {
            differences(job.request(), sketch(spec, service), "", differences);
        }
        for (SummaryFile one : judges) {
            spec.judges().stream()
                    .filter(judge -> judge.name().equals(one.judge()))
                    .map(judge -> sketch(JobSpecJson.judge(spec, judge, Providers::options), service))
                    .forEach(now -> differences(one.request(), now, "judge " + one.judge() + ": ", differences));
        }
        if (!differences.isEmpty() && job.madeBy().equals(Version.told())) {
            throw CliException.refused(
                    "The summary of job " + job.jobId() + " was changed since this version of Pairbatch has written it,"
                            + " which would send other requests: " + String.join("; ", differences) + ".",
                    "Take the summary as it is in the bucket (./pairbatch results JOB), or give --anyway.");
        }
        if (!differences.isEmpty()) {
            throw CliException.refused(
                    "This version of Pairbatch would send other requests than job " + job.jobId() + " did: "
                            + String.join("; ", differences) + ".",
                    "Use Pairbatch " + job.madeBy() + ", or give --anyway.");
        }
    }

    private static JsonNode sketch(JobSpec spec, Service service) {
        return RequestSketch.of(Providers.format(spec.backend(), service), spec);
    }

    private static JobSpec spec(SummaryFile job, ObjectNode fields, Service service) throws IOException {
        try {
            return StandardRules.reader(service)
                    .read(List.of(new SpecLayer(job.name(), fields)), name -> Optional.empty());
        } catch (JobRejectedException e) {
            throw CliException.refused(
                    "This version of Pairbatch does not accept the job any more: " + e.getMessage() + ".",
                    "Use Pairbatch " + job.madeBy() + ".");
        }
    }

    private static void differences(JsonNode before, JsonNode now, String where, List<String> found) {
        if (before.isObject() && now.isObject()) {
            TreeSet<String> names = new TreeSet<>(before.propertyNames());
            names.addAll(now.propertyNames());
            names.forEach(field -> differences(
                    before.path(field),
                    now.path(field),
                    where.isEmpty() || where.endsWith(": ") ? where + field : where + "." + field,
                    found));
        } else if (!before.toString().equals(now.toString())) {
            found.add(where + " " + shown(now) + " instead of " + shown(before));
        }
    }

    private static String shown(JsonNode value) {
        String text = value.isMissingNode() ? "nothing" : value.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    /// The table by its source: in the stack's bucket, in the version that the job read, or beside the summary where
    /// the job was split and collected in a folder.
    private Path found(SummaryFile job, Start start, Path folder) throws IOException {
        SummaryFile.Table table = job.table();
        if (table.bucket().isEmpty()) {
            Path beside = app.folder()
                    .resolve(String.valueOf(summary))
                    .toAbsolutePath()
                    .resolveSibling(table.name());
            if (Files.isRegularFile(beside)) {
                return beside;
            }
            throw missing("The table " + table.name() + " is not beside the summary.");
        }
        try (Session session = start.open()) {
            if (!session.bucket().name().equals(table.bucket())) {
                throw missing("The table was in the bucket " + table.bucket() + ", this stack's is "
                        + session.bucket().name() + ".");
            }
            Optional<InputStream> content = session.bucket().open(table.key(), table.version());
            if (content.isEmpty()) {
                throw missing("The table s3://" + table.bucket() + "/" + table.key() + " is no longer there.");
            }
            Path fetched = folder.resolve(table.name().replaceAll("[^A-Za-z0-9._-]", "_"));
            try (InputStream in = content.get()) {
                Files.copy(in, fetched);
            }
            return fetched;
        }
    }

    private static CliException missing(String message) {
        return CliException.usage(message, "Give the table behind the summary.");
    }

    private void checkTable(SummaryFile job, Path table) throws IOException {
        GivenFile.check(table, "Give the path of the job's table of pairs.");
        String wanted = job.table().sha256();
        if (wanted == null) {
            if (anyway) {
                say(job.name() + " does not say which table it was: nobody has checked that this is the same.");
                return;
            }
            throw CliException.refused(
                    job.name() + " does not say the SHA-256 of the job's table.",
                    "Make sure that the table is the same, then give --anyway.");
        }
        String found = DropBuilder.sha256(table);
        if (!found.equals(wanted)) {
            throw CliException.refused(
                    table + " is another table than that of job " + job.jobId() + ": its SHA-256 is " + found + ", not "
                            + wanted + ".",
                    "Give the table as it was uploaded, byte for byte; ./pairbatch run judges another one.");
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path path : files.toList()) {
                Files.delete(path);
            }
        }
        Files.delete(folder);
    }
}
