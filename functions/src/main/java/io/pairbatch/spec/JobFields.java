package io.pairbatch.spec;

import io.pairbatch.backend.Backend;
import io.pairbatch.pairing.Pairing;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FailureCause;
import io.pairbatch.prompt.TraitText;
import io.pairbatch.text.Json;
import io.pairbatch.text.Spelling;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// All fields of job.json except the providers' options, which are declared by their readers ([OptionsReader]).
///
/// Their order is the order in a frozen job, in error messages and, within a section, in docs/JOB.md. A drop is
/// known again by its judged fields in this order, so a new field goes to the end.
final class JobFields {

    /// A pair that is judged more often says no more of the judge.
    private static final int MOST_REPEATS = 100;

    /// A job has only one of these, and the nearest layer that has one decides alone.
    static final List<String> HOW_TO_SPLIT = List.of("batch_size", "n_segments");

    private static final List<Field<?>> DECLARED = new ArrayList<>();

    static final Field<Backend> BACKEND = declared(Field.of(
                    Section.PROVIDER,
                    "backend",
                    Kind.oneOf(List.of(Backend.values()), Backend::code).readBy(JobFields::readBackend),
                    Backend.DEFAULT,
                    JobSpec::backend,
                    "the provider")
            .frozen(Frozen.ALWAYS));

    static final Field<String> MODEL = declared(Field.of(
                    Section.JUDGED,
                    "model",
                    Kind.filledText(JobSpecReader.MAX_MODEL)
                            .readBy((fields, name) ->
                                    fields.required(name, JobSpecReader.MAX_MODEL, "the name of a model")),
                    "",
                    JobSpec::model,
                    "the provider's model name (`SPEC_MISSING_FIELD`)")
            .frozen(Frozen.ALWAYS)
            .unset("required"));

    static final Field<String> TRAIT_NAME = declared(Field.of(
                    Section.JUDGED,
                    "trait_name",
                    Kind.filledText(TraitText.MAX_TEXT),
                    "",
                    spec -> spec.prompt().trait().name(),
                    "[what is judged](#the-trait)")
            .frozen(Frozen.ALWAYS)
            .unset("required, or `Custom trait` beside a description"));

    static final Field<String> TRAIT_DESCRIPTION = declared(Field.of(
                    Section.JUDGED,
                    "trait_description",
                    Kind.filledText(TraitText.MAX_TEXT),
                    "",
                    spec -> spec.prompt().trait().description(),
                    "[the trait's definition](#the-trait)")
            .frozen(Frozen.ALWAYS)
            .unset("that of a known trait"));

    /// Read as a name or a template, frozen as the template's text.
    static final Field<String> PROMPT_TEMPLATE = declared(Field.of(
                    Section.JUDGED,
                    "prompt_template",
                    Kind.text(),
                    TemplateSource.DEFAULT,
                    spec -> spec.prompt().template(),
                    "[the template](#the-prompt-template), or the name of one")
            .frozen(Frozen.ALWAYS));

    static final Field<Substitution> SUBSTITUTION = declared(Field.of(
                    Section.JUDGED,
                    "substitution",
                    Kind.oneOf(List.of(Substitution.values()), Substitution::code),
                    Substitution.SINGLE,
                    spec -> spec.prompt().substitution(),
                    "[how placeholders are filled](#the-placeholders)")
            .frozen(Frozen.ALWAYS_TODAY));

    static final Field<Optional<Integer>> BATCH_SIZE = declared(Field.of(
                    Section.BATCHES,
                    "batch_size",
                    Kind.whole(1, Integer.MAX_VALUE).orNothing().readBy(JobFields::readBatchSize),
                    Optional.empty(),
                    spec -> spec.batching().splitting() instanceof Splitting.BatchSize size
                            ? Optional.of(size.rows())
                            : Optional.empty(),
                    "rows per batch")
            .as(Part.PLAN)
            .frozen(Frozen.ALWAYS));

    static final Field<Optional<Integer>> N_SEGMENTS = declared(Field.of(
                    Section.BATCHES,
                    "n_segments",
                    Kind.whole(1, Integer.MAX_VALUE).orNothing().readBy(JobFields::readSegments),
                    Optional.empty(),
                    spec -> spec.batching().splitting() instanceof Splitting.SegmentCount segments
                            ? Optional.of(segments.count())
                            : Optional.empty(),
                    "the number of batches instead; their sizes differ by at most one")
            .as(Part.PLAN)
            .frozen(Frozen.ALWAYS));

    static final Field<Boolean> KEEP_JSONL = declared(Field.of(
                    Section.RESULTS,
                    "keep_jsonl",
                    Kind.flag(),
                    true,
                    spec -> spec.output().keepJsonl(),
                    "false deletes input and output of completed batches after the merge")
            .as(Part.POLICY)
            .frozen(Frozen.ALWAYS));

    static final Field<Boolean> WRITE_REGISTRY = declared(Field.of(
                    Section.RESULTS,
                    "write_registry",
                    Kind.flag(),
                    true,
                    spec -> spec.output().writeRegistry(),
                    "write `jobs_registry.csv`")
            .as(Part.PLAN)
            .frozen(Frozen.ALWAYS));

    static final Field<Boolean> WRITE_RESULTS_CSV = declared(Field.of(
                    Section.RESULTS,
                    "write_results_csv",
                    Kind.flag(),
                    true,
                    spec -> spec.output().writeResultsCsv(),
                    "write `batch_NN_results.csv`")
            .as(Part.PLAN)
            .frozen(Frozen.ALWAYS));

    static final Field<Boolean> WRITE_COMBINED_CSV = declared(Field.of(
                    Section.RESULTS,
                    "write_combined_csv",
                    Kind.flag(),
                    true,
                    spec -> spec.output().writeCombinedCsv(),
                    "write `combined_results.csv`")
            .as(Part.PLAN)
            .frozen(Frozen.ALWAYS));

    static final Field<Integer> INTERVAL_SECONDS = declared(Field.of(
                    Section.BATCHES,
                    "interval_seconds",
                    Kind.whole(1, 86_400),
                    60,
                    spec -> spec.polling().intervalSeconds(),
                    "seconds between polls; more while nothing changes")
            .as(Part.POLICY)
            .frozen(Frozen.ALWAYS));

    static final Field<Double> PER_JOB_DELAY = declared(Field.of(
                    Section.BATCHES,
                    "per_job_delay",
                    Kind.number(0, 3_600),
                    2.0,
                    spec -> spec.polling().perJobDelay(),
                    "seconds between reads of single batches within a poll")
            .as(Part.POLICY)
            .frozen(Frozen.ALWAYS));

    static final Field<Integer> OPENAI_MAX_RETRIES = declared(Field.of(
                    Section.BATCHES,
                    "openai_max_retries",
                    Kind.whole(1, 100),
                    3,
                    spec -> spec.polling().openaiMaxRetries(),
                    "attempts for a call that may be repeated, with every provider")
            .as(Part.POLICY)
            .frozen(Frozen.ALWAYS));

    static final Field<String> TAG_PREFIX = declared(Field.of(
                    Section.JUDGED,
                    "tag_prefix",
                    Kind.text(),
                    "<BETTER_SAMPLE>",
                    spec -> spec.prompt().rules().tagPrefix(),
                    "text before `SAMPLE_1` or `SAMPLE_2` in a valid answer")
            .as(Part.READING)
            .frozen(Frozen.ALWAYS));

    static final Field<String> TAG_SUFFIX = declared(Field.of(
                    Section.JUDGED,
                    "tag_suffix",
                    Kind.text(),
                    "</BETTER_SAMPLE>",
                    spec -> spec.prompt().rules().tagSuffix(),
                    "text after `SAMPLE_1` or `SAMPLE_2` in the tag")
            .as(Part.READING)
            .frozen(Frozen.ALWAYS));

    static final Field<TagMode> TAG_MODE = declared(Field.of(
                    Section.JUDGED,
                    "tag_mode",
                    Kind.oneOf(List.of(TagMode.values()), TagMode::code),
                    TagMode.LAST,
                    spec -> spec.prompt().rules().tagMode(),
                    "[how the tag is read](#the-tag)")
            .as(Part.READING)
            .frozen(Frozen.ALWAYS_TODAY)
            .formerly(TagMode.EXACT));

    static final Field<Boolean> VERBOSE = declared(Field.of(
                    Section.RESULTS,
                    "verbose",
                    Kind.flag(),
                    false,
                    spec -> spec.output().verbose(),
                    "tell each segment's pairs, batch and file [as it happens](#study-labels-and-verbose)")
            .as(Part.POLICY)
            .frozen(Frozen.ALWAYS));

    /// How many of the fields come before the provider's options in a frozen job.
    static final int BEFORE_OPTIONS = DECLARED.size();

    static final Field<Integer> RUN = declared(Field.of(
                    Section.SAMPLES,
                    "run",
                    Kind.whole(1, Integer.MAX_VALUE),
                    1,
                    JobSpec::run,
                    "another number makes a new job from the same files")
            .frozen(Frozen.ALWAYS));

    static final List<Field<?>> REFUSED = List.of(refused("notify", true, "null", "nobody is told yet"));

    static final Field<Integer> MAX_ATTEMPTS = declared(Field.of(
                    Section.BATCHES,
                    "max_attempts",
                    Kind.whole(1, 10),
                    2,
                    spec -> spec.polling().maxAttempts(),
                    "how often a pair is sent at most: one without a winner [is sent again](#sending-pairs-again)")
            .as(Part.POLICY)
            .frozen(Frozen.ALWAYS)
            .formerly(1));

    static final Field<BadRowLimit> MAX_BAD_ROWS = declared(Field.of(
                    Section.SAMPLES,
                    "max_bad_rows",
                    Kind.badRows(),
                    (BadRowLimit) new BadRowLimit.Default(),
                    spec -> spec.batching().maxBadRows(),
                    "how many rows [may be rejected](#bad-rows)")
            .as(Part.PLAN)
            .frozen(Frozen.ALWAYS)
            .unsaidFormerly(new BadRowLimit.None())
            .unset("few, and none of bad encoding"));

    static final Field<Duration> MAX_STALL = declared(Field.of(
                    Section.BATCHES,
                    "max_stall",
                    Kind.duration(
                            Duration.ofMinutes(1),
                            Duration.ofDays(30),
                            "a duration from 1 minute to 30 days, such as \"24h\", \"90m\" or \"PT24H\""),
                    Duration.ofHours(24),
                    spec -> spec.polling().maxStall(),
                    "how long every call may fail or hang before the job does (`STALLED`)")
            .as(Part.POLICY)
            .frozen(Frozen.ALWAYS)
            .unset("`24h`"));

    static final Field<Boolean> INCLUDE_TEXTS = declared(Field.of(
                    Section.RESULTS,
                    "include_texts",
                    Kind.flag(),
                    true,
                    spec -> spec.output().includeTexts(),
                    "repeat `text1` and `text2` in the results")
            .as(Part.PLAN)
            .frozen(Frozen.ALWAYS));

    static final Field<Optional<Integer>> LIMIT = declared(Field.of(
                    Section.SAMPLES,
                    "limit",
                    Kind.whole(1, Sample.MOST).orNothing().readBy(JobFields::readLimit),
                    Optional.empty(),
                    spec -> Optional.ofNullable(spec.batching().sample().limit()),
                    "judges a [sample](#a-sample-first) of this many rows")
            .as(Part.LIMIT)
            .unset("every row"));

    static final Field<Integer> SAMPLE_SEED = declared(Field.of(
            Section.SAMPLES,
            "sample_seed",
            Kind.whole(0, Integer.MAX_VALUE),
            Sample.DEFAULT_SEED,
            spec -> spec.batching().sample().seed(),
            "the seed of the sample"));

    static final Field<Optional<Boolean>> PREFLIGHT = declared(Field.of(
                    Section.SAMPLES,
                    "preflight",
                    Kind.flag().orNothing(),
                    Optional.empty(),
                    spec -> Optional.ofNullable(spec.batching().preflight()),
                    "[one live request](#the-preflight) before anything is uploaded")
            .as(Part.POLICY)
            .unset("true with real providers"));

    static final Field<ProviderRetention> PROVIDER_RETENTION = declared(Field.of(
                    Section.RESULTS,
                    "provider_retention",
                    Kind.oneOf(List.of(ProviderRetention.values()), ProviderRetention::code),
                    ProviderRetention.KEEP,
                    spec -> spec.output().providerRetention(),
                    "whether the provider's copies are deleted once they are collected")
            .as(Part.POLICY));

    static final Field<Boolean> FORMULA_GUARD = declared(Field.of(
                    Section.RESULTS,
                    "formula_guard",
                    Kind.flag(),
                    false,
                    spec -> spec.output().formulaGuard(),
                    "put an apostrophe before [texts that begin like a formula](RESULTS.md#formulas-in-a-spreadsheet) in CSV")
            .as(Part.PLAN));

    static final Field<Ambiguous> AMBIGUOUS = declared(Field.of(
                    Section.JUDGED,
                    "ambiguous",
                    Kind.oneOf(List.of(Ambiguous.values()), Ambiguous::code),
                    Ambiguous.TAKE,
                    spec -> spec.prompt().rules().ambiguous(),
                    "what becomes of an answer with the [tags](#the-tag) of both texts")
            .as(Part.READING));

    static final Field<TextsPerId> TEXTS_PER_ID = declared(Field.of(
                    Section.SAMPLES,
                    "texts_per_id",
                    Kind.oneOf(List.of(TextsPerId.ONE, TextsPerId.ANY), TextsPerId::code),
                    TextsPerId.ONE,
                    spec -> spec.batching().textsPerId(),
                    "whether a table in which an ID has two texts is [refused](#what-is-checked-before-anything-is-sent)"
                            + " (`INPUT_ID_REUSED`)")
            .as(Part.PLAN)
            .unsaidFormerly(TextsPerId.UNSAID));

    /// Names docs/job.schema.json for an editor. It is ignored, so it may hold anything.
    static final Field<String> SCHEMA = declared(Field.of(
                    Section.EDITOR,
                    "$schema",
                    Kind.text().readBy((fields, name) -> null),
                    "",
                    spec -> "",
                    "where an editor finds the [schema](job.schema.json) of job files; ignored")
            .frozen(Frozen.NEVER)
            .unset("not there"));

    static final Field<Optional<String>> STUDY = declared(Field.of(
                    Section.FILING,
                    "study",
                    Kind.line(Filing.LONGEST_TEXT).orNothing(),
                    Optional.empty(),
                    spec -> Optional.of(spec.output().filing().study()).filter(study -> !study.isEmpty()),
                    "the study that the job belongs to")
            .as(Part.POLICY)
            .unset("none"));

    static final Field<Map<String, String>> LABELS = declared(Field.of(
                    Section.FILING,
                    "labels",
                    Kind.labels(),
                    Map.of(),
                    spec -> spec.output().filing().labels(),
                    "names and values of your own, such as `{\"wave\": \"2\"}`")
            .as(Part.POLICY));

    static final Field<List<String>> RETRY_CODES = declared(Field.of(
                    Section.BATCHES,
                    "retry_codes",
                    Kind.retryCodes(),
                    FailureCause.retriedByDefault().stream()
                            .map(FailureCause::code)
                            .toList(),
                    spec -> spec.polling().retryCodes(),
                    "which pairs without a winner [are sent again](#sending-pairs-again): causes and error codes")
            .as(Part.POLICY)
            .unset("the causes that the table says"));

    static final Field<List<AdoptedBatch>> ADOPTED_BATCHES = declared(Field.of(
                    Section.BATCHES,
                    "adopted_batches",
                    AdoptedBatches.kind(),
                    List.of(),
                    spec -> spec.batching().adopted(),
                    "batches that somebody else has made of this table, which [are taken over](#batches-of-others)")
            .unset("none"));

    static final Field<OverdueRule> OVERDUE = declared(Field.of(
                    Section.BATCHES,
                    "overdue",
                    Kind.oneOf(List.of(OverdueRule.values()), OverdueRule::code),
                    OverdueRule.WAIT,
                    spec -> spec.polling().overdue(),
                    "what becomes of a batch that [runs past its window](#batches-that-are-overdue)")
            .as(Part.POLICY));

    static final Field<Optional<BigDecimal>> MAX_COST_USD = declared(Field.of(
                    Section.BATCHES,
                    "max_cost_usd",
                    Kind.usd().orNothing(),
                    Optional.empty(),
                    spec -> spec.polling().maxCostUsd(),
                    "[how much the job may cost](#a-limit-on-money), in USD, the live request and all attempts included")
            .as(Part.POLICY)
            .unset("no limit"));

    static final Field<Optional<Pairing>> PAIRING = declared(Field.of(
                    Section.SAMPLES,
                    "pairing",
                    PairingField.kind().orNothing(),
                    Optional.empty(),
                    spec -> spec.batching().pairing(),
                    "the table is one of samples, and [which of them are compared](DESIGNS.md#in-a-job)")
            .unset("none: the table is one of pairs"));

    static final Field<Integer> MAX_COMPARISONS = declared(Field.of(
                    Section.SAMPLES,
                    "max_comparisons",
                    Kind.whole(1, Integer.MAX_VALUE),
                    1_000_000,
                    spec -> spec.batching().maxComparisons(),
                    "how many comparisons `pairing` may make (`PAIRING_REFUSED`)")
            .as(Part.PLAN));

    static final Field<Boolean> BOTH_ORDERS = declared(Field.of(
            Section.SAMPLES,
            "both_orders",
            Kind.flag(),
            false,
            spec -> spec.batching().repetition().bothOrders(),
            "true judges each pair [in both orders](#both-orders-and-repeats)"));

    static final Field<Integer> REPEATS = declared(Field.of(
            Section.SAMPLES,
            "repeats",
            Kind.whole(1, MOST_REPEATS),
            1,
            spec -> spec.batching().repetition().repeats(),
            "how often each pair is judged, [in each order](#both-orders-and-repeats)"));

    static final Field<List<Judge>> JUDGES = declared(Field.of(
            Section.PROVIDER,
            "judges",
            JudgesField.kind(),
            List.of(),
            JobSpec::judges,
            "[several judges](#several-judges) in one job, each with fields of its own"));

    static final Field<Map<String, String>> COLUMNS = declared(Field.of(
                    Section.SAMPLES,
                    "columns",
                    ColumnsField.kind(),
                    Map.of(),
                    spec -> spec.batching().columns(),
                    "[what the table calls its columns](#other-names-of-the-columns), such as `{\"ID1\": \"left\"}`")
            .unset("our names"));

    static final Field<Optional<VerdictLabels>> VERDICT_LABELS = declared(Field.of(
                    Section.JUDGED,
                    "verdict_labels",
                    VerdictLabelsField.kind(),
                    Optional.empty(),
                    spec -> spec.prompt().rules().labels(),
                    "[what your template has the judge answer](#labels-and-ties) in place of the tag, such as"
                            + " `{\"first\": \"[[A]]\", \"second\": \"[[B]]\", \"tie\": \"[[C]]\"}`")
            .as(Part.READING)
            .unset("none: the tag"));

    /// Those that one of several judges may have otherwise than the others, beside the options of its provider.
    static final List<Field<?>> OF_JUDGES = List.of(
            BACKEND,
            MODEL,
            TRAIT_NAME,
            TRAIT_DESCRIPTION,
            PROMPT_TEMPLATE,
            SUBSTITUTION,
            TAG_PREFIX,
            TAG_SUFFIX,
            TAG_MODE,
            AMBIGUOUS,
            VERDICT_LABELS,
            MAX_COST_USD);

    private JobFields() {}

    /// All fields, in order.
    static List<Field<?>> all() {
        return Collections.unmodifiableList(DECLARED);
    }

    private static <T> Field<T> declared(Field<T> field) {
        DECLARED.add(field);
        return field;
    }

    /// A planned field that this version does not support; its default is accepted.
    private static Field<?> refused(String name, boolean text, String only, String reason) {
        JsonNode value = Json.MAPPER.readTree(only);
        String expected = (value.isNull() || value.isArray() ? "nothing" : only) + ": " + reason;
        return declared(Field.of(Section.REFUSED, name, Kind.only(text, value, expected), value, spec -> value, reason)
                .as(Part.POLICY)
                .frozen(Frozen.NEVER));
    }

    private static @Nullable Backend readBackend(SpecFields fields, String name) {
        String code = fields.text(name, Backend.DEFAULT.code());
        Optional<Backend> backend = Arrays.stream(Backend.values())
                .filter(known -> known.code().equals(code))
                .findFirst();
        if (backend.isEmpty()) {
            List<String> codes =
                    Arrays.stream(Backend.values()).map(Backend::code).toList();
            String nearest = Spelling.nearest(code, codes)
                    .map(near -> "perhaps `" + near + "`; else ")
                    .orElse("");
            fields.invalid(name, fields.find(name), nearest + Backend.CODES);
        }
        return backend.orElse(null);
    }

    /// The nearest layer that sets how to split decides alone.
    private static Optional<Integer> readBatchSize(SpecFields fields, String name) {
        SpecLayer layer = fields.nearest("batch_size", "n_segments");
        JsonNode size = layer == null ? null : SpecFields.value(layer, "batch_size");
        if (layer == null || size == null) {
            return Optional.empty();
        }
        if (SpecFields.value(layer, "n_segments") != null) {
            fields.problem(ErrorCode.SPEC_CONFLICT, layer, name, "`n_segments` beside it", "one of the two");
        }
        return Optional.of(fields.whole(name, size, 1, Integer.MAX_VALUE));
    }

    /// Elsewhere every row is `all`, which a job file does not take.
    private static Optional<Integer> readLimit(SpecFields fields, String name) {
        JsonNode limit = fields.find(name);
        return limit == null
                ? Optional.empty()
                : Optional.of(fields.whole(
                        name, limit, 1, Sample.MOST, SpecFields.range(1, Sample.MOST) + ", or null for every row"));
    }

    private static Optional<Integer> readSegments(SpecFields fields, String name) {
        SpecLayer layer = fields.nearest("batch_size", "n_segments");
        JsonNode count = layer == null || SpecFields.value(layer, "batch_size") != null
                ? null
                : SpecFields.value(layer, "n_segments");
        return count == null ? Optional.empty() : Optional.of(fields.whole(name, count, 1, Integer.MAX_VALUE));
    }
}
