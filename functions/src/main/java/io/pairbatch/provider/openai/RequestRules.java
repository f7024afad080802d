package io.pairbatch.provider.openai;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FieldProblem;
import io.pairbatch.provider.MergedFields;
import io.pairbatch.provider.openai.ModelFamily.Sampling;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Which options of a job the API or the model refuses, each request of the batch failing for it (contract 4.1), and
/// what is sent otherwise than the options say.
final class RequestRules {

    /// Refused by a model that reasons, whatever its effort
    /// (https://platform.openai.com/docs/guides/reasoning; `stop` in the OpenAPI document).
    private static final Set<String> REFUSED_WHERE_SAMPLING_IS =
            Set.of("stop", "frequency_penalty", "presence_penalty", "logit_bias", "top_logprobs");

    /// What says on the other endpoint what a field says on its own.
    private static final Map<String, String> ELSEWHERE = Map.of(
            "max_completion_tokens", "`max_output_tokens`",
            "max_tokens", "`max_output_tokens`",
            "max_output_tokens", "`max_completion_tokens`",
            "reasoning_effort", "`reasoning`",
            "response_format", "`text`, `format`",
            "verbosity", "`text`, `verbosity`",
            "text", "`response_format` or `verbosity`");

    private final String model;
    private final OpenAiOptions options;
    private final OpenAiService service;
    private final ModelFamily family;
    private final RequestShape shape;
    private final List<FieldProblem> problems = new ArrayList<>();

    private RequestRules(String model, OpenAiOptions options, OpenAiService service) {
        this.model = model;
        this.options = options;
        this.service = service;
        this.family = ModelFamily.of(model);
        this.shape = RequestShape.of(model, options);
    }

    static List<FieldProblem> problems(String model, OpenAiOptions options, OpenAiService service) {
        RequestRules rules = new RequestRules(model, options, service);
        rules.checkEndpoint();
        rules.checkEffort("reasoning", options.reasoning());
        JsonNode onChat = options.bodyFields().get("reasoning_effort");
        rules.checkEffort("reasoning_effort", onChat == null ? null : onChat.stringValue());
        rules.checkSampling();
        rules.checkBodyFields();
        rules.checkProviderOptions();
        return rules.problems;
    }

    static List<String> notices(String model, OpenAiOptions options, OpenAiService service) {
        return new RequestRules(model, options, service).notices();
    }

    private void checkEndpoint() {
        if (family.responsesOnly() && !shape.responses()) {
            conflict("endpoint", "`chat.completions`", "`responses`, or none: " + model + " is served only there");
        }
        if (!service.serves(shape.responses())) {
            conflict(
                    options.endpoint() == null ? "model" : "endpoint",
                    endpoint() + ", where requests to " + model + " would go",
                    "`endpoint` `" + (shape.responses() ? "chat.completions" : "responses") + "`: " + service.code()
                            + " serves no other");
        }
    }

    private void checkEffort(String field, @Nullable String given) {
        if (given == null) {
            return;
        }
        boolean sent = field.equals("reasoning") ? shape.responses() : !shape.responses();
        String effort = field.equals("reasoning") ? Objects.requireNonNullElse(shape.effort(), given) : given;
        if (family.takesNoEffort()) {
            if (sent || !effort.equals(RequestShape.NONE)) {
                conflict(field, "`" + given + "`", "none: " + model + " does not reason");
            }
        } else if (family.efforts() != null && !family.efforts().contains(effort)) {
            problems.add(new FieldProblem(
                    ErrorCode.SPEC_INVALID_VALUE,
                    field,
                    "`" + given + "`",
                    String.join(", ", family.efforts()) + ": what " + model + " takes"));
        } else if (family.isUnknown() && !sent && field.equals("reasoning")) {
            conflict(
                    field,
                    "`" + given + "` on chat.completions, where it is not sent",
                    "`endpoint` `responses`, or `reasoning_effort` in its place");
        }
    }

    private void checkSampling() {
        boolean contracts = family.noneIsMinimal() || family.sampling() == Sampling.WITHOUT_REASONING;
        if (shape.responses() && shape.active() && contracts) {
            if (!shape.dropped()) {
                refuseBesideEffort();
            }
            return;
        }
        String atWork = RequestShape.effortAtWork(family, options, shape.responses(), shape.effort());
        if (family.sampling() == Sampling.NEVER) {
            refuseSampling(model + " takes no sampling options");
        } else if (family.sampling() == Sampling.WITHOUT_REASONING && !RequestShape.NONE.equals(atWork)) {
            refuseSampling(model + " reasons unless "
                    + (shape.responses() ? "`reasoning`" : "`reasoning_effort`")
                    + " is `none`");
        }
        if (shape.responses() && shape.logprobs() != null) {
            conflict("logprobs", "a value on responses, which has no such field", "`top_logprobs`, from 0 to 20");
        }
    }

    private void refuseBesideEffort() {
        String found = "a value beside reasoning effort `" + shape.effort() + "`";
        String expected = "no temperature, top_p or logprobs while " + model + " reasons";
        if (options.temperature() != null) {
            conflict("temperature", found, expected);
        }
        if (options.topP() != null) {
            conflict("top_p", found, expected);
        }
        if (options.logprobs() != null) {
            conflict("logprobs", found, expected);
        }
    }

    private void refuseSampling(String why) {
        refuseUnlessOne("temperature", options.temperature(), why);
        refuseUnlessOne("top_p", options.topP(), why);
        if (Boolean.TRUE.equals(options.logprobs()) && !shape.responses()) {
            conflict("logprobs", "true", "none: " + why);
        }
        options.bodyFields().keySet().stream()
                .filter(REFUSED_WHERE_SAMPLING_IS::contains)
                .filter(this::isInPlace)
                .forEach(field -> conflict(field, "a value", "none: " + why));
    }

    private void refuseUnlessOne(String field, @Nullable BigDecimal value, String why) {
        if (value != null && value.compareTo(BigDecimal.ONE) != 0) {
            conflict(field, "the number " + value, "none, or 1: " + why);
        }
    }

    private boolean isInPlace(String field) {
        return OpenAiBodyField.of(field).orElseThrow().isFieldOf(shape.responses());
    }

    private void checkBodyFields() {
        Map<String, JsonNode> fields = options.bodyFields();
        for (String field : fields.keySet()) {
            if (!isInPlace(field)) {
                String other = shape.responses() ? "chat.completions" : "responses";
                conflict(
                        field,
                        "a field of " + other + ", while the requests go to " + endpoint(),
                        ELSEWHERE.containsKey(field)
                                ? ELSEWHERE.get(field) + ", or `endpoint` `" + other + "`"
                                : "none, or `endpoint` `" + other + "`");
            }
        }
        if (shape.responses()) {
            return;
        }
        if (fields.containsKey("max_tokens") && family.reasons()) {
            conflict("max_tokens", "a value", "`max_completion_tokens`: " + model + " refuses the older name");
        } else if (fields.containsKey("max_tokens") && fields.containsKey("max_completion_tokens")) {
            conflict("max_tokens", "a value beside `max_completion_tokens`", "one of the two");
        }
        if (fields.containsKey("top_logprobs") && !Boolean.TRUE.equals(options.logprobs())) {
            conflict("top_logprobs", "a value without `logprobs`", "`logprobs` true beside it");
        }
    }

    /// What is written already is not written twice.
    private void checkProviderOptions() {
        Map<String, JsonNode> written = OpenAiBody.named(options, shape);
        options.providerOptions().forEach((field, value) -> {
            JsonNode own = written.get(field);
            if (own != null && !MergedFields.canMerge(own, value)) {
                String option = field.equals("reasoning") && options.reasoning() == null ? "include_thoughts" : field;
                conflict(
                        "provider_options",
                        "`" + field + "`",
                        "other fields of the request: this one is written by the option `" + option + "`");
            }
        });
    }

    private List<String> notices() {
        List<String> notices = new ArrayList<>();
        if (family.isUnknown()) {
            notices.add(model + " is not in the table of models of " + ModelFamily.asOf()
                    + ": only options that the job sets are sent.");
        } else if (shape.temperature() == null) {
            notices.add("No temperature is sent, since " + model + " takes none in such a request.");
        }
        if (shape.dropped() && (options.temperature() != null || options.topP() != null)) {
            notices.add("temperature, top_p and logprobs are left out, since " + model + " reasons even at `none`.");
        }
        if (!shape.responses() && shape.active()) {
            notices.add("reasoning is not sent: chat.completions takes it as reasoning_effort.");
        }
        if (options.includeThoughts() && !(shape.responses() && shape.effort() != null)) {
            notices.add("Thoughts are not asked for: that takes a model that reasons, on responses, and reasoning.");
        }
        if (!options.metadata().isEmpty() && !service.create().metadata()) {
            notices.add("metadata is not sent: batches of " + service.code() + " carry none.");
        }
        return notices;
    }

    private String endpoint() {
        return shape.responses() ? "responses" : "chat.completions";
    }

    private void conflict(String field, String found, String expected) {
        problems.add(new FieldProblem(ErrorCode.SPEC_CONFLICT, field, found, expected));
    }
}
