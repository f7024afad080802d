package io.pairbatch.job;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Contract 4.3.
enum GeminiOptionsReader implements OptionsReader {
    INSTANCE;

    private static final Set<String> LEVELS = Set.of("minimal", "low", "medium", "high");
    private static final Set<String> RESERVED = Set.of("model", "contents", "key");

    @Override
    public Set<String> texts() {
        return Set.of("thinking_level", "custom_id_prefix", "api_version");
    }

    @Override
    public Set<String> others() {
        return Set.of(
                "thinking_budget",
                "include_thoughts",
                "temperature",
                "top_p",
                "top_k",
                "max_output_tokens",
                "provider_options");
    }

    @Override
    public ProviderOptions read(SpecFields fields) {
        String level = fields.text("thinking_level");
        if (level != null && !LEVELS.contains(level)) {
            fields.invalid("thinking_level", fields.find("thinking_level"), "minimal, low, medium or high");
        }
        String version = fields.text("api_version", "v1beta");
        if (!version.matches("v\\d[a-z0-9]{0,15}")) {
            fields.invalid("api_version", fields.find("api_version"), "a version such as v1beta");
        }
        return new GeminiOptions(
                level,
                whole(fields, "thinking_budget", -1),
                fields.flag("include_thoughts", false),
                fields.decimal("temperature", 0, 2),
                fields.decimal("top_p", 0, 1),
                whole(fields, "top_k", 1),
                whole(fields, "max_output_tokens", 1),
                fields.text("custom_id_prefix", Backend.GEMINI.idPrefix()),
                version,
                Map.of(),
                OptionsReader.providerOptions(fields, RESERVED));
    }

    private static @Nullable Integer whole(SpecFields fields, String name, int min) {
        return fields.find(name) == null ? null : Integer.valueOf(fields.whole(name, min, min, Integer.MAX_VALUE));
    }
}
