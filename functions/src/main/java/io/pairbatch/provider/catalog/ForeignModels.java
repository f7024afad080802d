package io.pairbatch.provider.catalog;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FieldProblem;
import java.util.Arrays;
import java.util.List;

/// Models that are sent to a provider that does not have them, each request of the batch failing for it. Only names
/// that are certainly another provider's are refused: what a compatible service calls its models, such as
/// `anthropic/claude-sonnet-4.5`, is its own business.
public final class ForeignModels {

    private ForeignModels() {}

    /// The refusal of a model that belongs to another provider than the job's.
    public static List<FieldProblem> problems(Backend backend, String model) {
        return Arrays.stream(Backend.values())
                .filter(other -> other != backend)
                .filter(other -> Providers.of(other).models().matcher(model).matches())
                .map(owner -> problem(backend, model, owner))
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
