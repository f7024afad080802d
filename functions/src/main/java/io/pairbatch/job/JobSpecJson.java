package io.pairbatch.job;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// A specification as JSON, each field in its place whether it was set or not.
final class JobSpecJson {

    private JobSpecJson() {}

    /// The specification on one line: equal specifications give equal texts.
    static String canonical(JobSpec spec) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.createGenerator(text)) {
            write(json, spec);
        }
        return text.toString();
    }

    static void write(JsonGenerator json, JobSpec spec) {
        json.writeStartObject();
        json.writeStringProperty("backend", spec.backend().code());
        json.writeStringProperty("model", spec.model());
        json.writeStringProperty("trait_name", spec.traitName());
        json.writeStringProperty("trait_description", spec.traitDescription());
        json.writeStringProperty("prompt_template", spec.promptTemplate());
        writeSplitting(json, spec.splitting());
        json.writeBooleanProperty("keep_jsonl", spec.keepJsonl());
        json.writeBooleanProperty("write_registry", spec.writeRegistry());
        json.writeBooleanProperty("write_results_csv", spec.writeResultsCsv());
        json.writeBooleanProperty("write_combined_csv", spec.writeCombinedCsv());
        json.writeNumberProperty("interval_seconds", spec.intervalSeconds());
        json.writeNumberProperty("per_job_delay", spec.perJobDelay());
        json.writeNumberProperty("openai_max_retries", spec.openaiMaxRetries());
        json.writeStringProperty("tag_prefix", spec.tagPrefix());
        json.writeStringProperty("tag_suffix", spec.tagSuffix());
        json.writeBooleanProperty("verbose", spec.verbose());
        writeOptions(json, spec.openai());
        json.writeNumberProperty("run", spec.run());
        json.writeNumberProperty("max_attempts", spec.maxAttempts());
        writeBadRows(json, spec.maxBadRows());
        json.writeStringProperty("max_stall", spec.maxStall().toString());
        json.writeBooleanProperty("include_texts", spec.includeTexts());
        json.writeEndObject();
    }

    static JobSpec read(JsonNode json) {
        return new JobSpec(
                Backend.valueOf(text(json, "backend").toUpperCase(Locale.ROOT)),
                text(json, "model"),
                text(json, "trait_name"),
                text(json, "trait_description"),
                text(json, "prompt_template"),
                readSplitting(json),
                flag(json, "keep_jsonl"),
                flag(json, "write_registry"),
                flag(json, "write_results_csv"),
                flag(json, "write_combined_csv"),
                json.required("interval_seconds").intValue(),
                json.required("per_job_delay").doubleValue(),
                json.required("openai_max_retries").intValue(),
                text(json, "tag_prefix"),
                text(json, "tag_suffix"),
                flag(json, "verbose"),
                readOptions(json),
                json.required("run").intValue(),
                json.required("max_attempts").intValue(),
                readBadRows(json.required("max_bad_rows")),
                Duration.parse(text(json, "max_stall")),
                flag(json, "include_texts"));
    }

    private static void writeSplitting(JsonGenerator json, Splitting splitting) {
        writeWhole(json, "batch_size", splitting instanceof Splitting.BatchSize size ? size.rows() : null);
        writeWhole(json, "n_segments", splitting instanceof Splitting.SegmentCount count ? count.count() : null);
    }

    private static void writeWhole(JsonGenerator json, String name, @Nullable Integer value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, value.intValue());
        }
    }

    private static Splitting readSplitting(JsonNode json) {
        JsonNode size = json.required("batch_size");
        JsonNode count = json.required("n_segments");
        if (!size.isNull()) {
            return new Splitting.BatchSize(size.intValue());
        }
        return count.isNull() ? new Splitting.Auto() : new Splitting.SegmentCount(count.intValue());
    }

    private static void writeOptions(JsonGenerator json, OpenAiOptions options) {
        json.writeStringProperty("endpoint", options.endpoint());
        json.writeBooleanProperty("include_thoughts", options.includeThoughts());
        json.writeBooleanProperty("include_raw", options.includeRaw());
        json.writeNumberProperty("temperature", options.temperature());
        json.writeNumberProperty("top_p", options.topP());
        Boolean logprobs = options.logprobs();
        if (logprobs == null) {
            json.writeNullProperty("logprobs");
        } else {
            json.writeBooleanProperty("logprobs", logprobs);
        }
        json.writeStringProperty("reasoning", options.reasoning());
        json.writeStringProperty("request_id_prefix", options.requestIdPrefix());
        json.writeObjectPropertyStart("metadata");
        options.metadata().forEach(json::writeStringProperty);
        json.writeEndObject();
    }

    private static OpenAiOptions readOptions(JsonNode json) {
        Map<String, String> metadata = new LinkedHashMap<>();
        json.required("metadata")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().stringValue()));
        JsonNode logprobs = json.required("logprobs");
        return new OpenAiOptions(
                optionalText(json, "endpoint"),
                flag(json, "include_thoughts"),
                flag(json, "include_raw"),
                decimal(json.required("temperature")),
                decimal(json.required("top_p")),
                logprobs.isNull() ? null : logprobs.booleanValue(),
                optionalText(json, "reasoning"),
                text(json, "request_id_prefix"),
                metadata);
    }

    private static void writeBadRows(JsonGenerator json, BadRowLimit limit) {
        switch (limit) {
            case BadRowLimit.Rows rows -> json.writeNumberProperty("max_bad_rows", rows.rows());
            case BadRowLimit.Percent percent -> json.writeStringProperty("max_bad_rows", percent.percent() + "%");
            case BadRowLimit.None none -> json.writeNullProperty("max_bad_rows");
        }
    }

    private static BadRowLimit readBadRows(JsonNode json) {
        if (json.isNull()) {
            return new BadRowLimit.None();
        }
        if (json.isString()) {
            String text = json.stringValue();
            return new BadRowLimit.Percent(Double.parseDouble(text.substring(0, text.length() - 1)));
        }
        return new BadRowLimit.Rows(json.longValue());
    }

    private static String text(JsonNode json, String name) {
        return json.required(name).stringValue();
    }

    private static @Nullable String optionalText(JsonNode json, String name) {
        return json.required(name).isNull() ? null : text(json, name);
    }

    private static boolean flag(JsonNode json, String name) {
        return json.required(name).booleanValue();
    }

    private static @Nullable BigDecimal decimal(JsonNode json) {
        return json.isNull() ? null : json.decimalValue();
    }
}
