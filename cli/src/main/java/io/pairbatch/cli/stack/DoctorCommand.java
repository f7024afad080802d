package io.pairbatch.cli.stack;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.job.Backend;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.SdkException;

/// `pairbatch doctor`.
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Checks what the embedded stack needs, and the stack itself when it runs.")
public final class DoctorCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final List<Finding> findings = new ArrayList<>();

    /// One line of the answer.
    ///
    /// @param remedy empty when it is fine
    private record Finding(boolean fine, String what, String remedy) {}

    @Override
    public Integer call() {
        var project = Project.find();
        programs();
        tools(new Tools(project));
        packages(project);
        StackRecord.read(project.stack()).ifPresentOrElse(record -> stack(project, record), this::noStack);
        var out = spec.commandLine().getOut();
        findings.forEach(finding -> {
            out.println((finding.fine() ? "ok       " : "problem  ") + finding.what());
            if (!finding.fine()) {
                out.println("         " + finding.remedy());
            }
        });
        out.flush();
        return findings.stream().allMatch(Finding::fine) ? ExitStatus.DONE : ExitStatus.UNREACHABLE;
    }

    private void check(boolean fine, String what, String remedy) {
        findings.add(new Finding(fine, what, remedy));
    }

    private void programs() {
        int java = Runtime.version().feature();
        check(java >= 25, "JDK " + Runtime.version() + ", " + Programs.java(), "Install a JDK of at least 25.");
        program("Python", Programs::python);
        program("Node.js", Programs::node);
        program("npm", Programs::npm);
    }

    private void program(String name, Supplier<Programs.Program> find) {
        try {
            var program = find.get();
            check(true, name + " " + program.version() + ", " + program.path(), "");
        } catch (CliException e) {
            check(false, String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private void tools(Tools tools) {
        var remedy = "./pairbatch up or demo installs it.";
        check(tools.pythonInstalled(), "emulator as pinned in tools/requirements.txt", remedy);
        check(tools.nodeInstalled(), "CDK as pinned in tools/package-lock.json", remedy);
    }

    private void packages(Project project) {
        for (var built : List.<Supplier<Path>>of(
                project::functionsZip, project::simulatorJar, project::infraJar, project::infraClassPath)) {
            try {
                var path = built.get();
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

    private void stack(Project project, StackRecord record) {
        var restart = "./pairbatch down, then ./pairbatch up. Logs: "
                + project.stack().resolve("logs");
        for (var process : record.processes()) {
            check(process.handle().isPresent(), process.name() + " runs, process " + process.pid(), restart);
        }
        var simulator = Optional.ofNullable(record.simulator());
        simulator.ifPresent(url -> check(listens(url), "simulator listens at " + url, restart));
        var deployment = record.deployment();
        var endpoint = deployment == null ? null : deployment.endpoint();
        if (deployment == null || endpoint == null) {
            check(false, "the stack is not deployed", restart);
            return;
        }
        boolean healthy = Emulator.healthy(endpoint);
        check(healthy, "emulator answers at " + endpoint, restart);
        if (healthy) {
            var keys = Stream.of(Backend.values())
                    .filter(backend -> hasKey(endpoint, deployment.secretArn(backend)))
                    .map(Backend::code)
                    .toList();
            check(
                    !keys.isEmpty(),
                    "keys in the secrets: " + (keys.isEmpty() ? "none" : String.join(", ", keys)),
                    "./pairbatch up puts them there.");
        }
    }

    private static boolean listens(URI url) {
        return !Emulator.isFree(url.getPort());
    }

    private static boolean hasKey(URI endpoint, String secret) {
        try {
            return EmulatorClients.hasKey(endpoint, secret);
        } catch (SdkException e) {
            return false;
        }
    }
}
