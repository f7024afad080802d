package io.pairbatch.job;

import io.pairbatch.backend.Backend;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A specification as JSON, each field in its place whether it was set or not.
final class JobSpecJson {

    private JobSpecJson() {}

    /// The specification on one line, without its limit, which may be raised later: equal specifications give equal
    /// texts.
    static String canonical(JobSpec spec) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.createGenerator(text)) {
            write(json, spec, false);
        }
        return text.toString();
    }

    static void write(JsonGenerator json, JobSpec spec) {
        write(json, spec, true);
    }

    private static void write(JsonGenerator json, JobSpec spec, boolean withLimit) {
        json.writeStartObject();
        json.writeStringProperty("backend", spec.backend().code());
        json.writeStringProperty("model", spec.model());
        json.writeStringProperty("trait_name", spec.traitName());
        json.writeStringProperty("trait_description", spec.traitDescription());
        json.writeStringProperty("prompt_template", spec.promptTemplate());
        json.writeStringProperty("substitution", spec.substitution().code());
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
        json.writeStringProperty("tag_mode", spec.tagMode().code());
        json.writeBooleanProperty("verbose", spec.verbose());
        spec.options().write(json);
        json.writeNumberProperty("run", spec.run());
        json.writeNumberProperty("max_attempts", spec.maxAttempts());
        writeBadRows(json, spec.maxBadRows());
        json.writeStringProperty("max_stall", spec.maxStall().toString());
        json.writeBooleanProperty("include_texts", spec.includeTexts());
        if (withLimit && spec.sample().limit() != null) {
            json.writeNumberProperty("limit", spec.sample().limit());
        }
        writeLaterFields(json, spec);
        json.writeEndObject();
    }

    /// Fields that came after the first jobs stand here only where they are not at their default: a file that was
    /// dropped before there was such a field stays the same job.
    private static void writeLaterFields(JsonGenerator json, JobSpec spec) {
        if (spec.sample().seed() != Sample.DEFAULT_SEED) {
            json.writeNumberProperty("sample_seed", spec.sample().seed());
        }
        if (spec.preflight() != null) {
            json.writeBooleanProperty("preflight", spec.preflight());
        }
        if (spec.providerRetention() != ProviderRetention.KEEP) {
            json.writeStringProperty(
                    "provider_retention", spec.providerRetention().code());
        }
        if (spec.formulaGuard()) {
            json.writeBooleanProperty("formula_guard", true);
        }
    }

    static JobSpec read(JsonNode json, OptionsReaders readers) {
        return new JobSpec(
                Backend.of(text(json, "backend")),
                text(json, "model"),
                text(json, "trait_name"),
                text(json, "trait_description"),
                text(json, "prompt_template"),
                readSubstitution(json),
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
                readTagMode(json),
                flag(json, "verbose"),
                readOptions(json, readers),
                json.required("run").intValue(),
                json.required("max_attempts").intValue(),
                readBadRows(json.required("max_bad_rows")),
                Duration.parse(text(json, "max_stall")),
                flag(json, "include_texts"),
                readSample(json),
                json.has("preflight") ? Boolean.valueOf(flag(json, "preflight")) : null,
                ProviderRetention.valueOf(json.path("provider_retention")
                        .asString(ProviderRetention.KEEP.code())
                        .toUpperCase(Locale.ROOT)),
                json.path("formula_guard").asBoolean(false));
    }

    private static Sample readSample(JsonNode json) {
        return new Sample(
                json.has("limit") ? Integer.valueOf(json.required("limit").intValue()) : null,
                json.path("sample_seed").asInt(Sample.DEFAULT_SEED));
    }

    /// Jobs that were frozen before there was a choice have neither field.
    private static Substitution readSubstitution(JsonNode json) {
        String code = json.path("substitution").asString(Substitution.SINGLE.code());
        return Substitution.valueOf(code.toUpperCase(Locale.ROOT));
    }

    private static TagMode readTagMode(JsonNode json) {
        return TagMode.valueOf(
                json.path("tag_mode").asString(TagMode.EXACT.code()).toUpperCase(Locale.ROOT));
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

    /// As they were accepted, whatever this version accepts: no paid batch is stranded by rules that came later.
    private static ProviderOptions readOptions(JsonNode json, OptionsReaders readers) {
        SpecFields fields = SpecFields.ofFrozen(new SpecLayer(JobFiles.JOB, (ObjectNode) json));
        ProviderOptions options =
                readers.options(Backend.of(text(json, "backend"))).read(fields);
        if (!fields.problems().isEmpty()) {
            throw new IllegalStateException("the frozen job has options that cannot be read: "
                    + new JobRejectedException(fields.problems()).getMessage());
        }
        return options;
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

    private static boolean flag(JsonNode json, String name) {
        return json.required(name).booleanValue();
    }
}
