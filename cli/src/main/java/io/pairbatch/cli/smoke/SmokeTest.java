package io.pairbatch.cli.smoke;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.AwsErrors;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Grid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;

/// A smoke test: its cases, what they cost, and what came of them.
public final class SmokeTest {

    private static final List<String> HEADER = List.of("CASE", "RESULT", "FOUND");
    /// Cells before the text of a case, in the list and in the table.
    private static final int LABEL = 19;

    private static final int FOUND = 26;

    private final Bench bench;
    private final List<Case> cases;
    private final Map<Case, SmokeJob> jobs = new LinkedHashMap<>();
    private final Map<Case, Outcome> outcomes = new LinkedHashMap<>();

    SmokeTest(Bench bench, List<Case> cases) {
        this.bench = bench;
        this.cases = cases;
    }

    /// All cases, in the order in which they begin and are checked. The one that ends functions is the last: no job of
    /// another is under way then.
    private static List<Case> all() {
        return List.of(
                new ExampleCase(),
                new LargeTableCase(),
                new CopiedPartsCase(),
                new PausedSplitCase(),
                new PoliciesCase(),
                new KilledFunctionCase());
    }

    /// The names of all cases.
    public static List<String> names() {
        return all().stream().map(Case::name).toList();
    }

    /// A test of some cases.
    ///
    /// @param only their names; empty for all
    public static SmokeTest of(Bench bench, Set<String> only) {
        Set<String> unknown = new LinkedHashSet<>(only);
        names().forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw CliException.usage(
                    "There is no case " + String.join(", ", unknown) + ".",
                    "The cases are " + String.join(", ", names()) + ".");
        }
        return new SmokeTest(
                bench,
                all().stream()
                        .filter(each -> only.isEmpty() || only.contains(each.name()))
                        .toList());
    }

    /// Writes the tables, and says what will be done and what it costs at most.
    public void prepare() throws IOException {
        Cost all = Cost.NOTHING;
        Set<String> counted = new LinkedHashSet<>();
        say("The smoke test of " + (bench.stack() == null ? "the stack on this machine" : "the stack " + bench.stack())
                + " in " + bench.session().deployment().region() + ", with "
                + bench.judge().backend().code() + ", " + bench.judge().model() + ":");
        for (Case each : cases) {
            Optional<String> hindrance = each.hindrance(bench);
            if (hindrance.isPresent()) {
                outcomes.put(each, Outcome.of(each.name(), new SkippedException(hindrance.get(), "")));
                listed(each, "will be skipped. " + hindrance.get());
                continue;
            }
            SmokeJob job = each.prepare(bench);
            jobs.put(each, job);
            Cost cost = counted.add(job.name()) ? job.cost() : Cost.NOTHING;
            all = all.plus(cost);
            listed(
                    each,
                    each.shows() + " ("
                            + (cost.requests() == 0 ? "no requests of its own" : cost.requests() + " requests") + ")");
        }
        if (jobs.keySet().stream().anyMatch(Case::lowersTimeouts)) {
            paragraph("For that the timeouts of the splitter and the merger are lowered, for minutes, and put back,"
                    + " also after Ctrl-C. Other jobs of the stack are slower meanwhile, and lose nothing.");
        }
        paragraph(
                bench.session().deployment().costsMoney()
                        ? "It costs at most " + all.requests() + " requests and " + all.words()
                                + " at the provider, by a"
                                + " token for each byte and the longest answers; usually far less, and nothing for what an"
                                + " earlier test with this number has judged. On AWS it costs some cents: function time,"
                                + " requests, and storage of 300 MB until the jobs are deleted."
                        : "It costs nothing: a simulator answers, and AWS is an emulator on this machine.");
        paragraph("All that it makes has a name that begins with smoke-.");
    }

    private void listed(Case each, String text) {
        List<String> lines = Cells.wrapped(text, bench.width() - LABEL, 0);
        for (int i = 0; i < lines.size(); i++) {
            say("  " + (i == 0 ? each.name() : "")
                    + " ".repeat(LABEL - 2 - (i == 0 ? each.name().length() : 0)) + lines.get(i));
        }
    }

    private void paragraph(String text) {
        Cells.wrapped(text, bench.width(), 0).forEach(this::say);
    }

    /// Runs the cases and prints what came of them.
    ///
    /// @return the exit code
    public int run() throws InterruptedException {
        for (Map.Entry<Case, SmokeJob> each : List.copyOf(jobs.entrySet())) {
            attempt(each.getKey(), () -> {
                each.getKey().begin(each.getValue());
                return "";
            });
        }
        for (Map.Entry<Case, SmokeJob> each : jobs.entrySet()) {
            if (!outcomes.containsKey(each.getKey())) {
                attempt(each.getKey(), () -> each.getKey().check(each.getValue()));
            }
        }
        print();
        return status();
    }

    /// A part of a case.
    @FunctionalInterface
    private interface Part {

        /// Does it.
        ///
        /// @return what was found; empty if the case goes on
        String run() throws IOException, InterruptedException;
    }

    private void attempt(Case each, Part part) throws InterruptedException {
        Outcome outcome;
        try {
            String found = part.run();
            if (found.isEmpty()) {
                return;
            }
            outcome = Outcome.passed(each.name(), found);
        } catch (CliException e) {
            outcome = Outcome.of(each.name(), e);
        } catch (SdkException e) {
            outcome = Outcome.of(each.name(), AwsErrors.explain("talking to the stack", e));
        } catch (IOException | UncheckedIOException e) {
            outcome = Outcome.of(
                    each.name(),
                    Bench.failed(
                            "A file could not be read or written (" + e + ").", "Check the disk and the network."));
        }
        outcomes.put(each, outcome);
        say(each.name() + ": " + outcome.kind().word() + ". " + outcome.reason());
    }

    private void print() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        for (Case each : cases) {
            Outcome outcome = Objects.requireNonNull(outcomes.get(each));
            List<String> found = new ArrayList<>(Cells.wrapped(outcome.reason(), bench.width() - FOUND, 0));
            if (!outcome.look().isEmpty()) {
                found.addAll(Cells.wrapped(outcome.look(), bench.width() - FOUND, 0));
            }
            for (int i = 0; i < found.size(); i++) {
                boolean first = i == 0;
                rows.add(List.of(
                        first ? each.name() : "", first ? outcome.kind().word() : "", Cells.harmless(found.get(i))));
            }
        }
        say("");
        Grid.lines(rows, Set.of()).forEach(this::say);
        Set<String> ids = new LinkedHashSet<>();
        jobs.values().forEach(job -> job.job().ifPresent(known -> ids.add(known.id())));
        if (!ids.isEmpty()) {
            say("");
            paragraph(
                    "The jobs stay. Once none of them is needed, each can be deleted, with its copies at the provider:");
            ids.forEach(id -> say("  " + bench.command("delete " + id)));
        }
    }

    private int status() {
        return outcomes.values().stream().anyMatch(o -> o.status() == ExitStatus.RECOUNT)
                ? ExitStatus.RECOUNT
                : outcomes.values().stream().mapToInt(Outcome::status).max().orElse(ExitStatus.DONE);
    }

    private void say(String line) {
        bench.say().accept(line);
    }
}
