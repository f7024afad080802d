package io.pairbatch.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which stack a command talks to.
final class StackOption {

    @Option(
            names = "--stack",
            paramLabel = "NAME",
            description = "The deployed stack to use. Without it: the embedded stack that ./pairbatch up started.")
    @Nullable
    String name;
}
