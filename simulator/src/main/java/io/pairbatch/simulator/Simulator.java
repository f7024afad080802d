package io.pairbatch.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine;

/// A running simulator, for a process of its own or inside a test.
public final class Simulator implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Simulator.class.getName());

    static {
        // Without it every small answer waits for the client's delayed acknowledgement, 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Settings settings;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Journal journal;
    private final BatchRunner runner;

    Simulator(Settings settings) throws IOException {
        this.settings = settings;
        Files.createDirectories(settings.data());
        SimulatedClock clock = new SimulatedClock(settings.data());
        journal = new Journal(settings.data(), clock);
        FileStore files = new FileStore(settings.data(), clock);
        Faults faults = new Faults(settings.seed(), journal);
        if (settings.faults() != null) {
            try (InputStream in = Files.newInputStream(settings.faults())) {
                faults.replace(Json.MAPPER.readTree(in));
            }
        }
        Judge judge = new Judge(settings);
        OpenAiRules openAiRules = new OpenAiRules();
        OpenAiBatchApi openAi = new OpenAiBatchApi(settings, openAiRules, judge, files, clock);
        AnthropicRules anthropicRules = new AnthropicRules();
        AnthropicBatchApi anthropic = new AnthropicBatchApi(anthropicRules, judge, files, clock, this::baseUrl);
        GeminiBatchApi gemini = new GeminiBatchApi(judge, files, clock);
        BatchStore batches = new BatchStore(settings.data(), clock, journal, List.of(openAi, anthropic, gemini));
        runner = new BatchRunner(settings, clock, files, batches, new Execution(files, settings));
        Handling handling = new Handling(faults);
        Live live = new Live(journal, handling);
        OpenAiApi openAiApi = new OpenAiApi(
                settings.service(),
                settings.keys(),
                new OpenAiFiles(settings, files, openAi, batches, journal, handling),
                new OpenAiBatches(openAi, files, batches, runner, journal, clock, handling),
                new OpenAiLive(settings.service(), openAiRules, judge, clock, live));
        AnthropicApi anthropicApi = new AnthropicApi(
                settings.keys(),
                anthropicRules,
                new AnthropicBatches(settings, anthropic, files, batches, runner, journal, clock, handling),
                new AnthropicLive(anthropicRules, judge, live));
        GeminiLive geminiLive = new GeminiLive(gemini.rules(), judge, live);
        GeminiApi geminiApi =
                new GeminiApi(settings, gemini, files, batches, runner, journal, clock, handling, geminiLive);
        List<HttpApi> apis = List.of(openAiApi, anthropicApi, geminiApi);
        ControlApi control = new ControlApi(settings, clock, journal, faults, batches, runner, apis);
        batches.completeJournal();
        InetSocketAddress address = new InetSocketAddress(settings.bind(), settings.port());
        Tls tls = settings.tls();
        server = tls == null ? HttpServer.create(address, 0) : tls.listen(address);
        server.setExecutor(threads);
        for (HttpApi api : apis) {
            api.roots().forEach(root -> server.createContext(root, http -> serve(http, api, api::handle)));
        }
        server.createContext("/_simulator", http -> serve(http, openAiApi, control::handle));
        batches.list().reversed().stream().filter(batch -> !batch.terminal()).forEach(runner::start);
        server.start();
    }

    /// Starts a simulator in this process.
    ///
    /// @param options as on the command line
    /// @throws IllegalArgumentException for wrong options
    /// @throws IOException when the data folder or the port is not to be had
    public static Simulator start(String... options) throws IOException {
        SimulatorCommand command = new SimulatorCommand();
        try {
            new CommandLine(command).parseArgs(options);
            return new Simulator(command.settings());
        } catch (CommandLine.ParameterException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /// Where it listens, without `/v1` or `/openai/v1`.
    public URI baseUrl() {
        String host = server.getAddress().getHostString();
        String scheme = settings.tls() == null ? "http" : "https";
        return URI.create(scheme + "://" + host + ":" + server.getAddress().getPort());
    }

    private interface Handler {
        void handle(Exchange exchange) throws IOException;
    }

    private void serve(HttpExchange http, HttpApi api, Handler handler) throws IOException {
        try (http) {
            Handling.pause(settings.latencyMillis());
            Exchange exchange = new Exchange(http, api);
            try {
                handler.handle(exchange);
            } catch (RefusedException e) {
                exchange.reply(e.error(), e.error().retryAfter());
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, http.getRequestMethod() + " " + http.getRequestURI(), e);
                exchange.reply(api.outage(500, null, null), null);
            }
        }
    }

    /// Stops at once: exchanges under way break off, open batches go on with the next simulator on the same data.
    @Override
    public void close() throws IOException {
        server.stop(0);
        threads.shutdownNow();
        runner.close();
        threads.close();
        journal.close();
    }
}
