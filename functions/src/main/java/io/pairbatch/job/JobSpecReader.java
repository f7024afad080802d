package io.pairbatch.job;

import io.pairbatch.backend.Backend;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Turns the layers of a specification into a [JobSpec], or says everything that is wrong with them at once
/// (contract 1.2, 3.1, 4.1 and 5.2; docs/JOB.md, *The job file*).
public final class JobSpecReader {

    static final int MAX_MODEL = 256;
    private static final int MAX_TEXT = TraitText.MAX_TEXT;
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,6})([dhms])");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%");

    private final SpecRules rules;

    public JobSpecReader(SpecRules rules) {
        this.rules = rules;
    }

    /// The names of the files that must lie beside the specification before it can be read.
    ///
    /// @param layers nearest first, at least one
    public Set<String> filesNeeded(List<SpecLayer> layers) {
        return filesNamed(layers).stream()
                .filter(name -> rules.template(name).isEmpty())
                .collect(Collectors.toSet());
    }

    /// The names of the files that are the specification's if they lie beside it, and no table of pairs.
    ///
    /// @param layers nearest first, at least one
    public Set<String> filesNamed(List<SpecLayer> layers) {
        JsonNode node = new SpecFields(layers).find("prompt_template");
        if (node == null || !node.isString()) {
            return Set.of();
        }
        String value = node.stringValue();
        boolean file = !TemplateSource.isTemplateText(value) && TemplateSource.isPlainName(value);
        return file ? Set.of(value) : Set.of();
    }

    /// Reads the specification.
    ///
    /// @param layers nearest first, at least one
    /// @param files what lies beside the specification
    /// @throws JobRejectedException with every problem found
    public JobSpec read(List<SpecLayer> layers, SpecFiles files) throws IOException {
        SpecFields fields = new SpecFields(layers);
        Backend backend = backend(fields);
        layers.forEach(layer -> checkNames(layer, fields, backend));
        checkUnavailable(fields);
        String model = required(fields, "model", MAX_MODEL, "the name of a model");
        Trait trait = trait(fields);
        String template = new TemplateSource(rules, files).read(fields);
        ProviderOptions options = rules.options(backend).read(fields);
        if (!model.isEmpty()) {
            rules.check(backend, model, options)
                    .forEach(p -> fields.problem(p.code(), p.field(), p.found(), p.expected()));
        }
        JobSpec spec = new JobSpec(
                backend,
                model,
                trait.name(),
                trait.description(),
                template,
                fields.oneOf("substitution", Substitution.SINGLE, Substitution::code, List.of(Substitution.values())),
                splitting(layers, fields),
                fields.flag("keep_jsonl", true),
                fields.flag("write_registry", true),
                fields.flag("write_results_csv", true),
                fields.flag("write_combined_csv", true),
                fields.whole("interval_seconds", 60, 1, 86_400),
                perJobDelay(fields),
                fields.whole("openai_max_retries", 3, 1, 100),
                fields.text("tag_prefix", "<BETTER_SAMPLE>"),
                fields.text("tag_suffix", "</BETTER_SAMPLE>"),
                fields.oneOf("tag_mode", TagMode.EXACT, TagMode::code, List.of(TagMode.values())),
                fields.flag("verbose", false),
                options,
                fields.whole("run", 1, 1, Integer.MAX_VALUE),
                1,
                maxBadRows(fields),
                maxStall(fields),
                fields.flag("include_texts", true),
                sample(fields),
                fields.flag("preflight"),
                fields.oneOf(
                        "provider_retention",
                        ProviderRetention.KEEP,
                        ProviderRetention::code,
                        List.of(ProviderRetention.values())),
                fields.flag("formula_guard", false));
        if (!fields.problems().isEmpty()) {
            throw new JobRejectedException(fields.problems());
        }
        return spec;
    }

    private void checkNames(SpecLayer layer, SpecFields fields, Backend backend) {
        for (Map.Entry<String, JsonNode> entry : layer.fields().properties()) {
            String name = entry.getKey();
            if (SpecNames.isKnown(name, backend, rules)) {
                continue;
            }
            if (SpecNames.isKnown(name, rules)) {
                fields.problem(
                        ErrorCode.SPEC_UNKNOWN_FIELD,
                        layer,
                        name,
                        "an option of " + SpecNames.owners(name, rules),
                        "options of " + backend.code() + ", the job's backend");
                continue;
            }
            // The value is never shown: it may be a key.
            String found = "a field that a job does not have";
            String expected = SpecNames.belongsToDeployment(name.toLowerCase(Locale.ROOT))
                    ? "nothing here: keys, addresses and roles belong to the deployment, not to a job"
                    : SpecNames.nearest(name, rules)
                            .map(known -> "perhaps `" + known + "`")
                            .orElse("a field that docs/JOB.md lists");
            fields.problem(ErrorCode.SPEC_UNKNOWN_FIELD, layer, name, found, expected);
        }
    }

    /// Fields that the design has and this version cannot do; their defaults are accepted.
    private static void checkUnavailable(SpecFields fields) {
        unavailable(fields, "max_cost_usd", null, "nothing: there is no ceiling yet");
        unavailable(fields, "notify", null, "nothing: nobody is told yet");
        unavailable(fields, "both_orders", "false", "false: each row is judged in its own order only");
        unavailable(fields, "repeats", "1", "1: each row is judged once");
        unavailable(fields, "max_attempts", "1", "1: failed pairs are listed, not sent again");
        JsonNode judges = fields.find("judges");
        if (judges != null && !(judges.isArray() && judges.isEmpty())) {
            unavailable(fields, "judges", null, "nothing: `backend` and `model` are the only judge");
        }
    }

    private static void unavailable(SpecFields fields, String name, @Nullable String accepted, String expected) {
        JsonNode node = fields.find(name);
        if (node != null && !(accepted != null && !node.isString() && accepted.equals(node.asString("")))) {
            fields.problem(ErrorCode.SPEC_NOT_AVAILABLE, name, SpecFields.shown(node), expected);
        }
    }

    private static Backend backend(SpecFields fields) {
        String name = fields.text("backend", Backend.DEFAULT.code());
        for (Backend backend : Backend.values()) {
            if (backend.code().equals(name)) {
                return backend;
            }
        }
        fields.invalid("backend", fields.find("backend"), Backend.CODES);
        return Backend.DEFAULT;
    }

    private static String required(SpecFields fields, String name, int maxLength, String expected) {
        if (fields.find(name) == null) {
            fields.problem(ErrorCode.SPEC_MISSING_FIELD, name, "nothing", expected);
            return "";
        }
        String text = fields.filledText(name, maxLength);
        return text == null ? "" : text;
    }

    /// A description wins over the known traits; alone, its label is `Custom trait` (contract 3.1).
    private Trait trait(SpecFields fields) {
        if (fields.find("trait_description") != null) {
            String description = required(fields, "trait_description", MAX_TEXT, "the trait's definition");
            String name = fields.find("trait_name") == null
                    ? "Custom trait"
                    : required(fields, "trait_name", MAX_TEXT, "the trait's name");
            return new Trait(name, description);
        }
        String key = required(fields, "trait_name", MAX_TEXT, "the trait's name");
        return rules.trait(key).orElseGet(() -> {
            if (!key.isEmpty()) {
                fields.problem(
                        ErrorCode.SPEC_MISSING_FIELD,
                        "trait_description",
                        "nothing",
                        "the trait's definition, or as `trait_name` " + rules.names());
            }
            return new Trait(key, "");
        });
    }

    private static Splitting splitting(List<SpecLayer> layers, SpecFields fields) {
        for (SpecLayer layer : layers) {
            JsonNode size = SpecFields.value(layer, "batch_size");
            JsonNode count = SpecFields.value(layer, "n_segments");
            if (size != null && count != null) {
                fields.problem(
                        ErrorCode.SPEC_CONFLICT, layer, "batch_size", "`n_segments` beside it", "one of the two");
            }
            if (size != null) {
                return new Splitting.BatchSize(fields.whole("batch_size", size, 1, 1, Integer.MAX_VALUE));
            }
            if (count != null) {
                return new Splitting.SegmentCount(fields.whole("n_segments", count, 1, 1, Integer.MAX_VALUE));
            }
        }
        return new Splitting.Auto();
    }

    private static Sample sample(SpecFields fields) {
        boolean limited = fields.find("limit") != null;
        return new Sample(
                limited ? Integer.valueOf(fields.whole("limit", 1, 1, Sample.MOST)) : null,
                fields.whole("sample_seed", Sample.DEFAULT_SEED, 0, Integer.MAX_VALUE));
    }

    private static double perJobDelay(SpecFields fields) {
        BigDecimal seconds = fields.decimal("per_job_delay", 0, 3600);
        return seconds == null ? 2 : seconds.doubleValue();
    }

    private static BadRowLimit maxBadRows(SpecFields fields) {
        JsonNode node = fields.find("max_bad_rows");
        if (node == null) {
            return new BadRowLimit.None();
        }
        if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0) {
            return new BadRowLimit.Rows(node.longValue());
        }
        Matcher percent = PERCENT.matcher(node.isString() ? node.stringValue().strip() : "");
        if (percent.matches()) {
            double value = Double.parseDouble(percent.group(1));
            if (value <= 100) {
                return new BadRowLimit.Percent(value);
            }
        }
        fields.invalid("max_bad_rows", node, "a number of rows, 0 or more, or a text such as \"5%\"");
        return new BadRowLimit.None();
    }

    private static Duration maxStall(SpecFields fields) {
        Duration fallback = Duration.ofHours(24);
        JsonNode node = fields.find("max_stall");
        if (node == null) {
            return fallback;
        }
        Duration stall = duration(node.isString() ? node.stringValue().strip() : "");
        if (stall == null || stall.compareTo(Duration.ofMinutes(1)) < 0 || stall.compareTo(Duration.ofDays(30)) > 0) {
            fields.invalid(
                    "max_stall", node, "a duration from 1 minute to 30 days, such as \"24h\", \"90m\" or \"PT24H\"");
            return fallback;
        }
        return stall;
    }

    private static @Nullable Duration duration(String text) {
        Matcher matcher = SHORT_DURATION.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2).charAt(0)) {
                case 'd' -> Duration.ofDays(number);
                case 'h' -> Duration.ofHours(number);
                case 'm' -> Duration.ofMinutes(number);
                default -> Duration.ofSeconds(number);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
