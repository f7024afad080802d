package io.pairbatch.cli.stack;

import io.pairbatch.cli.Deployment.Providers;
import io.pairbatch.cli.stack.StackOptions.Service;
import io.pairbatch.job.Backend;
import io.pairbatch.provider.openai.OpenAiService;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// Where the providers' APIs begin.
final class ProviderAddresses {

    private ProviderAddresses() {}

    /// A provider's own address; empty where each customer has one of its own.
    ///
    /// @param service which service stands for OpenAI
    static String ofItself(Backend backend, OpenAiService service) {
        return switch (backend) {
            case OPENAI -> Objects.toString(service.baseUrl(), "");
            case ANTHROPIC -> "https://api.anthropic.com";
            case GEMINI -> "https://generativelanguage.googleapis.com";
        };
    }

    /// What a stack with these options asks; a provider without a key has its own address.
    static Providers of(StackOptions options, Map<Backend, Service> services, String defaults) {
        OpenAiService service = OpenAiService.of(options.openAiService());
        Map<Backend, String> urls = new EnumMap<>(Backend.class);
        for (Backend backend : Backend.values()) {
            Service one = services.get(backend);
            urls.put(backend, one == null ? ofItself(backend, service) : one.baseUrl());
        }
        boolean simulated = options.provider() instanceof StackOptions.Simulated;
        return new Providers(simulated, options.openAiService(), urls, defaults);
    }
}
