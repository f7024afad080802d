package io.pairbatch.cli.stack;

import com.sun.management.OperatingSystemMXBean;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.fault.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Checks what the embedded stack needs on this machine, and its processes if it runs. Changes nothing.
public final class MachineCheck {

    /// The tools take 1 GB, the jobs of a day the rest.
    private static final long LEAST_DISK = 3L << 30;

    /// Emulator, simulator and six functions at once.
    private static final long LEAST_MEMORY = 3L << 30;

    private final Project project;
    private final List<Finding> findings = new ArrayList<>();

    public MachineCheck(Project project) {
        this.project = project;
    }

    /// Programs, disk, memory, installed tools and built packages.
    public List<Finding> machine() {
        int java = Runtime.version().feature();
        check(java >= 25, "JDK " + Runtime.version() + ", " + Programs.java(), "Install JDK 25 or later.");
        program("Python", Programs::python);
        program("Node.js", Programs::node);
        program("npm", Programs::npm);
        room();
        tools(new Tools(project));
        packages();
        return List.copyOf(findings);
    }

    /// The processes of the stack that `up` started, or that there is none.
    public List<Finding> processes() {
        findings.clear();
        StackRecord.read(project.stack()).ifPresentOrElse(this::processes, this::noStack);
        return List.copyOf(findings);
    }

    /// The stack that `up` started, if its emulator answers.
    public Optional<Deployment> answering() {
        return StackRecord.read(project.stack())
                .map(StackRecord::deployment)
                .filter(deployment -> deployment.endpoint() != null && Emulator.healthy(deployment.endpoint()));
    }

    /// The package that this checkout would deploy; null if it has not been built.
    public @Nullable Path functionsZip() {
        try {
            return project.functionsZip();
        } catch (CliException e) {
            return null; // machine() reports it
        }
    }

    private void check(boolean fine, String what, String remedy) {
        findings.add(Finding.of(fine, what, remedy));
    }

    private void program(String name, Supplier<Programs.Program> find) {
        try {
            Programs.Program program = find.get();
            check(true, name + " " + program.version() + ", " + program.path(), "");
        } catch (CliException e) {
            check(false, String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private void room() {
        try {
            long disk = Files.getFileStore(project.root()).getUsableSpace();
            check(
                    disk >= LEAST_DISK,
                    gigabytes(disk) + " of free disk space",
                    "Free at least " + gigabytes(LEAST_DISK)
                            + ". While nothing runs, .pairbatch/ can be deleted, with its" + " jobs.");
        } catch (IOException e) {
            throw new UncheckedIOException("the free disk space cannot be read", e);
        }
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            long memory = system.getTotalMemorySize();
            check(
                    memory >= LEAST_MEMORY,
                    gigabytes(memory) + " of memory",
                    "Use a machine with at least " + gigabytes(LEAST_MEMORY) + "; a stack on AWS needs none of it.");
        }
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1 << 30));
    }

    private void tools(Tools tools) {
        installed(tools.pythonInstalled(), "emulator as pinned in tools/requirements.txt");
        installed(tools.nodeInstalled(), "CDK as pinned in tools/package-lock.json");
    }

    /// A missing tool is not a problem: the first command that needs it installs it.
    private void installed(boolean there, String what) {
        findings.add(
                there
                        ? Finding.ok(what)
                        : Finding.note(what + " is not installed yet", "./pairbatch up or demo installs it."));
    }

    private void packages() {
        for (Supplier<Path> built : List.<Supplier<Path>>of(
                project::functionsZip, project::simulatorJar, project::infraJar, project::infraClassPath)) {
            try {
                Path path = built.get();
                check(Files.isReadable(path), "built " + project.root().relativize(path), "Run ./pairbatch build.");
            } catch (CliException e) {
                check(false, String.valueOf(e.getMessage()), e.remedy());
            }
        }
    }

    private void noStack() {
        check(true, "no stack runs in the background", "");
        int port = Emulator.USUAL_PORT;
        check(true, "port " + port + (Emulator.isFree(port) ? " is free" : " is taken: up will use another"), "");
    }

    private void processes(StackRecord record) {
        String restart = "./pairbatch down, then ./pairbatch up. Logs: "
                + project.stack().resolve("logs");
        for (RunningProcess process : record.processes()) {
            boolean runs = process.handle().isPresent();
            check(runs, process.name() + (runs ? " runs, process " : " has ended, process ") + process.pid(), restart);
        }
        URI simulator = record.simulator();
        if (simulator != null) {
            boolean listens = !Emulator.isFree(simulator.getPort());
            check(listens, "simulator " + (listens ? "listens" : "does not listen") + " at " + simulator, restart);
        }
        Deployment deployment = record.deployment();
        URI endpoint = deployment == null ? null : deployment.endpoint();
        if (endpoint == null) {
            check(false, "the stack is not deployed", restart);
            return;
        }
        boolean healthy = Emulator.healthy(endpoint);
        check(healthy, "emulator " + (healthy ? "answers" : "does not answer") + " at " + endpoint, restart);
    }
}
