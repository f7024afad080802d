package io.pairbatch.cli.command;

import io.pairbatch.cli.doctor.Problems;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.cli.samples.GivenSamples;
import io.pairbatch.cli.samples.PairTable;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Sizes;
import io.pairbatch.cli.workbook.Workbook;
import io.pairbatch.pairing.ComparisonGraph;
import io.pairbatch.pairing.Coverage;
import io.pairbatch.pairing.Design;
import io.pairbatch.pairing.DesignKind;
import io.pairbatch.pairing.Order;
import io.pairbatch.pairing.Pairing;
import io.pairbatch.pairing.RefusedDesignException;
import io.pairbatch.pairs.SampleReader;
import io.pairbatch.problem.JobRejectedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pairs",
        description = "Makes a table of pairs of a table of samples or a folder of texts. Needs no stack and no key.",
        mixinStandardHelpOptions = true)
final class PairsCommand implements Callable<Integer> {

    private static final String REFUSED = "No pairs were written.";
    private static final String GIVE = "Give a table with an ID and a text in each row, or a folder of *.txt files.";

    private final App app;

    @Parameters(
            paramLabel = "FILE",
            description = "The samples: a table (CSV, TSV or JSONL, plain or gzipped), or a folder of *.txt files.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(
            names = "--design",
            paramLabel = "DESIGN",
            description = "all: each with each; random: some of all, drawn; per_sample: K for each, balanced and"
                    + " connected; linked: new samples with K anchors each.")
    private @Nullable DesignKind named;

    @Option(names = "--pairs", paramLabel = "N", description = "random: how many pairs.")
    private @Nullable Long pairs;

    @Option(names = "--percent", paramLabel = "P", description = "random: how many percent of all pairs.")
    private @Nullable BigDecimal percent;

    @Option(
            names = "--k",
            paramLabel = "K",
            description = "per_sample: comparisons of each sample. linked: of each new sample.")
    private @Nullable Integer k;

    @Option(
            names = "--anchors",
            paramLabel = "FILE",
            description = "linked: the anchors, a table or a folder like FILE.")
    private @Nullable Path anchors;

    @Option(
            names = "--anchor-ids",
            paramLabel = "ID",
            split = ",",
            description = "linked: the IDs of anchors that are in FILE, separated by commas.")
    private List<String> anchorIds = List.of();

    @Option(
            names = "--order",
            paramLabel = "ORDER",
            description = "Which of two stands first. as_given: as the design says; random: by chance; alternate: every"
                    + " second pair is swapped; both: each pair in both orders (default: ${DEFAULT-VALUE}).",
            defaultValue = "as_given")
    private Order order = Order.AS_GIVEN;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "What is drawn; as set.seed in R (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int seed = 1;

    @Option(
            names = "--id",
            paramLabel = "COLUMN",
            description = "The column of IDs (default: ${DEFAULT-VALUE}).",
            defaultValue = SampleReader.ID)
    private String id = SampleReader.ID;

    @Option(
            names = "--text",
            paramLabel = "COLUMN",
            description = "The column of texts (default: ${DEFAULT-VALUE}).",
            defaultValue = SampleReader.TEXT)
    private String text = SampleReader.TEXT;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "The table of pairs, a new CSV file, gzipped if it ends in .gz (default: pairs.csv beside FILE).")
    private @Nullable Path out;

    @Option(
            names = "--max-comparisons",
            paramLabel = "N",
            description = "Ask before more comparisons are written (default: ${DEFAULT-VALUE}).",
            defaultValue = "1000000")
    private long most = 1_000_000;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Option(
            names = "--convert-from",
            paramLabel = "CHARSET",
            description =
                    "The character set of the samples, if it is not UTF-8; Excel's CSV is windows-1252. xlsx takes"
                            + " the first sheet of a workbook.")
    private @Nullable String convertFrom;

    PairsCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException {
        GivenFile.checkFileOrFolder(file, GIVE);
        DesignKind design = design();
        checkOptions(design);
        if (anchors != null) {
            GivenFile.checkFileOrFolder(anchors, GIVE);
        }
        Path to = out == null ? file.toAbsolutePath().normalize().resolveSibling("pairs.csv") : out;
        checkTarget(to);
        SheetCopy samples = sheet(file);
        SheetCopy old = anchors == null ? null : sheet(anchors);
        // The sheet of a workbook may have been written there.
        checkTarget(to);
        try (Utf8Copy copy = copy(samples);
                Utf8Copy oldCopy = copy(old)) {
            List<GivenSamples.Source> sources = new ArrayList<>();
            // Anchors come first, so that a sample that stands in both files is one.
            if (old != null) {
                sources.add(source(old, oldCopy));
            }
            sources.add(source(samples, copy));
            return write(design, sources, to);
        } catch (JobRejectedException e) {
            return Problems.print(app.console(), REFUSED, e);
        }
    }

    private DesignKind design() {
        if (named == null) {
            throw CliException.usage(
                    "--design is missing: which samples are compared.",
                    "Mostly `--design per_sample --k 10`: ten comparisons of each sample, balanced and connected."
                            + " `--design all` compares each with each, `--design random --pairs N` some of these, and"
                            + " `--design linked --k 10 --anchors FILE` new samples with old ones; docs/DESIGNS.md says"
                            + " which is for what.");
        }
        return named;
    }

    private void checkOptions(DesignKind design) {
        only(design, "--pairs", pairs != null, DesignKind.PAIRS);
        only(design, "--percent", percent != null, DesignKind.PERCENT);
        only(design, "--k", k != null, DesignKind.K);
        only(design, "--anchors", anchors != null, DesignKind.ANCHORS);
        only(design, "--anchor-ids", !anchorIds.isEmpty(), DesignKind.ANCHORS);
        switch (design) {
            case ALL -> {}
            case RANDOM -> {
                need(design, pairs != null || percent != null, "--pairs N or --percent P", "how many pairs are drawn");
                if (percent != null && percent.signum() <= 0) {
                    throw CliException.usage(
                            "--percent is " + percent + "; expected more than 0.", "100 is all pairs.");
                }
                if (pairs != null && pairs < 1) {
                    throw CliException.usage("--pairs is " + pairs + "; expected at least 1.", "Name how many pairs.");
                }
            }
            case PER_SAMPLE -> need(design, k != null, "--k K", "how many comparisons each sample has");
            case LINKED -> {
                need(design, k != null, "--k K", "with how many anchors each new sample is compared");
                need(
                        design,
                        anchors != null || !anchorIds.isEmpty(),
                        "--anchors FILE or --anchor-ids ID,ID",
                        "which samples the anchors are");
            }
        }
    }

    private static void only(DesignKind design, String option, boolean given, String name) {
        if (given && !design.takes(name)) {
            throw CliException.usage(
                    option + " means nothing with --design " + design.code() + ".",
                    "It is for --design " + String.join(" and ", DesignKind.taking(name)) + "; leave it out.");
        }
    }

    private static void need(DesignKind design, boolean given, String options, String why) {
        if (!given) {
            throw CliException.usage("--design " + design.code() + " needs " + options + ".", "It says " + why + ".");
        }
    }

    private static void checkTarget(Path to) {
        if (Files.exists(to)) {
            throw CliException.usage(to + " is there already.", "Name a new file with --out, or remove it.");
        }
        String name = to.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".csv") && !name.endsWith(".csv.gz")) {
            throw CliException.usage(
                    "--out is " + to + "; expected a name that ends in .csv or .csv.gz.", "Pairs are written as CSV.");
        }
        Path folder = to.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw CliException.usage("There is no folder " + folder + ".", "Make it, or name another file with --out.");
        }
    }

    /// The CSV file of a workbook; a table or a folder itself. `xlsx` is said of those that are workbooks.
    private SheetCopy sheet(Path source) throws IOException {
        boolean ofOther = Workbook.NAME.equals(convertFrom)
                && !Workbook.is(source)
                && (Workbook.is(file) || (anchors != null && Workbook.is(anchors)));
        String from = ofOther ? null : convertFrom;
        return Files.isDirectory(source) ? new SheetCopy(source, from) : SheetCopy.of(app, source, from, true);
    }

    private Utf8Copy copy(@Nullable SheetCopy source) throws IOException {
        if (source == null || Files.isDirectory(source.table())) {
            return Utf8Copy.none();
        }
        return Utf8Copy.ofSamples(app, source.table(), source.from());
    }

    private static GivenSamples.Source source(SheetCopy sheet, Utf8Copy copy) {
        Path table = sheet.table();
        Charset charset = Files.isDirectory(table) ? Utf8Copy.ofTexts(table, sheet.from()) : StandardCharsets.UTF_8;
        return new GivenSamples.Source(table, copy.orElse(table), charset, Set.of());
    }

    private int write(DesignKind design, List<GivenSamples.Source> sources, Path to) throws IOException {
        try (GivenSamples samples = GivenSamples.read(sources, new GivenSamples.Columns(id, text))) {
            BitSet old = anchors(samples);
            Pairing pairing = new Pairing(design, k, pairs, percent, seed, order, List.of());
            Design chosen = design(pairing, samples.list().size(), old);
            if (!agreed(samples, pairing.comparisons(chosen))) {
                app.console().out().println(REFUSED);
                return ExitStatus.DONE;
            }
            ComparisonGraph graph = PairTable.write(samples.samples(), pairing.cursor(chosen), to);
            tell(samples, new PairsSummary(new Coverage(samples.list(), graph), order, old), to);
            return ExitStatus.DONE;
        }
    }

    private static Design design(Pairing pairing, int samples, BitSet old) {
        try {
            return pairing.of(samples, old);
        } catch (RefusedDesignException e) {
            throw CliException.usage(
                    "--design " + pairing.design().code() + ": found " + e.found() + "; expected " + e.expected() + ".",
                    "./pairbatch pairs --help says what each design needs.");
        }
    }

    /// Which samples are anchors.
    private BitSet anchors(GivenSamples samples) {
        BitSet old = new BitSet();
        if (anchors != null) {
            old.set(0, samples.first());
        }
        for (int anchor : samples.numbers(anchorIds)) {
            old.set(anchor);
        }
        return old;
    }

    private boolean agreed(GivenSamples samples, long comparisons) {
        if (comparisons <= most || yes) {
            return true;
        }
        String what = Coverage.number(comparisons) + " comparisons are more than " + Coverage.number(most) + ": about "
                + Sizes.of(samples.bytes(comparisons)) + ", and as many requests that are paid.";
        if (!app.live().canAsk()) {
            throw CliException.usage(
                    what, "Give --yes to write them, or take fewer: --design per_sample --k K has K for each sample.");
        }
        app.console().out().println(what);
        app.console().out().flush();
        return app.live().agrees("Write them? [y/N]");
    }

    private void tell(GivenSamples samples, PairsSummary summary, Path to) throws IOException {
        PrintWriter console = app.console().out();
        samples.notices().forEach(notice -> console.println("note: " + Cells.harmless(notice)));
        summary.lines().forEach(line -> console.println(Cells.harmless(line)));
        console.println("Written to " + to + " (" + Sizes.of(Files.size(to)) + "), order " + order.code() + ", seed "
                + seed + ".");
        console.flush();
    }
}
