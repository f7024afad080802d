package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.doctor.JobDiagnosis;
import io.pairbatch.cli.doctor.JudgeLines;
import io.pairbatch.cli.doctor.StackCheck;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.DesignFile;
import io.pairbatch.cli.job.FailedPairs;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFault;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.Unlisted;
import io.pairbatch.cli.stack.Finding;
import io.pairbatch.cli.stack.MachineCheck;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Checks this machine, the stack and its keys, and says what to do about each problem.",
            "With a job: explains its state, what it waits for and what to type next."
        })
final class DoctorCommand implements Callable<Integer> {

    private final App app;

    @Parameters(paramLabel = "JOB", arity = "0..1", description = "The job's id, or the beginning of it.")
    private @Nullable String job;

    @Mixin
    private StackOption stack = new StackOption();

    DoctorCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException {
        return job == null ? check() : explain(job);
    }

    private List<Finding> restoring(Deployment deployment) throws IOException {
        try (Session session = app.sessions().open(deployment)) {
            List<String> unlisted = app.unlisted(session);
            return unlisted.isEmpty()
                    ? List.of()
                    : List.of(Finding.note(
                            Unlisted.named(unlisted) + " still being restored from the files in S3",
                            "It takes a minute; if it stays so: ./pairbatch up"));
        }
    }

    private int check() throws IOException {
        List<Finding> findings = new ArrayList<>();
        if (stack.name == null) {
            MachineCheck machine = new MachineCheck(Project.find());
            findings.addAll(machine.machine());
            findings.addAll(machine.processes());
            Optional<Deployment> deployment = machine.answering();
            if (deployment.isPresent()) {
                findings.addAll(new StackCheck(deployment.get(), machine.functionsZip()).run());
                findings.addAll(restoring(deployment.get()));
            }
        } else {
            Deployment deployment = app.deployments().find(stack.name);
            findings.addAll(new StackCheck(deployment, new MachineCheck(Project.find()).functionsZip()).run());
        }
        findings.forEach(this::print);
        boolean fine = findings.stream().noneMatch(f -> f.level() == Finding.Level.PROBLEM);
        app.console().out().println(fine ? "No problems found." : "Problems found; see the remedies above.");
        return fine ? ExitStatus.DONE : ExitStatus.UNREACHABLE;
    }

    private void print(Finding finding) {
        String level = switch (finding.level()) {
            case OK -> "ok       ";
            case NOTE -> "note     ";
            case PROBLEM -> "problem  ";
        };
        app.console().out().println(level + Cells.harmless(finding.what()));
        if (!finding.remedy().isEmpty()) {
            app.console().out().println("         " + Cells.harmless(finding.remedy()));
        }
    }

    private int explain(String prefix) throws IOException {
        try (Session session = app.open(stack.name)) {
            Optional<String> restored = restored(session, prefix);
            if (restored.isPresent()) {
                app.console()
                        .out()
                        .println("Job " + restored.get()
                                + " is being restored from its files in S3.\n\nNext: ./pairbatch" + " doctor "
                                + restored.get() + "   (in a minute; if it stays so: ./pairbatch up)");
                return ExitStatus.DONE;
            }
            String id = app.finder(session).byPrefix(prefix).id();
            JobSnapshot snapshot = session.jobs().read(id).orElseThrow(() -> vanished(id));
            Job found = snapshot.job();
            JobFault fault = JobFault.read(session.bucket(), found);
            DesignFile.words(session.bucket(), id)
                    .ifPresent(words -> app.console().out().println("Compared: " + Cells.harmless(words) + "."));
            JobDiagnosis.of(
                            snapshot,
                            JudgeLines.of(session.jobs(), found, app.clock().instant()),
                            fault,
                            found.state() == JobState.DONE && found.failed() > 0
                                    ? FailedPairs.read(session.bucket(), id)
                                    : FailedPairs.NONE,
                            session.deployment(),
                            app.clock().instant(),
                            app.console().width())
                    .forEach(app.console().out()::println);
            return found.state().atRest() && found.state() != JobState.DONE ? ExitStatus.JOB_FAILED : ExitStatus.DONE;
        }
    }

    /// The one job with this beginning, where the registry has lost it and gets it back.
    private Optional<String> restored(Session session, String prefix) throws IOException {
        List<String> lost = app.unlisted(session).stream()
                .filter(id -> id.startsWith(prefix))
                .toList();
        return lost.size() == 1 ? Optional.of(lost.getFirst()) : Optional.empty();
    }

    private static CliException vanished(String id) {
        return CliException.usage("Job " + id + " no longer exists.", "./pairbatch jobs lists the jobs.");
    }
}
