package io.pairbatch.cli.stack;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The pinned CDK on the user's own account: with the user's environment, and on the user's terminal, where it may ask.
public final class Cdk {

    private final Project project;

    public Cdk(Project project) {
        this.project = project;
    }

    /// Synthesises the app and runs a CDK command on it.
    ///
    /// @return the exit code of this command
    /// @throws CliException when the CDK fails; it has printed why
    public int run(AwsOptions options, List<String> arguments) throws IOException, InterruptedException {
        Tools tools = new Tools(project);
        try (Children children = new Children(tools::anyPython, processes -> {})) {
            tools.installCdk(children, text -> {});
        }
        Path assembly = project.state().resolve("aws/" + options.stackName());
        synthesise(options, assembly);
        List<String> command = new ArrayList<>(
                List.of(Programs.node().path().toString(), tools.cdk().toString()));
        command.addAll(arguments);
        command.addAll(List.of("--app", assembly.toString(), "--no-notices", "--no-version-reporting"));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("CDK_DISABLE_VERSION_CHECK", "1");
        builder.environment().put("CDK_DISABLE_CLI_TELEMETRY", "true");
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new CliException(
                    ExitStatus.UNREACHABLE,
                    "cdk " + arguments.getFirst() + " ended with status " + status + ".",
                    "See its message above. docs/DEPLOYING.md lists the rights that it needs; an account must be"
                            + " bootstrapped once.");
        }
        return ExitStatus.DONE;
    }

    /// Writes the assembly and its page of rights into the folder.
    public void synthesise(AwsOptions options, Path folder) throws IOException {
        Map<String, String> context = options.context(project);
        Folders.delete(folder);
        Folders.create(folder);
        Tools tools = new Tools(project);
        try (Children children = new Children(tools::anyPython, processes -> {})) {
            Path log = Folders.create(project.state()).resolve("synth.log");
            Folders.deleteFile(log);
            new Synthesis(project, text -> {})
                    .synthesise(children, JsonMapper.shared().writeValueAsString(context), folder, log);
        }
        Path template = folder.resolve(options.stackName() + ".template.json");
        Files.writeString(
                folder.resolve("RIGHTS.md"), Rights.of(JsonMapper.shared().readTree(Files.readString(template))));
    }
}
