package io.pairbatch.cli.command;

import io.pairbatch.cli.stack.Programs;
import io.pairbatch.cli.stack.Project;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/// `pairbatch simulate`: the provider simulator alone, in the foreground.
@Command(
        name = "simulate",
        description = "Runs the provider simulator in the foreground; its own --help lists its options.")
final class SimulateCommand implements Callable<Integer> {

    @Unmatched
    private List<String> options = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Project project = Project.find();
        List<String> command = new ArrayList<>(List.of(
                Programs.java().toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                project.simulatorJar().toString()));
        command.addAll(options);
        if (options.stream().noneMatch(SimulateCommand::asksForNothing)) {
            command.addAll(
                    List.of("--data", project.state().resolve("simulator").toString()));
        }
        Process process = new ProcessBuilder(command).inheritIO().start();
        // Ctrl-C reaches the simulator too; a kill of this process alone must end it as well.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "simulator-end"));
        return process.waitFor();
    }

    private static boolean asksForNothing(String option) {
        return option.equals("--help")
                || option.equals("-h")
                || option.startsWith("--data")
                || option.equals("--version");
    }
}
