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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pairbatch deploy`.
@Command(
        name = "deploy",
        mixinStandardHelpOptions = true,
        description = "Deploys this version to AWS or upgrades an existing stack, with the pinned CDK.")
final class DeployCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private AwsOptions options = new AwsOptions();

    @Option(names = "--yes", description = "Do not ask before new rights are granted.")
    private boolean yes;

    @Option(
            names = "--new-addresses",
            description = "Let the stack that is deployed call its providers at other addresses than before.")
    private boolean newAddresses;

    @Parameters(paramLabel = "OPTION", description = "After --: options of `cdk deploy`.")
    private List<String> more = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--require-approval", yes ? "never" : "broadening"));
        arguments.addAll(more);
        return new Cdk(Project.find())
                .deploy(options, newAddresses, arguments, spec.commandLine().getOut());
    }
}
