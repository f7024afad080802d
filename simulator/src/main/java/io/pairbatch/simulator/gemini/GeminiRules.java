package io.pairbatch.simulator.gemini;

import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What Google accepts in a request, by message type and by model family: `gemini-rules.json`, a dated table.
final class GeminiRules {

    /// A family of models.
    ///
    /// @param levels the accepted thinking levels, none for models before Gemini 3
    /// @param thinks whether it thinks by default
    /// @param least the smallest thinking budget apart from 0 (off) and -1 (the model decides)
    /// @param off whether a budget of 0 is accepted
    /// @param userLast whether the last turn must be the user's
    record Family(
            Pattern match,
            List<String> levels,
            String defaultLevel,
            boolean thinks,
            int least,
            int most,
            boolean off,
            boolean userLast) {}

    /// How much the model thinks.
    ///
    /// @param most maximum tokens of thoughts, 0 for none
    /// @param shown whether the response has a summary of the thoughts
    record Thinking(long most, boolean shown) {}

    private final JsonNode table;
    private final ProtoTable messages;
    private final List<Family> families = new ArrayList<>();

    GeminiRules() {
        try (InputStream in = GeminiRules.class.getResourceAsStream("gemini-rules.json")) {
            if (in == null) {
                throw new IllegalStateException("gemini-rules.json is not on the class path");
            }
            table = Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        messages = new ProtoTable(table.path("messages"), table.path("enums"));
        for (JsonNode family : table.path("models")) {
            JsonNode budget = family.path("budget");
            families.add(new Family(
                    Pattern.compile(Json.text(family, "match", "")),
                    family.path("levels")
                            .valueStream()
                            .map(JsonNode::stringValue)
                            .toList(),
                    Json.text(family, "default_level", ""),
                    family.path("thinks").booleanValue(),
                    budget.path("min").intValue(),
                    budget.path("max").intValue(),
                    budget.path("off").booleanValue(),
                    Json.text(family, "last_turn", "").equals("user")));
        }
    }

    ProtoTable messages() {
        return messages;
    }

    /// @param model without `models/`
    Optional<Family> family(String model) {
        return families.stream()
                .filter(family -> family.match().matcher(model).matches())
                .findFirst();
    }

    /// The model name in responses.
    String version(String model) {
        return Json.text(table.path("forwarded"), model, model);
    }

    /// Why the model refuses a well-formed request; empty if it accepts it.
    Optional<String> check(String model, Family family, JsonNode request) {
        JsonNode config = ProtoTable.get(request, "generation_config");
        return checkModel(model, request)
                .or(() -> checkContents(family, request))
                .or(() -> checkRanges(config))
                .or(() -> checkThinking(family, ProtoTable.get(config, "thinking_config")));
    }

    private static Optional<String> checkModel(String model, JsonNode request) {
        String asked = Json.text(request, "model", "");
        return asked.isEmpty() || asked.equals("models/" + model) || asked.equals(model)
                ? Optional.empty()
                : Optional.of("The model of the request, " + asked + ", is not the model of the batch, models/" + model
                        + ".");
    }

    private static Optional<String> checkContents(Family family, JsonNode request) {
        List<JsonNode> contents = ProtoTable.items(request, "contents");
        if (contents.isEmpty()) {
            return field("contents", "contents is not specified");
        }
        for (int i = 0; i < contents.size(); i++) {
            JsonNode content = contents.get(i);
            String role = Json.text(content, "role", "user");
            if (!List.of("user", "model", "function").contains(role)) {
                return Optional.of("Please use a valid role: user, model.");
            }
            String at = "contents[" + i + "].parts";
            List<JsonNode> parts = ProtoTable.items(content, "parts");
            if (parts.isEmpty()) {
                return field(at, "contents.parts must not be empty.");
            }
            for (int j = 0; j < parts.size(); j++) {
                if (parts.get(j).isEmpty()) {
                    return field(
                            at + "[" + j + "].data", "required oneof field 'data' must have one initialized field");
                }
            }
        }
        return family.userLast()
                        && Json.text(contents.getLast(), "role", "user").equals("model")
                ? Optional.of("Please ensure that the last turn is a user turn.")
                : Optional.empty();
    }

    private Optional<String> checkRanges(JsonNode config) {
        for (Map.Entry<String, JsonNode> range : table.path("ranges").properties()) {
            BigDecimal value = ProtoTable.number(ProtoTable.get(config, range.getKey()));
            if (value == null) {
                continue;
            }
            JsonNode limits = range.getValue();
            boolean below = value.compareTo(limits.path("min").decimalValue()) < 0;
            boolean above =
                    limits.has("max") && value.compareTo(limits.path("max").decimalValue()) > 0;
            if (below || above) {
                return field("generation_config." + range.getKey(), Json.text(limits, "words", ""));
            }
        }
        return ProtoTable.items(config, "stop_sequences").size() > 5
                ? field("generation_config.stop_sequences", "at most 5 stop sequences are allowed.")
                : Optional.empty();
    }

    private static Optional<String> field(String path, String words) {
        return Optional.of("* GenerateContentRequest." + path + ": " + words + "\n");
    }

    private static Optional<String> checkThinking(Family family, JsonNode thinking) {
        String level = level(thinking);
        JsonNode budget = ProtoTable.get(thinking, "thinking_budget");
        if (!level.isEmpty() && !budget.isMissingNode()) {
            return Optional.of("You can only set only one of thinking budget and thinking level.");
        }
        if (!level.isEmpty() && family.levels().isEmpty()) {
            return Optional.of("Thinking level is not supported for this model.");
        }
        if (!level.isEmpty() && !family.levels().contains(level)) {
            return Optional.of("Thinking level " + level
                    + " is not supported for this model. Please retry with other thinking level.");
        }
        return budget.isMissingNode() ? Optional.empty() : checkBudget(family, whole(budget));
    }

    private static Optional<String> checkBudget(Family family, long budget) {
        if (budget == -1 || (budget == 0 && family.off())) {
            return Optional.empty();
        }
        if (budget == 0) {
            return Optional.of("Budget 0 is invalid. This model only works in thinking mode.");
        }
        return budget < family.least() || budget > family.most()
                ? Optional.of("The thinking budget " + budget + " is invalid. Please choose a value between "
                        + family.least() + " and " + family.most() + ".")
                : Optional.empty();
    }

    /// The level in upper case, as in the enum; empty if there is none.
    private static String level(JsonNode thinking) {
        String level = Json.text(thinking, "thinking_level", Json.text(thinking, "thinkingLevel", ""));
        String name = level.toUpperCase(Locale.ROOT);
        return name.equals("THINKING_LEVEL_UNSPECIFIED") ? "" : name;
    }

    /// How much the model thinks for an accepted request.
    Thinking thinking(Family family, JsonNode request) {
        JsonNode thinking = ProtoTable.get(ProtoTable.get(request, "generation_config"), "thinking_config");
        boolean shown = ProtoTable.get(thinking, "include_thoughts").booleanValue(false);
        JsonNode budget = ProtoTable.get(thinking, "thinking_budget");
        if (!budget.isMissingNode()) {
            long most = whole(budget);
            return new Thinking(most < 0 ? Long.MAX_VALUE : most, shown);
        }
        String asked = level(thinking);
        String level = asked.isEmpty() ? family.defaultLevel() : asked;
        return new Thinking(family.thinks() && !level.equals("MINIMAL") ? Long.MAX_VALUE : 0, shown);
    }

    /// The maximum tokens of an answer, including thoughts.
    static long mostOutput(JsonNode request) {
        JsonNode most = ProtoTable.get(ProtoTable.get(request, "generation_config"), "max_output_tokens");
        return most.isMissingNode() ? Long.MAX_VALUE : whole(most);
    }

    private static long whole(JsonNode value) {
        BigDecimal number = ProtoTable.number(value);
        return number == null ? 0 : number.longValue();
    }
}
