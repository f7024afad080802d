package io.pairbatch.backend;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A provider of batch inference. This is the only list of providers: it holds what code outside of the functions knows
/// about them; everything else is in the package `io.pairbatch.provider.<code>`.
public enum Backend {
    OPENAI("OpenAi", "https://api.openai.com/v1", "gpt-4.1"),
    ANTHROPIC("Anthropic", "https://api.anthropic.com", "claude-sonnet-4-5"),
    GEMINI("Gemini", "https://generativelanguage.googleapis.com", "gemini-3-flash-preview");

    // Annotations accept only constants, so these texts cannot be generated from the list; a test keeps them in step.

    /// All codes, for sentences.
    public static final String CODES = "openai, anthropic or gemini";

    /// The command line's environment variables for the keys, for sentences.
    public static final String KEY_VARIABLES = "OPENAI_API_KEY, ANTHROPIC_API_KEY and GEMINI_API_KEY";

    /// The code of [#DEFAULT].
    public static final String DEFAULT_CODE = "openai";

    /// The provider of a job that does not name one.
    public static final Backend DEFAULT = OPENAI;

    /// The code of [#COPIED], also for the service that is the provider itself.
    public static final String COPIED_CODE = "openai";

    /// The name of [#COPIED] in sentences.
    public static final String COPIED_NAME = "OpenAI";

    /// The codes of [#SERVICES], for sentences.
    public static final String SERVICE_CODES = "openai, azure, groq, together, mistral or generic";

    /// Those of [#SERVICES] without a default address, for sentences.
    public static final String SERVICES_WITHOUT_ADDRESS = "azure and generic";

    /// The provider whose protocol other services speak too. The deployment sets which of them is used.
    public static final Backend COPIED = OPENAI;

    /// The codes of the services that speak the protocol of [#COPIED], which comes first.
    public static final List<String> SERVICES = List.of("openai", "azure", "groq", "together", "mistral", "generic");

    private final String label;
    private final String url;
    private final String demoModel;

    Backend(String label, String url, String demoModel) {
        this.label = label;
        this.url = url;
        this.demoModel = demoModel;
    }

    /// The name in job.json, in files, in secrets and in context values: lower case.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The backend with this code.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Backend of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /// The codes of some, with commas between them, as settings name them.
    public static String codes(Collection<Backend> backends) {
        return backends.stream().map(Backend::code).collect(Collectors.joining(","));
    }

    /// The name in the stack's parameters, outputs and logical IDs.
    public String label() {
        return label;
    }

    /// The base URL of the provider's own API.
    public String url() {
        return url;
    }

    /// A model that the simulator supports too.
    public String demoModel() {
        return demoModel;
    }

    /// The name of a setting in the functions' environment.
    ///
    /// @param what such as `BASE_URL`
    public String setting(String what) {
        return "PAIRBATCH_" + name() + "_" + what;
    }

    /// The command line's environment variable for the key.
    public String keyVariable() {
        return name() + "_API_KEY";
    }

    /// The stack's parameter for the API's base URL.
    public String baseUrlParameter() {
        return label + "BaseUrl";
    }

    /// The stack's parameter that chooses one of [#SERVICES].
    public String serviceParameter() {
        return label + "Service";
    }

    /// The stack's output that names the secret with the key.
    public String secretOutput() {
        return label + "SecretArn";
    }
}
