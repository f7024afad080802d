package io.pairbatch.chaos;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.asl.StateMachine;
import io.pairbatch.chaos.mutant.Hunt;
import io.pairbatch.chaos.mutant.Mutant;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `pairbatch chaos`: runs simulated jobs and reports what was lost or paid twice.
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = "Runs jobs in a simulated world with faults, and reports what was lost or paid twice.")
public final class ChaosCommand implements Callable<Integer> {

    private static final Path WORKFLOW = Path.of("statemachine/pairwise-batch.asl.json");
    private static final int BROKEN = 1;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--seeds", paramLabel = "N", description = "number of jobs, each with faults drawn from its seed")
    private @Nullable Long seeds;

    @Option(names = "--first-seed", paramLabel = "S", defaultValue = "1", description = "the first seed (1)")
    private long firstSeed;

    @Option(names = "--sweep", description = "one job for each point at which a process can die or lose a response")
    private boolean sweep;

    @Option(
            names = "--pairs",
            paramLabel = "PART",
            defaultValue = "0",
            description = "with --sweep: also this share of all pairs of points, from 0 to 1 (0)")
    private double pairs;

    @Option(names = "--provider", paramLabel = "NAME", description = "only openai, anthropic or gemini")
    private @Nullable String provider;

    @Option(names = "--replay", paramLabel = "SEED", description = "runs one seed and prints its trace")
    private @Nullable Long replay;

    @Option(
            names = "--mutants",
            description = "breaks the code in each of the known ways, and shows the first seed that notices (with"
                    + " --seeds: at most this many, 1000)")
    private boolean mutants;

    @Option(names = "--mutant", paramLabel = "NAME", description = "the same with this one only; may be repeated")
    private List<String> some = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "file for the results as JSON")
    private @Nullable Path json;

    private ChaosCommand() {}

    /// Runs the command.
    ///
    /// @param arguments as on the command line
    public static void main(String... arguments) {
        System.exit(new CommandLine(new ChaosCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        StateMachine machine = machine(home());
        PrintWriter out = spec.commandLine().getOut();
        Backend backend = provider == null ? null : Backend.valueOf(provider.toUpperCase(Locale.ROOT));
        if (replay != null) {
            Life life = Life.of(Scenarios.drawn(replay, backend), machine, Seeds.fates(replay, backend), out::println);
            out.println(life.violation() == null ? life.state() : life.violation());
            if (life.violation() != null) {
                life.violation().printStackTrace(out);
            }
            return life.violation() == null ? 0 : BROKEN;
        }
        if (mutants || !some.isEmpty()) {
            return hunt(out);
        }
        Report report = new Report();
        if (sweep) {
            for (Backend each : backend == null ? List.of(Backend.values()) : List.of(backend)) {
                Sweep.Points points = new Sweep(machine, each).run(pairs, report);
                out.println(each.code() + ": " + points);
            }
            Backend first = backend == null ? Backend.DEFAULT : backend;
            out.println(first.code() + ", dropped twice: "
                    + Sweep.ofTwins(machine, first).run(pairs, report));
            out.println(first.code() + ", sent again: "
                    + Sweep.ofRounds(machine, first).run(pairs, report));
            out.println(first.code() + ", read again: "
                    + Sweep.ofReading(machine, first).run(pairs, report));
            out.println(first.code() + ", taken over: "
                    + Sweep.ofRescue(machine, first).run(pairs, report));
            out.println(first.code() + ", collected again: "
                    + Sweep.ofCollecting(machine, first).run(pairs, report));
            out.println(first.code() + ", made of samples: "
                    + Sweep.ofDesign(machine, first).run(pairs, report));
        }
        if (seeds != null) {
            new Seeds(machine, backend).run(firstSeed, seeds, report, out::println);
        }
        report.print(seeds == null ? "points" : sweep ? "seeds and points" : "seeds", out);
        if (json != null) {
            Files.writeString(json, report.json().toPrettyString() + "\n");
        }
        return report.broken() ? BROKEN : 0;
    }

    private int hunt(PrintWriter out) {
        long most = seeds == null ? 1000 : seeds;
        AtomicInteger missed = new AtomicInteger();
        List<Callable<Hunt.Caught>> hunts = new ArrayList<>();
        Mutant.all().stream()
                .filter(mutant -> some.isEmpty() || some.contains(mutant.name()))
                .forEach(mutant -> hunts.add(() -> Hunt.hunt(mutant, home(), firstSeed, most)));
        Workers.run(hunts, caught -> {
            boolean escaped = caught.seed() == 0;
            missed.addAndGet(escaped ? 1 : 0);
            out.printf(
                    "%-34s %s%n",
                    caught.mutant(),
                    escaped ? "NOT CAUGHT in " + most + " seeds" : "seed " + caught.seed() + ": " + caught.says());
            out.flush();
        });
        out.println(missed + " of " + hunts.size() + " mutants not caught");
        return missed.get() == 0 ? 0 : BROKEN;
    }

    private static Path home() {
        return Path.of(System.getProperty("pairbatch.home", "."));
    }

    /// The workflow as it is deployed.
    static StateMachine machine(Path home) throws IOException {
        return StateMachine.parse(Files.readString(home.resolve(WORKFLOW)), Executions.substitutions());
    }
}
