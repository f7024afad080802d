package io.pairbatch.provider;

import io.pairbatch.job.Backend;
import io.pairbatch.job.ErrorCode;
import io.pairbatch.job.FieldProblem;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Models that are sent to a provider that does not have them, each request of the batch failing for it. Only names
/// that are certainly another provider's are refused: what a compatible service calls its models, such as
/// `anthropic/claude-sonnet-4.5`, is its own business.
public final class ForeignModels {

    private static final Map<Backend, Pattern> NAMES = new EnumMap<>(Map.of(
            Backend.OPENAI, Pattern.compile("(ft:)?(gpt-[3-9]|chatgpt-|o[1-9](-|$)).*"),
            Backend.ANTHROPIC, Pattern.compile("claude-.*"),
            Backend.GEMINI, Pattern.compile("(models/)?gemini-.*")));

    private ForeignModels() {}

    /// The refusal of a model that belongs to another provider than the job's.
    public static List<FieldProblem> problems(Backend backend, String model) {
        return NAMES.entrySet().stream()
                .filter(names -> names.getKey() != backend)
                .filter(names -> names.getValue().matcher(model).matches())
                .map(names -> problem(backend, model, names.getKey()))
                .toList();
    }

    private static FieldProblem problem(Backend backend, String model, Backend owner) {
        return new FieldProblem(
                ErrorCode.SPEC_INVALID_VALUE,
                "model",
                "`" + model + "`, a model of " + owner.code(),
                "a model of " + backend.code() + ", or `backend` `" + owner.code() + "`");
    }
}
