package io.pairbatch.provider.anthropic;

import io.pairbatch.provider.RefusedException.Kind;
import io.pairbatch.provider.http.ErrorBody;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What an HTTP error of Anthropic means (https://platform.claude.com/docs/en/api/errors):
/// `{"type":"error","error":{"type":…,"message":…}}`.
final class AnthropicErrors implements ErrorBody {

    private static final Set<String> KEY = Set.of("authentication_error", "permission_error", "billing_error");

    /// An account without credit, or at its own limit on spending, is answered with 400 `invalid_request_error`; only
    /// the message tells them apart.
    private static final List<String> NO_MONEY = List.of("credit balance is too low", "API usage limits");

    @Override
    public @Nullable Said read(JsonNode body) {
        JsonNode error = body.path("error");
        if (!error.isObject()) {
            return null;
        }
        return new Said(error.path("type").asString(""), error.path("message").asString(""));
    }

    @Override
    public Kind ownKind(int status, Said said) {
        String type = said.code();
        boolean key = status == 401 || status == 402 || status == 403 || (type != null && KEY.contains(type));
        if (key || NO_MONEY.stream().anyMatch(said.message()::contains)) {
            return Kind.KEY;
        }
        return switch (status) {
            case 404 -> Kind.NOT_FOUND;
            case 429 -> Kind.LATER;
            default -> Kind.REQUEST;
        };
    }
}
