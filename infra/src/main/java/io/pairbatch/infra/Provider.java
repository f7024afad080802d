package io.pairbatch.infra;

import java.util.Locale;

/// The providers whose keys and addresses a deployment holds.
enum Provider {
    OPENAI("OpenAi", "https://api.openai.com/v1"),
    ANTHROPIC("Anthropic", "https://api.anthropic.com"),
    GEMINI("Gemini", "https://generativelanguage.googleapis.com");

    private final String label;
    private final String publicUrl;

    Provider(String label, String publicUrl) {
        this.label = label;
        this.publicUrl = publicUrl;
    }

    /// The name in parameters, outputs and logical ids.
    String label() {
        return label;
    }

    /// The name in secrets and in context values.
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    String publicUrl() {
        return publicUrl;
    }
}
