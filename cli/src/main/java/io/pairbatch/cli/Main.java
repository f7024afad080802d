package io.pairbatch.cli;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.stack.DoctorCommand;
import io.pairbatch.cli.stack.DownCommand;
import io.pairbatch.cli.stack.SimulateCommand;
import io.pairbatch.cli.stack.UpCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
        name = "pairbatch",
        mixinStandardHelpOptions = true,
        subcommands = {UpCommand.class, DownCommand.class, DoctorCommand.class, SimulateCommand.class})
final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        var line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((e, command, result) -> {
            if (!(e instanceof CliException told)) {
                throw e;
            }
            command.getErr().println(told.getMessage() + "\n" + told.remedy());
            return told.exitStatus();
        });
        System.exit(line.execute(arguments));
    }
}
