package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFinder;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.PanelJobs;
import io.pairbatch.cli.job.ResultFiles;
import io.pairbatch.cli.job.SummaryFile;
import io.pairbatch.cli.job.SummaryFile.Bill;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Grid;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.job.JobFiles;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "cost",
        description =
                "Adds up what jobs have sent and cost: requests, tokens, USD. Only jobs that are done are counted.",
        mixinStandardHelpOptions = true)
final class CostCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String LABEL = "label:";

    private final App app;

    @Parameters(
            paramLabel = "JOB",
            arity = "0..*",
            description = "Jobs by id, or the beginning of it; a summary.json, or a folder that has one, is read from"
                    + " disk (default: all jobs of the stack).")
    private List<String> jobs = new ArrayList<>();

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "model",
            description = "What to add up by: model, provider, study, label (all labels of a job), or label:NAME"
                    + " (default: ${DEFAULT-VALUE}, with its provider).")
    private String by = "model";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private StackOption stack = new StackOption();

    CostCommand(App app) {
        this.app = app;
    }

    /// The jobs that were looked at.
    ///
    /// @param counted each once
    /// @param others those that have no summary yet
    private record Found(Map<String, SummaryFile> counted, List<Job> others) {}

    /// What jobs are added up by.
    ///
    /// @param simulated whether the simulator answered them: they cost nothing
    private record Group(List<String> names, boolean simulated) implements Comparable<Group> {

        @Override
        public int compareTo(Group other) {
            for (int i = 0; i < names.size(); i++) {
                int order = names.get(i).compareTo(other.names.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return Boolean.compare(simulated, other.simulated);
        }
    }

    /// The sum of a group's jobs.
    ///
    /// @param bill what was sent, and what was paid for it
    /// @param simulated what of it the simulator answered, and what a provider would have been paid
    private record Sum(int jobs, Bill bill, Bill simulated) {

        static final Sum NOTHING = new Sum(0, Bill.NOTHING, Bill.NOTHING);

        Sum plus(SummaryFile summary) {
            Bill more = summary.bill();
            return summary.simulated()
                    ? new Sum(jobs + 1, bill.plus(more.unpaid()), simulated.plus(more))
                    : new Sum(jobs + 1, bill.plus(more), simulated);
        }
    }

    @Override
    public Integer call() throws IOException {
        List<String> columns = columns();
        Found found = find();
        Map<Group, Sum> groups = new TreeMap<>();
        Sum total = Sum.NOTHING;
        for (SummaryFile summary : found.counted().values()) {
            Group group = new Group(group(summary), summary.simulated());
            groups.put(group, groups.getOrDefault(group, Sum.NOTHING).plus(summary));
            total = total.plus(summary);
        }
        if (json) {
            app.console().out().println(json(columns, groups, total, found.others()));
        } else {
            print(columns, groups, total, found.others());
        }
        return ExitStatus.DONE;
    }

    private List<String> columns() {
        return switch (by) {
            case "model" -> List.of("provider", "model");
            case "provider", "study" -> List.of(by);
            case "label" -> List.of("labels");
            default -> {
                if (!by.startsWith(LABEL) || by.length() == LABEL.length()) {
                    throw CliException.usage(
                            "--by is \"" + by + "\".",
                            "Give model, provider, study, label, or label: and the name of a label, such as"
                                    + " label:wave.");
                }
                yield List.of(by);
            }
        };
    }

    private List<String> group(SummaryFile summary) {
        return switch (by) {
            case "model" -> List.of(summary.backend(), summary.model());
            case "provider" -> List.of(summary.backend());
            case "study" -> List.of(summary.filing().study());
            case "label" -> List.of(summary.filing().words());
            default -> List.of(summary.filing().labels().getOrDefault(by.substring(LABEL.length()), ""));
        };
    }

    /// Each job counts once, however often it is named.
    private Found find() throws IOException {
        Map<String, SummaryFile> counted = new LinkedHashMap<>();
        List<Job> others = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (String name : jobs) {
            Optional<Path> file = onDisk(name);
            if (file.isPresent()) {
                SummaryFile summary = SummaryFile.of(file.get());
                List<SummaryFile> judges = summary.judges();
                (judges.isEmpty() ? List.of(summary) : judges).forEach(one -> counted.put(one.jobId(), one));
            } else {
                ids.add(name);
            }
        }
        if (!ids.isEmpty() || jobs.isEmpty()) {
            try (Session session = app.open(stack.name)) {
                if (jobs.isEmpty()) {
                    app.tellUnlisted(session);
                }
                for (Job job : listed(session, ids)) {
                    Optional<SummaryFile> summary = inBucket(session, job);
                    if (summary.isPresent()) {
                        counted.putIfAbsent(job.id(), summary.get());
                    } else {
                        others.add(job);
                    }
                }
            }
        }
        return new Found(counted, others);
    }

    private Optional<Path> onDisk(String name) {
        try {
            Path path = app.folder().resolve(name);
            boolean summary = Files.isRegularFile(path) || Files.isRegularFile(path.resolve(JobFiles.SUMMARY));
            return summary ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private List<Job> listed(Session session, List<String> ids) {
        if (!ids.isEmpty()) {
            JobFinder finder = app.finder(session);
            return ids.stream()
                    .map(finder::byPrefix)
                    .flatMap(job -> job.isPanel() ? ofJudges(session, job) : Stream.of(job))
                    .toList();
        }
        List<Job> all = new ArrayList<>();
        session.jobs().visitNewestFirst(job -> {
            // A folder that waits for its other files is no job yet.
            // What a job of several judges has cost, their jobs have cost.
            if (job.state() != JobState.WAITING_FOR_SPEC && !job.isPanel()) {
                all.add(job);
            }
            return true;
        });
        return all;
    }

    /// Those in whose files the results of the judges are: one that judges the same stands for a judge's own.
    private static Stream<Job> ofJudges(Session session, Job panel) {
        return panel.judgeJobs().stream()
                .flatMap(id -> PanelJobs.judging(session.jobs(), id).stream())
                .map(JobSnapshot::job);
    }

    /// A job that judges more of its rows has no summary until it is done again.
    private static Optional<SummaryFile> inBucket(Session session, Job job) throws IOException {
        if (job.state() != JobState.DONE) {
            return Optional.empty();
        }
        String key = ResultFiles.prefix(job.id()) + JobFiles.SUMMARY;
        Optional<InputStream> file = session.bucket().open(key, null);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = file.get()) {
            return Optional.of(SummaryFile.of(key, in));
        }
    }

    private void print(List<String> columns, Map<Group, Sum> groups, Sum total, List<Job> others) {
        List<List<String>> table = new ArrayList<>();
        List<String> header = new ArrayList<>();
        columns.forEach(column -> header.add(column.startsWith(LABEL) ? column : column.toUpperCase(Locale.ROOT)));
        header.addAll(List.of("JOBS", "REQUESTS", "PROMPT TOKENS", "COMPLETION TOKENS", "USD"));
        boolean simulated = groups.keySet().stream().anyMatch(Group::simulated);
        if (simulated) {
            header.add("SIMULATED USD");
        }
        table.add(header);
        groups.forEach((group, sum) -> table.add(row(shown(group), sum, simulated)));
        List<String> all = new ArrayList<>(List.of("total"));
        columns.stream().skip(1).forEach(column -> all.add(""));
        table.add(row(all, total, simulated));
        int first = columns.size();
        PrintWriter out = app.console().out();
        Grid.lines(table, Set.of(first, first + 1, first + 2, first + 3, first + 4, first + 5))
                .forEach(out::println);
        unpriced(out, "USD", total.bill());
        if (simulated) {
            out.println("SIMULATED USD is what a provider would have been paid at the price list. Nothing was paid.");
            unpriced(out, "SIMULATED USD", total.simulated());
        }
        others.forEach(job ->
                out.println("not counted: " + job.id() + ", " + job.state().words()));
    }

    private static List<String> shown(Group group) {
        List<String> cells = new ArrayList<>();
        group.names()
                .forEach(name -> cells.add(name.isEmpty() && group.names().size() == 1 ? "-" : Cells.harmless(name)));
        if (group.simulated()) {
            cells.add(cells.removeLast() + " " + Job.SIMULATED);
        }
        return cells;
    }

    private static void unpriced(PrintWriter out, String column, Bill bill) {
        if (bill.unpriced() > 0) {
            out.println(column + (usd(bill) == null ? " is not known: " : " is more than that: ")
                    + (bill.unpriced() == 1 ? "1 answer has" : count(bill.unpriced()) + " answers have")
                    + " no known price.");
        }
    }

    private static List<String> row(List<String> group, Sum sum, boolean simulated) {
        List<String> row = new ArrayList<>(group);
        row.add(count(sum.jobs()));
        row.add(count(sum.bill().requests()));
        row.add(count(sum.bill().promptTokens()));
        row.add(count(sum.bill().completionTokens()));
        row.add(amount(sum.bill()));
        if (simulated) {
            row.add(amount(sum.simulated()));
        }
        return row;
    }

    private static String amount(Bill bill) {
        BigDecimal usd = usd(bill);
        return usd == null ? "-" : NanoUsd.amount(NanoUsd.of(usd));
    }

    /// Unknown does not mean free: null where no answer has a known price.
    private static @Nullable BigDecimal usd(Bill bill) {
        return bill.unpriced() > 0 && bill.costUsd().signum() == 0 ? null : bill.costUsd();
    }

    private static String json(List<String> columns, Map<Group, Sum> groups, Sum total, List<Job> others) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode array = json.putArray("groups");
        groups.forEach((group, sum) -> {
            ObjectNode object = array.addObject();
            for (int i = 0; i < columns.size(); i++) {
                String name = group.names().get(i);
                object.put(columns.get(i), name.isEmpty() ? null : name);
            }
            object.put("simulated", group.simulated());
            put(object, sum);
        });
        put(json.putObject("total"), total);
        ArrayNode not = json.putArray("not_counted");
        others.forEach(job ->
                not.addObject().put("job_id", job.id()).put("state", job.state().name()));
        return json.toString();
    }

    private static void put(ObjectNode object, Sum sum) {
        BigDecimal usd = usd(sum.bill());
        BigDecimal simulated = usd(sum.simulated());
        object.put("jobs", sum.jobs())
                .put("requests", sum.bill().requests())
                .put("prompt_tokens", sum.bill().promptTokens())
                .put("completion_tokens", sum.bill().completionTokens())
                .put("cost_usd", usd == null ? null : usd.toPlainString())
                .put("unpriced_answers", sum.bill().unpriced())
                .put("simulated_usd", simulated == null ? null : simulated.toPlainString())
                .put("simulated_unpriced_answers", sum.simulated().unpriced());
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
