package io.pairbatch.cli.stack;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.stack.StackOptions.Service;
import io.pairbatch.job.Backend;
import io.pairbatch.provider.openai.OpenAiService;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pairbatch up`.
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts the embedded stack in the background, or deploys this version to it when it runs.")
public final class UpCommand implements Callable<Integer> {
    private static final Map<Backend, String> PUBLIC_URLS = Map.of(
            Backend.ANTHROPIC, "https://api.anthropic.com",
            Backend.GEMINI, "https://generativelanguage.googleapis.com");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--live",
            description = "Use the real providers instead of the simulator, those whose keys are in OPENAI_API_KEY,"
                    + " ANTHROPIC_API_KEY and GEMINI_API_KEY. Costs money.")
    private boolean live;

    @Option(
            names = "--live-url",
            paramLabel = "PROVIDER=URL",
            description = "Base URL of a service that is compatible with openai, anthropic or gemini, or a gateway to"
                    + " it. Repeat for several.")
    private Map<Backend, String> liveUrls = Map.of();

    @Option(
            names = "--live-service",
            paramLabel = "SERVICE",
            description = "Which service stands for openai: openai, azure, groq, together, mistral or generic (any"
                    + " other that copies OpenAI's API). azure and generic need --live-url openai=URL.")
    private String liveService = OpenAiService.OPENAI;

    @Option(
            names = "--wait-scale",
            paramLabel = "FACTOR",
            description = "Factor on the workflow's waits; 0 skips them (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private double waitScale = 1;

    @Parameters(paramLabel = "SIMULATOR_OPTION", description = "After --: options for the simulator.")
    private List<String> simulatorOptions = List.of();

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var options = StackOptions.defaults()
                .withProvider(provider())
                .withOpenAiService(service().code())
                .withWaitScale(waitScale);
        var stack = EmbeddedStack.up(Project.find(), options, spec.commandLine().getErr()::println);
        print(stack, out);
        return ExitStatus.DONE;
    }

    private OpenAiService service() {
        return OpenAiService.find(liveService)
                .orElseThrow(() -> CliException.usage(
                        "--live-service does not know \"" + liveService + "\".",
                        "Name one of " + String.join(", ", OpenAiService.codes()) + "."));
    }

    private String publicUrl(Backend backend) {
        if (backend != Backend.OPENAI) {
            return Objects.requireNonNull(PUBLIC_URLS.get(backend));
        }
        var url = service().baseUrl();
        if (url == null) {
            throw CliException.usage(
                    "--live-service " + liveService + " has no address of its own.",
                    "Name yours: --live-url openai=URL.");
        }
        return url.toString();
    }

    private StackOptions.Provider provider() {
        if (!live) {
            if (!service().code().equals(OpenAiService.OPENAI)) {
                throw CliException.usage("--live-service is for --live.", "Add --live, or leave --live-service out.");
            }
            return new StackOptions.Simulated(simulatorOptions);
        }
        var services = new EnumMap<Backend, Service>(Backend.class);
        for (var backend : Backend.values()) {
            var key = System.getenv(backend.name() + "_API_KEY");
            if (key != null && !key.isBlank()) {
                var named = liveUrls.get(backend);
                var url = named == null ? publicUrl(backend) : named;
                services.put(backend, new Service(url, key.strip()));
            }
        }
        if (services.isEmpty()) {
            throw CliException.usage(
                    "--live needs a key.",
                    "Put it into the environment variable OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY.");
        }
        return new StackOptions.Live(services);
    }

    private static void print(EmbeddedStack stack, PrintWriter out) {
        var deployment = stack.deployment();
        out.println("endpoint   " + deployment.endpoint());
        out.println("bucket     " + deployment.bucket());
        out.println("table      " + deployment.table());
        stack.simulatorUrl().ifPresent(url -> out.println("simulator  " + url));
        out.println("logs       " + stack.folder().resolve("logs"));
        out.println("It runs until ./pairbatch down.");
        out.flush();
    }
}
