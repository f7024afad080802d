package io.pairbatch.spec;

import io.pairbatch.backend.Backend;
import io.pairbatch.pairing.Order;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.prompt.Trait;
import io.pairbatch.prompt.TraitText;
import io.pairbatch.text.Spelling;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Turns the layers of a specification into a [JobSpec], or reports all problems together (contract 1.2, 3.1, 4.1 and
/// 5.2; docs/JOB.md, *The job file*).
public final class JobSpecReader {

    static final int MAX_MODEL = 256;

    /// Of a job that does not say what its adopted batches ask.
    private static final Trait UNKNOWN = new Trait("unknown", "");

    private final SpecRules rules;

    public JobSpecReader(SpecRules rules) {
        this.rules = rules;
    }

    /// The names of the files that must be beside the specification before it can be read.
    ///
    /// @param layers nearest first, at least one
    public Set<String> filesNeeded(List<SpecLayer> layers) {
        return filesNamed(layers).stream()
                .filter(name -> rules.template(name).isEmpty())
                .collect(Collectors.toSet());
    }

    /// The names of files that belong to the specification if they are beside it, and so are not tables of pairs.
    ///
    /// @param layers nearest first, at least one
    public Set<String> filesNamed(List<SpecLayer> layers) {
        String field = JobFields.PROMPT_TEMPLATE.name();
        return Stream.concat(Stream.ofNullable(new SpecFields(layers).find(field)), PanelReader.values(layers, field))
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .filter(value -> !TemplateSource.isTemplateText(value) && TemplateSource.isPlainName(value))
                .collect(Collectors.toSet());
    }

    /// Reads the specification.
    ///
    /// @param layers nearest first, at least one
    /// @param files the files beside the specification
    /// @throws JobRejectedException with all problems
    public JobSpec read(List<SpecLayer> layers, SpecFiles files) throws IOException {
        SpecLayer judges = PanelReader.layer(layers);
        return judges == null
                ? readOne(layers, files)
                : new PanelReader(rules, judge -> readOne(judge, files)).read(layers, judges);
    }

    private JobSpec readOne(List<SpecLayer> layers, SpecFiles files) throws IOException {
        SpecFields fields = new SpecFields(layers);
        FieldValues values = new FieldValues();
        Backend backend = JobFields.BACKEND.read(fields);
        values.put(JobFields.BACKEND, backend);
        // Of a provider that is misspelled neither the model nor any option can be checked.
        boolean known = fields.problems().isEmpty();
        layers.forEach(layer -> checkNames(layer, fields, known ? backend : null));
        JobFields.REFUSED.forEach(field -> values.read(field, fields));
        String model = JobFields.MODEL.read(fields);
        values.put(JobFields.MODEL, model);
        Trait trait = trait(fields);
        values.put(JobFields.TRAIT_NAME, trait.name());
        values.put(JobFields.TRAIT_DESCRIPTION, trait.description());
        values.put(JobFields.PROMPT_TEMPLATE, new TemplateSource(rules, files).read(fields));
        if (!known) {
            values.readOthers(fields);
            throw new JobRejectedException(fields.problems());
        }
        ProviderOptions options = rules.options(backend).read(fields);
        if (!model.isEmpty()) {
            rules.check(backend, model, options)
                    .forEach(p -> fields.problem(p.code(), p.field(), p.found(), p.expected()));
        }
        values.readOthers(fields);
        if (!values.get(JobFields.ADOPTED_BATCHES).isEmpty()) {
            adopting(fields, values);
        }
        if (values.get(JobFields.PAIRING).isPresent()) {
            pairing(fields, values);
        }
        columns(fields, values);
        labels(fields, values);
        if (!model.isEmpty() && values.get(JobFields.MAX_COST_USD).isPresent()) {
            rules.checkLimit(model).forEach(p -> fields.problem(p.code(), p.field(), p.found(), p.expected()));
        }
        if (!fields.problems().isEmpty()) {
            throw new JobRejectedException(fields.problems());
        }
        return JobSpec.of(values, options);
    }

    /// Batches of others need not be described: what they ask was said elsewhere.
    private static boolean isUnsaid(SpecFields fields) {
        JsonNode adopted = fields.find(JobFields.ADOPTED_BATCHES.name());
        return adopted != null
                && !adopted.isEmpty()
                && fields.find("trait_name") == null
                && fields.find("trait_description") == null;
    }

    /// What was made with the R package is read by its rule, was not looked through for IDs with two texts, and is all
    /// in batches already.
    private static void adopting(SpecFields fields, FieldValues values) {
        if (fields.find(JobFields.TAG_MODE.name()) == null) {
            values.put(JobFields.TAG_MODE, TagMode.EXACT);
        }
        if (fields.find(JobFields.TEXTS_PER_ID.name()) == null) {
            values.put(JobFields.TEXTS_PER_ID, TextsPerId.ANY);
        }
        if (values.get(JobFields.LIMIT).isPresent()) {
            fields.problem(
                    ErrorCode.SPEC_CONFLICT,
                    JobFields.LIMIT.name(),
                    "a number beside `adopted_batches`",
                    "nothing: the batches that are taken over have their rows already");
        }
        if (values.get(JobFields.BOTH_ORDERS)) {
            onceHere(fields, JobFields.BOTH_ORDERS, "true");
        }
        if (values.get(JobFields.REPEATS) > 1) {
            onceHere(fields, JobFields.REPEATS, "more than 1");
        }
    }

    private static void onceHere(SpecFields fields, Field<?> field, String found) {
        fields.problem(
                ErrorCode.SPEC_CONFLICT,
                field.name(),
                found + " beside `adopted_batches`",
                "nothing: of each row one comparison is in the batches that are taken over");
    }

    /// The texts of samples stand in their table, once each.
    private static void pairing(SpecFields fields, FieldValues values) {
        if (fields.find(JobFields.INCLUDE_TEXTS.name()) == null) {
            values.put(JobFields.INCLUDE_TEXTS, false);
        }
        if (!values.get(JobFields.ADOPTED_BATCHES).isEmpty()) {
            fields.problem(
                    ErrorCode.SPEC_CONFLICT,
                    JobFields.PAIRING.name(),
                    "an object beside `adopted_batches`",
                    "nothing: the batches that are taken over have their pairs already");
        }
        boolean both = values.get(JobFields.PAIRING).orElseThrow().order() == Order.BOTH;
        if (both && values.get(JobFields.BOTH_ORDERS)) {
            fields.problem(
                    ErrorCode.SPEC_CONFLICT,
                    JobFields.BOTH_ORDERS.name(),
                    "true beside `pairing.order` \"both\", which would judge each order twice",
                    "one of the two; `repeats` judges each order more than once");
        }
    }

    /// A table is one of pairs or of samples.
    private static void columns(SpecFields fields, FieldValues values) {
        boolean samples = fields.find(JobFields.PAIRING.name()) != null;
        List<String> known = samples ? ColumnsField.OF_SAMPLES : ColumnsField.OF_PAIRS;
        for (String name : values.get(JobFields.COLUMNS).keySet()) {
            if (!known.contains(name)) {
                fields.problem(
                        ErrorCode.SPEC_CONFLICT,
                        JobFields.COLUMNS.name(),
                        name,
                        samples
                                ? "a column of pairs, beside `pairing`"
                                : "a column of a table of samples, and no `pairing`",
                        String.join(", ", known)
                                + (samples ? ", the columns of samples" : ", or `pairing` for a table of samples"));
            }
        }
    }

    /// A judge can only answer what it is told to, and is read by the tag or by labels.
    private static void labels(SpecFields fields, FieldValues values) {
        Map<String, String> filed = values.get(JobFields.LABELS);
        if (!filed.isEmpty() && VerdictLabelsField.NAMES.containsAll(filed.keySet())) {
            fields.problem(
                    ErrorCode.SPEC_CONFLICT,
                    JobFields.LABELS.name(),
                    "the names of verdicts, in a field that only says what a job is filed under",
                    "`verdict_labels`, if the judge answers these");
        }
        Optional<VerdictLabels> labels = values.get(JobFields.VERDICT_LABELS);
        if (labels.isEmpty()) {
            return;
        }
        for (Field<String> tag : List.of(JobFields.TAG_PREFIX, JobFields.TAG_SUFFIX)) {
            if (fields.find(tag.name()) != null) {
                fields.problem(
                        ErrorCode.SPEC_CONFLICT,
                        tag.name(),
                        "a part of the tag beside `verdict_labels`",
                        "one of the two: where there are labels, no tag is looked for");
            }
        }
        String template = values.get(JobFields.PROMPT_TEMPLATE);
        List<String> missing = template.isEmpty() ? List.of() : VerdictLabelsField.missing(labels.get(), template);
        if (!missing.isEmpty()) {
            fields.problem(
                    ErrorCode.SPEC_CONFLICT,
                    JobFields.PROMPT_TEMPLATE.name(),
                    "a template that does not say " + String.join(", ", missing) + ", so that no judge can know "
                            + (missing.size() == 1 ? "it" : "them"),
                    "a template that tells the judge to answer " + labels.get().shown());
        }
    }

    /// @param backend null for any
    private void checkNames(SpecLayer layer, SpecFields fields, @Nullable Backend backend) {
        for (Map.Entry<String, JsonNode> entry : layer.fields().properties()) {
            String name = entry.getKey();
            if (backend == null ? SpecNames.isKnown(name, rules) : SpecNames.isKnown(name, backend, rules)) {
                continue;
            }
            if (backend != null && SpecNames.isKnown(name, rules)) {
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

    /// A description takes precedence over the known traits; without a name, its label is `Custom trait` (contract
    /// 3.1).
    private Trait trait(SpecFields fields) {
        if (isUnsaid(fields)) {
            return UNKNOWN;
        }
        if (fields.find("trait_description") != null) {
            String description = fields.required("trait_description", TraitText.MAX_TEXT, "the trait's definition");
            String name = fields.find("trait_name") == null
                    ? "Custom trait"
                    : fields.required("trait_name", TraitText.MAX_TEXT, "the trait's name");
            return new Trait(name, description);
        }
        String key = fields.required("trait_name", TraitText.MAX_TEXT, "the trait's name");
        return rules.trait(key).orElseGet(() -> {
            if (!key.isEmpty()) {
                fields.problem(
                        ErrorCode.SPEC_MISSING_FIELD,
                        "trait_name",
                        SpecFields.shown(key) + ", which is no known trait, and no `trait_description`",
                        Spelling.nearest(key, rules.traits())
                                        .map(known -> "perhaps `" + known + "`; else ")
                                        .orElse("")
                                + rules.names() + ", or the trait's definition as `trait_description`");
            }
            return new Trait(key, "");
        });
    }
}
