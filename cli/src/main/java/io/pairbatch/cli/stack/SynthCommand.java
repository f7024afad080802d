package io.pairbatch.cli.stack;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// `pairbatch synth`.
@Command(
        name = "synth",
        mixinStandardHelpOptions = true,
        description = {
            "Writes what would be deployed to AWS into a folder: the CloudFormation template, the",
            "functions' package and RIGHTS.md, which lists every resource and right. Needs no account."
        })
public final class SynthCommand implements Callable<Integer> {
    private static final String MANIFEST = "manifest.json";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private AwsOptions options = new AwsOptions();

    @Option(names = "--out", paramLabel = "DIR", description = "The folder, which is made anew (cdk.out).")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        var folder = (out == null ? Path.of("cdk.out") : out).toAbsolutePath().normalize();
        checkOurs(folder);
        var project = Project.find();
        synthesise(project, options, folder);
        var console = spec.commandLine().getOut();
        console.println("In " + folder + ":");
        for (var file : List.of(options.stackName() + ".template.json", "RIGHTS.md")) {
            console.println("  " + file);
        }
        console.println("  asset.*.zip, the functions' package");
        console.flush();
        return ExitStatus.DONE;
    }

    /// Writes the assembly and its page of rights into the folder.
    static void synthesise(Project project, AwsOptions options, Path folder) throws IOException {
        var context = options.context(project);
        Folders.delete(folder);
        Folders.create(folder);
        var tools = new Tools(project);
        try (var children = new Children(tools::anyPython, processes -> {})) {
            var log = Folders.create(project.state()).resolve("synth.log");
            Folders.deleteFile(log);
            new Synthesis(project, text -> {})
                    .synthesise(children, JsonMapper.shared().writeValueAsString(context), folder, log);
        }
        var template = folder.resolve(options.stackName() + ".template.json");
        Files.writeString(
                folder.resolve("RIGHTS.md"), Rights.of(JsonMapper.shared().readTree(Files.readString(template))));
    }

    /// What is deleted must be ours: nothing, or an assembly.
    private static void checkOurs(Path folder) throws IOException {
        if (Files.isDirectory(folder) && !Files.exists(folder.resolve(MANIFEST))) {
            try (Stream<Path> files = Files.list(folder)) {
                if (files.findAny().isPresent()) {
                    throw CliException.usage(
                            folder + " holds other files.", "Name a folder that is not there yet with --out.");
                }
            }
        }
    }
}
