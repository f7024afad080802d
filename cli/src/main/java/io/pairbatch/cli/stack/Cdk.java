package io.pairbatch.cli.stack;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The pinned CDK on the user's own account: with the user's environment, and on the user's terminal, where it may ask.
public final class Cdk {

    private final Project project;

    public Cdk(Project project) {
        this.project = project;
    }

    /// Synthesises the app and deploys it with all of its settings.
    ///
    /// @param newAddresses whether a deployed stack may get other addresses of providers
    /// @param more further arguments of `cdk deploy`
    /// @return the exit code of this command
    /// @throws CliException when the settings are refused, or the CDK fails; it has printed why
    public int deploy(AwsOptions options, boolean newAddresses, List<String> more, PrintWriter console)
            throws IOException, InterruptedException {
        if (more.stream().anyMatch(argument -> argument.matches("--(no-)?(previous-)?parameters(=.*)?"))) {
            throw CliException.usage(
                    "The stack's parameters follow from its settings.",
                    "Name the setting, such as -c " + Backend.COPIED_CODE
                            + "BaseUrl=URL; docs/OPERATIONS.md lists them.");
        }
        Path assembly = assembly(options);
        Map<String, String> parameters = StackParameters.of(template(options, assembly), Instant.now());
        Map<String, String> deployed = DeployedParameters.of(options.stackName(), console);
        if (!newAddresses) {
            StackParameters.refuseOtherAddresses(deployed, parameters);
        }
        console.print("Deploying " + options.stackName() + " with\n" + StackParameters.addresses(parameters));
        console.print(StackParameters.goes(options.stackName(), deployed, parameters));
        console.flush();
        List<String> arguments = new ArrayList<>(List.of("deploy"));
        arguments.addAll(StackParameters.arguments(parameters));
        if (options.adopts()) {
            // Does nothing to those that the stack has adopted already.
            arguments.add("--import-existing-resources");
        }
        arguments.addAll(more);
        return run(assembly, arguments);
    }

    /// Synthesises the app and runs a CDK command on it.
    ///
    /// @return the exit code of this command
    /// @throws CliException when the CDK fails; it has printed why
    public int run(AwsOptions options, List<String> arguments) throws IOException, InterruptedException {
        return run(assembly(options), arguments);
    }

    private Path assembly(AwsOptions options) throws IOException {
        Path assembly = project.state().resolve("aws/" + options.stackName());
        synthesise(options, assembly);
        return assembly;
    }

    private int run(Path assembly, List<String> arguments) throws IOException, InterruptedException {
        Tools tools = new Tools(project);
        try (Children children = new Children(tools::anyPython, processes -> {})) {
            tools.installCdk(children, text -> {});
        }
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
        Files.writeString(folder.resolve("RIGHTS.md"), Rights.of(template(options, folder)));
    }

    private static JsonNode template(AwsOptions options, Path folder) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve(options.stackName() + ".template.json")));
    }
}
