package io.pairbatch.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The stack that a command uses.
final class StackOption {

    @Option(
            names = "--stack",
            paramLabel = "NAME",
            description = "The deployed stack to use (default: the embedded stack of ./pairbatch up).")
    @Nullable
    String name;
}
