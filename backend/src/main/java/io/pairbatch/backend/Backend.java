package io.pairbatch.backend;

import java.util.List;
import java.util.Locale;

/// A provider of batch inference. The one list of them: what is known of a provider outside of the functions stands
/// here, everything else in its package `io.pairbatch.provider.<code>`.
public enum Backend {
    OPENAI("OpenAi", "https://api.openai.com/v1", "gpt-4.1"),
    ANTHROPIC("Anthropic", "https://api.anthropic.com", "claude-sonnet-4-5"),
    GEMINI("Gemini", "https://generativelanguage.googleapis.com", "gemini-3-flash-preview");

    // Annotations take constants only, so these texts cannot be made from the list; a test holds them to it.

    /// The codes of all, as a sentence names them.
    public static final String CODES = "openai, anthropic or gemini";

    /// The environment variables that hold the keys of the command line, as a sentence names them.
    public static final String KEY_VARIABLES = "OPENAI_API_KEY, ANTHROPIC_API_KEY and GEMINI_API_KEY";

    /// The code of [#DEFAULT].
    public static final String DEFAULT_CODE = "openai";

    /// Whom a job means that names none.
    public static final Backend DEFAULT = OPENAI;

    /// The code of [#COPIED], and of the service that is that provider itself.
    public static final String COPIED_CODE = "openai";

    /// How [#COPIED] is called in sentences.
    public static final String COPIED_NAME = "OpenAI";

    /// The codes of [#SERVICES], as a sentence names them.
    public static final String SERVICE_CODES = "openai, azure, groq, together, mistral or generic";

    /// Those of [#SERVICES] that have no address of their own, as a sentence names them.
    public static final String SERVICES_WITHOUT_ADDRESS = "azure and generic";

    /// The provider whose protocol other services speak too. Which of them stands for it belongs to the deployment.
    public static final Backend COPIED = OPENAI;

    /// The codes of the services that speak the protocol of [#COPIED], itself first.
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
    /// @throws IllegalArgumentException when there is none
    public static Backend of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /// The name in the stack's parameters, outputs and logical ids.
    public String label() {
        return label;
    }

    /// Where the provider's own API begins.
    public String url() {
        return url;
    }

    /// A model that the simulator has too.
    public String demoModel() {
        return demoModel;
    }

    /// The name of a setting in the functions' environment.
    ///
    /// @param what such as `BASE_URL`
    public String setting(String what) {
        return "PAIRBATCH_" + name() + "_" + what;
    }

    /// The environment variable of the command line that holds the key.
    public String keyVariable() {
        return name() + "_API_KEY";
    }

    /// The stack's parameter that says where the API begins.
    public String baseUrlParameter() {
        return label + "BaseUrl";
    }

    /// The stack's parameter that says which of [#SERVICES] stands for the provider.
    public String serviceParameter() {
        return label + "Service";
    }

    /// The stack's output that names the secret with the key.
    public String secretOutput() {
        return label + "SecretArn";
    }
}
