package io.pairbatch.job;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Contract 4.2.
enum AnthropicOptionsReader implements OptionsReader {
    INSTANCE;

    private static final Set<String> RESERVED = Set.of("model", "messages", "custom_id", "stream");

    @Override
    public Set<String> texts() {
        return Set.of("reasoning", "custom_id_prefix", "anthropic_version");
    }

    @Override
    public Set<String> others() {
        return Set.of(
                "include_thoughts", "temperature", "top_p", "max_tokens", "thinking_budget_tokens", "provider_options");
    }

    @Override
    public ProviderOptions read(SpecFields fields) {
        String reasoning = fields.text("reasoning");
        if (reasoning != null && !reasoning.equals("none") && !reasoning.equals("enabled")) {
            fields.invalid("reasoning", fields.find("reasoning"), "none or enabled");
        }
        String version = fields.text("anthropic_version", "2023-06-01");
        if (!version.matches("\\d{4}-\\d{2}-\\d{2}")) {
            fields.invalid("anthropic_version", fields.find("anthropic_version"), "a version such as 2023-06-01");
        }
        return new AnthropicOptions(
                reasoning,
                fields.flag("include_thoughts", false),
                fields.decimal("temperature", 0, 1),
                fields.decimal("top_p", 0, 1),
                whole(fields, "max_tokens"),
                whole(fields, "thinking_budget_tokens"),
                version,
                fields.text("custom_id_prefix", Backend.ANTHROPIC.idPrefix()),
                Map.of(),
                OptionsReader.providerOptions(fields, RESERVED));
    }

    private static @Nullable Integer whole(SpecFields fields, String name) {
        return fields.find(name) == null ? null : Integer.valueOf(fields.whole(name, 1, 1, Integer.MAX_VALUE));
    }
}
