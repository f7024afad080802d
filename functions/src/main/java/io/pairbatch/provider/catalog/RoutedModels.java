package io.pairbatch.provider.catalog;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FieldProblem;
import io.pairbatch.provider.Service;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Models that are named as routers such as LiteLLM and OpenRouter name them, with the provider before a slash. The
/// provider itself has no such model, and each request of the batch would fail. Other services call theirs what
/// they like, such as `openai/gpt-oss-120b`.
public final class RoutedModels {

    /// What stands before the slash besides the codes of the providers and services.
    private static final List<String> ROUTERS = List.of("openrouter", "google", "vertex_ai", "bedrock");

    private static final Pattern ROUTED = Pattern.compile(
            "(?:openrouter/)?("
                    + Stream.of(
                                    Arrays.stream(Backend.values()).map(Backend::code),
                                    Backend.SERVICES.stream(),
                                    ROUTERS.stream())
                            .flatMap(names -> names)
                            .map(Pattern::quote)
                            .collect(Collectors.joining("|"))
                    + ")/([^/]+)",
            Pattern.CASE_INSENSITIVE);

    private RoutedModels() {}

    /// The refusal of such a name.
    ///
    /// @param service that the job's requests go to
    public static List<FieldProblem> problems(Service service, String model) {
        Matcher routed = ROUTED.matcher(model);
        if (!service.isItself() || !routed.matches()) {
            return List.of();
        }
        String prefix = routed.group(1).toLowerCase(Locale.ROOT);
        String other = Arrays.stream(Backend.values())
                .filter(backend ->
                        backend != service.backend() && backend.code().equals(prefix))
                .map(backend -> " with `backend` `" + backend.code() + "`")
                .findFirst()
                .orElse("");
        return List.of(new FieldProblem(
                ErrorCode.SPEC_INVALID_VALUE,
                "model",
                "`" + model + "`, the name that a router such as LiteLLM or OpenRouter gives it",
                "the provider's own name, perhaps `" + routed.group(2) + "`" + other));
    }
}
