package io.pairbatch.provider.catalog;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.Provider;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.anthropic.Anthropic;
import io.pairbatch.provider.gemini.Gemini;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.openai.OpenAi;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.OptionsReader;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Every provider by its name.
public final class Providers {

    private Providers() {}

    /// The provider.
    public static Provider of(Backend backend) {
        return switch (backend) {
            case OPENAI -> OpenAi.INSTANCE;
            case ANTHROPIC -> Anthropic.INSTANCE;
            case GEMINI -> Gemini.INSTANCE;
        };
    }

    /// Reads the options of a provider's jobs.
    public static OptionsReader options(Backend backend) {
        return of(backend).options();
    }

    /// The service with this code that speaks the protocol of [Backend#COPIED].
    public static Optional<Service> service(String code) {
        return of(Backend.COPIED).service(code);
    }

    /// The service of [Backend#COPIED] that is the provider itself.
    public static Service itself() {
        return of(Backend.COPIED).itself();
    }

    /// Who answers a provider's batches.
    ///
    /// @param standIn the service that stands for its provider in a deployment; the other providers are themselves
    public static Service service(Backend backend, Service standIn) {
        return standIn.backend() == backend ? standIn : of(backend).itself();
    }

    /// The codes of all services that speak the protocol of [Backend#COPIED], in alphabetical order.
    public static List<String> serviceCodes() {
        return Backend.SERVICES.stream().sorted().toList();
    }

    /// What is sent to a provider itself, and what it writes. What is written is read the same from services like it.
    public static ProviderFormat format(Backend backend) {
        return of(backend).itself().format();
    }

    /// What is sent to a provider, and what it writes.
    ///
    /// @param standIn the service that stands for its provider in a deployment
    public static ProviderFormat format(Backend backend, Service standIn) {
        return service(backend, standIn).format();
    }

    /// What a job's provider is sent otherwise than the job's options say, in sentences.
    public static List<String> notices(JobSpec spec) {
        return format(spec.backend()).notices(spec.model(), spec.options());
    }

    /// A client for the provider of a job.
    ///
    /// @param standIn the service that stands for its provider in a deployment
    /// @param baseUrl where the provider's API begins
    /// @param network over which it is reached
    public static BatchProvider connect(JobSpec spec, Service standIn, URI baseUrl, String key, Network network) {
        return service(spec.backend(), standIn).connect(spec, baseUrl, key, network);
    }
}
