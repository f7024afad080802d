package io.pairbatch.cli.command;

import io.pairbatch.cli.stack.AwsOptions;
import io.pairbatch.cli.stack.Cdk;
import io.pairbatch.cli.stack.Project;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `pairbatch destroy`.
@Command(
        name = "destroy",
        mixinStandardHelpOptions = true,
        description =
                "Deletes the stack on AWS. The bucket and the table stay with their data; docs/DEPLOYING.md has the"
                        + " commands that delete them too.")
final class DestroyCommand implements Callable<Integer> {

    @Mixin
    private AwsOptions options = new AwsOptions();

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("destroy"));
        if (yes) {
            arguments.add("--force");
        }
        return new Cdk(Project.find()).run(options, arguments);
    }
}
