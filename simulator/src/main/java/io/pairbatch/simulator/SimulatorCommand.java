package io.pairbatch.simulator;

import io.pairbatch.simulator.batch.BatchSettings;
import io.pairbatch.simulator.http.Tls;
import io.pairbatch.simulator.judge.JudgeSettings;
import io.pairbatch.simulator.openai.Service;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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

    private @Nullable Tls tls() {
        if (tlsKey == null && tlsCertificate == null) {
            return null;
        }
        if (tlsKey == null || tlsCertificate == null) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this), "--tls-key and --tls-certificate must be used together");
        }
        return new Tls(tlsKey, tlsCertificate);
    }

    private Service service() {
        return switch (service) {
            case "openai" -> Service.OPENAI;
            case "azure" -> Service.AZURE;
            default ->
                throw new CommandLine.ParameterException(
                        new CommandLine(this), "--service must be openai or azure, not " + service);
        };
    }

    Settings settings() {
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
                new JudgeSettings(qualities, noise, positionBias, missingTagRate, errorRate));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Simulator simulator = new Simulator(settings());
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
        System.exit(new CommandLine(new SimulatorCommand()).execute(arguments));
    }
}
