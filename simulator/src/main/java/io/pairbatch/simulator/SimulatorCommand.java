package io.pairbatch.simulator;

import io.pairbatch.simulator.batch.BatchSettings;
import io.pairbatch.simulator.fault.Faults;
import io.pairbatch.simulator.http.Tls;
import io.pairbatch.simulator.judge.Habit;
import io.pairbatch.simulator.judge.Judge;
import io.pairbatch.simulator.judge.JudgeSettings;
import io.pairbatch.simulator.openai.Service;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;

/// The command line of the simulator.
@Command(
        name = "simulator",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Simulates the providers' batch APIs.")
final class SimulatorCommand implements Callable<Integer> {

    @Option(names = "--port", description = "port to listen on, 0 for a free one")
    private int port;

    @Option(names = "--bind", description = "address to listen on")
    private String bind = "127.0.0.1";

    @Option(names = "--data", required = true, description = "folder for the files, batches and journal")
    private Path data = Path.of("");

    @Option(names = "--ready-file", description = "file to write the base URL to once requests are answered")
    private @Nullable Path readyFile;

    @Option(names = "--key", description = "accepted API key; may be repeated")
    private List<String> keys = List.of("sk-simulator");

    @Option(names = "--service", description = "service to simulate with OpenAI's API: openai or azure")
    private String service = "openai";

    @Option(names = "--seed", description = "random seed")
    private long seed = 1;

    @Option(names = "--qualities", description = "JSONL file of {text, quality}")
    private @Nullable Path qualities;

    @Option(names = "--noise", description = "scale of the judge's logistic noise; 0: the better text always wins")
    private double noise = 1;

    @Option(names = "--position-bias", description = "added to the quality of the text at position 1")
    private double positionBias;

    @Option(names = "--flip-rate", description = "share of answers that name the other text than the pair's own winner")
    private double flipRate;

    @Option(
            names = "--judge",
            paramLabel = "MODEL=HABIT",
            description = "a model that judges badly: coin, first or longest; may be repeated")
    private Map<String, Habit> habits = Map.of();

    @Option(names = "--missing-tag-rate", description = "share of answers without the tag")
    private double missingTagRate = 0.01;

    @Option(names = "--error-rate", description = "share of requests that fail")
    private double errorRate = 0.01;

    @Option(names = "--latency-ms", description = "delay before each response")
    private long latencyMillis;

    @Option(names = "--batch-seconds", description = "duration of a batch, from create to completed")
    private double batchSeconds = 10;

    @Option(names = "--max-enqueued-tokens", description = "limit per model; a batch above it fails validation")
    private long maxEnqueuedTokens = Long.MAX_VALUE;

    @Option(
            names = "--max-queued-requests",
            description = "limit for Anthropic's open batches; a create above it is refused")
    private long maxQueuedRequests = Long.MAX_VALUE;

    @Option(names = "--max-requests", description = "limit per batch; 0 for the provider's limit")
    private int maxRequests;

    @Option(names = "--max-file-bytes", description = "limit for a batch's input; 0 for the provider's limit")
    private long maxFileBytes;

    @Option(names = "--faults", description = "file with a JSON list of fault rules")
    private @Nullable Path faults;

    @Option(
            names = "--shuffle",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "write result lines in random order")
    private boolean shuffle = true;

    @Option(names = "--tls-key", description = "PEM file with the unencrypted PKCS#8 key of --tls-certificate")
    private @Nullable Path tlsKey;

    @Option(names = "--tls-certificate", description = "PEM file with the server's certificate chain; enables HTTPS")
    private @Nullable Path tlsCertificate;

    @Option(names = "--check", description = "only say whether the other options can be taken, and start nothing")
    private boolean check;

    private @Nullable Tls tls() {
        if (tlsKey == null && tlsCertificate == null) {
            return null;
        }
        if (tlsKey == null || tlsCertificate == null) {
            throw wrong("--tls-key and --tls-certificate must be used together.");
        }
        return new Tls(tlsKey, tlsCertificate);
    }

    private Service service() {
        return switch (service) {
            case "openai" -> Service.OPENAI;
            case "azure" -> Service.AZURE;
            default -> throw wrong("--service", service, "openai or azure");
        };
    }

    /// Finds what cannot be meant before anything is made, instead of playing a provider that nobody described.
    private void look() {
        within("--port", port, 0, 65_535);
        within("--missing-tag-rate", missingTagRate, 0, 1);
        within("--error-rate", errorRate, 0, 1);
        within("--flip-rate", flipRate, 0, 1);
        within("--noise", noise, 0, Double.MAX_VALUE);
        within("--position-bias", positionBias, -Double.MAX_VALUE, Double.MAX_VALUE);
        within("--batch-seconds", batchSeconds, 0, Double.MAX_VALUE);
        atLeast("--latency-ms", latencyMillis, 0);
        atLeast("--max-enqueued-tokens", maxEnqueuedTokens, 1);
        atLeast("--max-queued-requests", maxQueuedRequests, 1);
        atLeast("--max-requests", maxRequests, 0);
        atLeast("--max-file-bytes", maxFileBytes, 0);
        if (keys.stream().anyMatch(String::isBlank)) {
            throw wrong("--key", "empty", "a key");
        }
        if (new InetSocketAddress(bind, port).isUnresolved()) {
            throw wrong("--bind", bind, "an address of this machine");
        }
        read("--qualities", qualities, Judge::check);
        read("--faults", faults, Faults::read);
        read("--tls-key", tlsKey, file -> {});
        read("--tls-certificate", tlsCertificate, file -> {});
    }

    private interface Reading {

        void read(Path file) throws IOException;
    }

    private void read(String option, @Nullable Path file, Reading reading) {
        if (file == null) {
            return;
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw wrong(option, file.toString(), "a file that is there and can be read");
        }
        try {
            reading.read(file);
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw wrong(option + " is " + file + ", which cannot be taken: " + e.getMessage());
        }
    }

    private void atLeast(String option, long found, long least) {
        if (found < least) {
            throw wrong(option, String.valueOf(found), "a whole number that is " + least + " or more");
        }
    }

    private void within(String option, double found, double least, double most) {
        if (!(found >= least && found <= most)) {
            throw wrong(option, plain(found), expected(least, most));
        }
    }

    private static String expected(double least, double most) {
        if (most < Double.MAX_VALUE) {
            return "a number from " + plain(least) + " to " + plain(most);
        }
        return least > -Double.MAX_VALUE ? "a number that is " + plain(least) + " or more" : "a number";
    }

    private static String plain(double number) {
        return Double.isFinite(number)
                ? new BigDecimal(String.valueOf(number)).stripTrailingZeros().toPlainString()
                : String.valueOf(number);
    }

    private CommandLine.ParameterException wrong(String option, String found, String expected) {
        return wrong(option + " is " + found + "; expected is " + expected + ".");
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(new CommandLine(this), message);
    }

    Settings settings() {
        look();
        return new Settings(
                bind,
                port,
                data,
                service(),
                new LinkedHashSet<>(keys),
                seed,
                latencyMillis,
                faults,
                tls(),
                new BatchSettings(
                        batchSeconds, maxEnqueuedTokens, maxQueuedRequests, maxRequests, maxFileBytes, shuffle),
                new JudgeSettings(qualities, noise, positionBias, missingTagRate, errorRate, flipRate, habits));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Settings settings = settings();
        if (check) {
            return 0;
        }
        Simulator simulator = new Simulator(settings);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
        if (readyFile != null) {
            Json.writeAtomically(
                    readyFile.toAbsolutePath(), simulator.baseUrl().toString().getBytes(StandardCharsets.UTF_8));
        }
        System.out.println("listening on " + simulator.baseUrl());
        System.out.flush();
        stopped.await();
        simulator.close();
        return 0;
    }

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    CommandLine line() {
        return new CommandLine(this).setCaseInsensitiveEnumValuesAllowed(true);
    }

    static String words(CommandLine.ParameterException e) {
        String said = String.valueOf(e.getMessage());
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched && unmatched.isUnknownOption()) {
            String name = unmatched.getUnmatched().getFirst().replaceFirst("=.*", "");
            said = "There is no option " + name + "."
                    + unmatched.getSuggestions().stream()
                            .findFirst()
                            .map(near -> " Perhaps " + near + "?")
                            .orElse("");
        }
        return said.endsWith(".") || said.endsWith("?") ? said : said + ".";
    }

    static int execute(String... arguments) {
        CommandLine command = new SimulatorCommand().line();
        // One sentence; the list of all options would push it out of the end of a log.
        command.setParameterExceptionHandler((e, given) -> {
            command.getErr().println(words(e));
            command.getErr().flush();
            return CommandLine.ExitCode.USAGE;
        });
        return command.execute(arguments);
    }
}
