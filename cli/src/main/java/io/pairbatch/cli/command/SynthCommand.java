package io.pairbatch.cli.command;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.stack.AwsOptions;
import io.pairbatch.cli.stack.Cdk;
import io.pairbatch.cli.stack.Project;
import java.io.IOException;
import java.io.PrintWriter;
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

/// `pairbatch synth`.
@Command(
        name = "synth",
        mixinStandardHelpOptions = true,
        description = "Writes what would be deployed to AWS into a folder: the CloudFormation template, the functions'"
                + " package and RIGHTS.md, which lists every resource and right. Needs no account.")
final class SynthCommand implements Callable<Integer> {

    private static final String MANIFEST = "manifest.json";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private AwsOptions options = new AwsOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Output folder; replaced if it exists (default: cdk.out).")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        Path folder = (out == null ? Path.of("cdk.out") : out).toAbsolutePath().normalize();
        checkOurs(folder);
        new Cdk(Project.find()).synthesise(options, folder);
        PrintWriter console = spec.commandLine().getOut();
        console.println("In " + folder + ":");
        for (String file : List.of(options.stackName() + ".template.json", "RIGHTS.md")) {
            console.println("  " + file);
        }
        console.println("  asset.*.zip, the functions' package");
        console.flush();
        return ExitStatus.DONE;
    }

    /// Only an empty folder or an older assembly is replaced.
    private static void checkOurs(Path folder) throws IOException {
        if (Files.isDirectory(folder) && !Files.exists(folder.resolve(MANIFEST))) {
            try (Stream<Path> files = Files.list(folder)) {
                if (files.findAny().isPresent()) {
                    throw CliException.usage(folder + " contains other files.", "Name a new folder with --out.");
                }
            }
        }
    }
}
