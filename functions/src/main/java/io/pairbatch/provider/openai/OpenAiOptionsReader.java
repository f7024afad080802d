package io.pairbatch.provider.openai;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.spec.BodyField;
import io.pairbatch.spec.OptionsReader;
import io.pairbatch.spec.ProviderOptions;
import io.pairbatch.spec.SpecFields;
import java.util.Map;
import java.util.Set;

/// Contract 4.1, and the further fields of a request that OpenAI documents ([OpenAiBodyField]).
enum OpenAiOptionsReader implements OptionsReader {
    INSTANCE;

    /// OpenAI takes 16 entries of metadata, keys of 64 and values of 512 characters; four entries are ours.
    private static final int METADATA_ENTRIES = 12;

    private static final int LONGEST_EFFORT = 256;
    private static final int METADATA_KEY = 64;
    private static final int METADATA_VALUE = 512;
    private static final Set<String> RESERVED = Set.of("model", "messages", "input", "custom_id", "stream", "n");

    @Override
    public Set<String> texts() {
        return BodyField.names(OpenAiBodyField.all(), true, "endpoint", "reasoning", "request_id_prefix");
    }

    @Override
    public Set<String> others() {
        return BodyField.names(
                OpenAiBodyField.all(),
                false,
                "include_thoughts",
                "include_raw",
                "temperature",
                "top_p",
                "logprobs",
                "metadata",
                "provider_options");
    }

    @Override
    public Set<String> ofResults() {
        return Set.of("include_thoughts", "include_raw", "request_id_prefix", "metadata");
    }

    @Override
    public ProviderOptions read(SpecFields fields) {
        String endpoint = fields.text("endpoint");
        if (endpoint != null && !endpoint.equals("chat.completions") && !endpoint.equals("responses")) {
            fields.invalid("endpoint", fields.find("endpoint"), "chat.completions or responses");
        }
        return new OpenAiOptions(
                endpoint,
                fields.flag("include_thoughts", false),
                fields.flag("include_raw", false),
                fields.decimal("temperature", 0, 2),
                fields.decimal("top_p", 0, 1),
                fields.flag("logprobs"),
                fields.filledText("reasoning", LONGEST_EFFORT),
                fields.text("request_id_prefix", "EXP"),
                metadata(fields),
                BodyField.read(OpenAiBodyField.all(), fields),
                OptionsReader.providerOptions(fields, RESERVED));
    }

    private static Map<String, String> metadata(SpecFields fields) {
        Map<String, String> metadata = fields.texts("metadata");
        if (metadata.size() > METADATA_ENTRIES) {
            problem(
                    fields,
                    metadata.size() + " entries",
                    METADATA_ENTRIES + " at most: the provider takes 16, 4 are ours");
        }
        metadata.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > METADATA_KEY || value.length() > METADATA_VALUE) {
                problem(fields, "an entry that is too long", "keys of 1 to 64 characters, values of 512 at most");
            } else if (key.startsWith("pairbatch")) {
                problem(fields, "a key that begins with `pairbatch`", "other keys: these are ours");
            }
        });
        return metadata;
    }

    private static void problem(SpecFields fields, String found, String expected) {
        fields.problem(ErrorCode.SPEC_INVALID_VALUE, "metadata", found, expected);
    }
}
