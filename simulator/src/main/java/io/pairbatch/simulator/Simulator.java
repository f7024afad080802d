package io.pairbatch.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pairbatch.simulator.anthropic.AnthropicApi;
import io.pairbatch.simulator.anthropic.AnthropicBatchApi;
import io.pairbatch.simulator.batch.BatchRunner;
import io.pairbatch.simulator.batch.BatchStore;
import io.pairbatch.simulator.batch.Execution;
import io.pairbatch.simulator.fault.Faults;
import io.pairbatch.simulator.gemini.GeminiApi;
import io.pairbatch.simulator.gemini.GeminiBatchApi;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.Handling;
import io.pairbatch.simulator.http.HttpApi;
import io.pairbatch.simulator.http.Live;
import io.pairbatch.simulator.http.RefusedException;
import io.pairbatch.simulator.http.Shared;
import io.pairbatch.simulator.http.Tls;
import io.pairbatch.simulator.judge.Judge;
import io.pairbatch.simulator.openai.OpenAiApi;
import io.pairbatch.simulator.openai.OpenAiBatchApi;
import io.pairbatch.simulator.store.FileStore;
import io.pairbatch.simulator.store.Journal;
import io.pairbatch.simulator.store.SimulatedClock;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine;

/// A running simulator, as a separate process or inside a test.
public final class Simulator implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Simulator.class.getName());

    static {
        // Otherwise every small response waits 40 ms for the client's delayed ACK.
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
            faults.replace(Faults.read(settings.faults()));
        }
        Judge judge = new Judge(settings.seed(), settings.judge(), settings.data());
        OpenAiBatchApi openAi = new OpenAiBatchApi(settings.service(), settings.batch(), judge, files, clock);
        AnthropicBatchApi anthropic = new AnthropicBatchApi(judge, files, clock, this::baseUrl);
        GeminiBatchApi gemini = new GeminiBatchApi(judge, files, clock);
        BatchStore batches = new BatchStore(settings.data(), clock, journal, List.of(openAi, anthropic, gemini));
        runner = new BatchRunner(settings.batch(), clock, files, batches, new Execution(files, settings.batch()));
        Handling handling = new Handling(faults);
        Shared shared = new Shared(
                settings.keys(),
                settings.batch(),
                files,
                batches,
                runner,
                journal,
                clock,
                handling,
                new Live(journal, handling));
        OpenAiApi openAiApi = new OpenAiApi(settings.service(), openAi, shared);
        List<HttpApi> apis = List.of(openAiApi, new AnthropicApi(anthropic, shared), new GeminiApi(gemini, shared));
        ControlApi control = new ControlApi(shared, faults, apis);
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
    /// @throws IOException if the data folder or the port is not available
    public static Simulator start(String... options) throws IOException {
        SimulatorCommand command = new SimulatorCommand();
        try {
            command.line().parseArgs(options);
            return new Simulator(command.settings());
        } catch (CommandLine.ParameterException e) {
            throw new IllegalArgumentException(SimulatorCommand.words(e), e);
        }
    }

    /// The base URL, without `/v1` or `/openai/v1`.
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

    /// Stops at once: running requests are aborted; open batches continue in the next simulator on the same data.
    @Override
    public void close() throws IOException {
        server.stop(0);
        threads.shutdownNow();
        runner.close();
        threads.close();
        journal.close();
    }
}
