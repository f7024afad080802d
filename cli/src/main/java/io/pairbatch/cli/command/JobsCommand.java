package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobJson;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.JobSource;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Grid;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.Filing;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "jobs", description = "Lists the jobs, newest first.", mixinStandardHelpOptions = true)
final class JobsCommand implements Callable<Integer> {

    private static final List<String> HEADER =
            List.of("JOB", "STATE", "MODEL", "ROWS", "JUDGED", "FAILED", "REJECTED", "CREATED", "FINISHED");

    private static final String SIMULATOR = "simulator";

    private static final String NOT_IN_SAMPLE = "NOT IN SAMPLE";

    /// Columns of numbers, right-aligned.
    private static final Set<String> NUMBERS = Set.of("ROWS", "JUDGED", "FAILED", "REJECTED", NOT_IN_SAMPLE);

    private final App app;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Number of jobs to list (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Print one JSON object per line, with what each job waits for.")
    private boolean json;

    @Option(names = "--judges", description = "List also the jobs of single judges, of jobs that have several.")
    private boolean judges;

    @Mixin
    private StackOption stack = new StackOption();

    JobsCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException {
        if (limit < 1) {
            throw CliException.usage("--limit is " + limit + ".", "Give a number of 1 or more.");
        }
        try (Session session = app.open(stack.name)) {
            app.tellUnlisted(session);
            if (json) {
                return printJson(session.jobs());
            }
            List<Job> listed = new ArrayList<>();
            List<String> waiting = new ArrayList<>();
            boolean[] more = new boolean[1];
            session.jobs().visitNewestFirst(job -> {
                if (!isShown(job)) {
                    return true;
                }
                more[0] = listed.size() == limit;
                if (more[0]) {
                    return false;
                }
                listed.add(job);
                if (job.state() == JobState.WAITING_FOR_SPEC && job.errorMessage() != null) {
                    waiting.add(job.sourceKey() + " waits: " + Cells.harmless(job.errorMessage()));
                }
                return true;
            });
            listed.replaceAll(job -> counted(session.jobs(), job));
            print(table(listed));
            if (more[0]) {
                app.console().out().println("There are more: --limit N lists the N newest.");
            }
            if (listed.stream().anyMatch(Job::simulated)) {
                app.console().out().println(SIMULATOR + ": no model has judged, and nothing was paid");
            }
            listed.forEach(job -> job.unjudged()
                    .sentence()
                    .ifPresent(why -> app.console().out().println(job.id() + ", " + Cells.harmless(why))));
            listed.stream()
                    .filter(job -> job.hasLosses() || job.lacksAnswers())
                    .forEach(job -> app.console()
                            .out()
                            .println(job.id() + ", what can be sent again: ./pairbatch doctor " + job.id()));
            waiting.forEach(app.console().out()::println);
            tellOverdue(session.jobs(), listed);
            return ExitStatus.DONE;
        }
    }

    private boolean isShown(Job job) {
        return judges || job.panel() == null;
    }

    /// Before its end, what a job of several judges has read is known of their jobs only.
    private static Job counted(JobSource jobs, Job job) {
        return job.isPanel() && job.state() != JobState.DONE
                ? jobs.read(job.id()).map(JobSnapshot::job).orElse(job)
                : job;
    }

    private void tellOverdue(JobSource jobs, List<Job> listed) {
        for (Job job : listed) {
            if (job.state().active() && job.state() != JobState.SPLITTING) {
                jobs.read(job.id())
                        .ifPresent(snapshot -> snapshot.waits()
                                .overdue(app.clock().instant())
                                .forEach(batch -> app.console()
                                        .out()
                                        .println(job.id() + ", overdue: " + Cells.harmless(batch.describe()))));
            }
        }
    }

    private int printJson(JobSource jobs) {
        List<Job> listed = new ArrayList<>();
        jobs.visitNewestFirst(job -> {
            if (isShown(job)) {
                listed.add(job);
            }
            return listed.size() < limit;
        });
        for (Job job : listed) {
            JobSnapshot snapshot = jobs.read(job.id()).orElseGet(() -> new JobSnapshot(job, SegmentTotals.NONE));
            app.console().out().println(JobJson.of(snapshot, app.clock().instant()));
        }
        return ExitStatus.DONE;
    }

    /// Rows that are not in a sample, who judges, study and labels are columns only where a job has some.
    private static List<List<String>> table(List<Job> jobs) {
        boolean studies = jobs.stream().anyMatch(job -> !filing(job).study().isEmpty());
        boolean left = jobs.stream().anyMatch(job -> job.left() > 0);
        boolean labels = jobs.stream().anyMatch(job -> !filing(job).labels().isEmpty());
        List<List<String>> table = new ArrayList<>();
        boolean simulated = jobs.stream().anyMatch(Job::simulated);
        table.add(filed(
                HEADER,
                left ? NOT_IN_SAMPLE : null,
                simulated ? "JUDGE" : null,
                studies ? "STUDY" : null,
                labels ? "LABELS" : null));
        jobs.forEach(job -> table.add(filed(
                row(job),
                left ? (job.state() == JobState.DONE ? count(job.left()) : "-") : null,
                simulated ? (job.simulated() ? SIMULATOR : "") : null,
                studies ? Cells.harmless(filing(job).study()) : null,
                labels ? Cells.harmless(filing(job).words()) : null)));
        return table;
    }

    private static Filing filing(Job job) {
        return job.tags().filing();
    }

    private static List<String> filed(
            List<String> row,
            @Nullable String left,
            @Nullable String judge,
            @Nullable String study,
            @Nullable String labels) {
        List<String> all = new ArrayList<>(row);
        if (left != null) {
            all.add(HEADER.indexOf("CREATED"), left);
        }
        Stream.of(judge, study, labels).filter(Objects::nonNull).forEach(cell -> all.add(cell.isEmpty() ? "-" : cell));
        return all;
    }

    private static List<String> row(Job job) {
        return List.of(
                job.id(),
                job.words(),
                Cells.harmless(Objects.requireNonNullElse(job.whoJudges(), "-")),
                count(job.rowsRead()),
                job.counted() ? count(job.observed()) : "-",
                job.counted() ? count(job.failed()) : "-",
                count(job.rowsRejected()),
                time(job.createdAt()),
                time(job.finishedAt()));
    }

    private void print(List<List<String>> table) {
        PrintWriter out = app.console().out();
        if (table.size() == 1) {
            out.println("No jobs yet.");
            return;
        }
        List<String> header = table.getFirst();
        Set<Integer> numbers = IntStream.range(0, header.size())
                .filter(c -> NUMBERS.contains(header.get(c)))
                .boxed()
                .collect(Collectors.toSet());
        Grid.lines(table, numbers).forEach(out::println);
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String time(@Nullable Instant instant) {
        return instant == null ? "-" : instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
