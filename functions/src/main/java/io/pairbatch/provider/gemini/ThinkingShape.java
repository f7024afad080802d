package io.pairbatch.provider.gemini;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FieldProblem;
import io.pairbatch.provider.gemini.ModelFamily.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The `thinkingConfig` of a job's requests (contract 4.3); empty when none is sent.
///
/// @param problems what the model, or the API, would refuse
/// @param notices what is sent otherwise than the job says
record ThinkingShape(ObjectNode config, List<FieldProblem> problems, List<String> notices) {

    private static final String LEVEL = "thinking_level";
    private static final String BUDGET = "thinking_budget";
    private static final String THOUGHTS = "include_thoughts";

    static ThinkingShape of(String model, GeminiOptions options) {
        ThinkingShape shape =
                new ThinkingShape(JsonNodeFactory.instance.objectNode(), new ArrayList<>(), new ArrayList<>());
        switch (ModelFamily.of(model).thinking()) {
            case ModelFamily.Levels levels -> shape.byLevel(levels, model, options);
            case ModelFamily.Budget budget -> shape.byBudget(budget, model, options);
            case ModelFamily.None none -> shape.withoutThinking(model, options);
            case ModelFamily.Unknown unknown -> shape.asTheJobSays(options);
        }
        return shape;
    }

    private void byLevel(ModelFamily.Levels known, String model, GeminiOptions options) {
        write(options.includeThoughts(), level(known, model, options), null);
        if (options.thinkingBudget() != null) {
            notices.add("thinking_budget is not sent: " + model + " takes thinking_level instead.");
        }
    }

    private @Nullable Level level(ModelFamily.Levels known, String model, GeminiOptions options) {
        Level level = options.thinkingLevel() == null ? Level.LOW : new Level(options.thinkingLevel());
        if (known.levels().contains(level)) {
            return level;
        }
        if (level.equals(Level.MEDIUM)) {
            notices.add(model + " has no thinking level `medium`: `High` is sent.");
            return Level.HIGH;
        }
        invalid(LEVEL, "`" + level.option() + "`", known.names() + " with " + model);
        return null;
    }

    /// These models take a budget, and no level.
    private void byBudget(ModelFamily.Budget known, String model, GeminiOptions options) {
        Integer tokens = options.thinkingBudget();
        write(options.includeThoughts(), null, tokens);
        if (options.thinkingLevel() != null) {
            String expected = "no level with " + model + ": it takes `thinking_budget` instead";
            conflict(LEVEL, "`" + options.thinkingLevel() + "`", expected);
        }
        if (tokens != null && !known.accepts(tokens)) {
            invalid(BUDGET, "the number " + tokens, known.range() + " with " + model);
        }
        checkThoughts(options);
        if (options.includeThoughts() && tokens == null && !known.byDefault()) {
            conflict(
                    THOUGHTS,
                    "true without `thinking_budget`",
                    "a budget beside it: " + model + " thinks only when it is given one");
        }
    }

    private void withoutThinking(String model, GeminiOptions options) {
        if (options.includeThoughts()) {
            conflict(THOUGHTS, "true", "false: " + model + " does not think");
        }
        if (options.thinkingLevel() != null) {
            String expected = "no level with " + model + ": it does not think";
            conflict(LEVEL, "`" + options.thinkingLevel() + "`", expected);
        }
        if (options.thinkingBudget() != null) {
            notices.add("thinking_budget is not sent: " + model + " does not think.");
        }
    }

    private void asTheJobSays(GeminiOptions options) {
        Level level = options.thinkingLevel() == null ? null : new Level(options.thinkingLevel());
        write(options.includeThoughts() ? Boolean.TRUE : null, level, options.thinkingBudget());
        if (level != null && options.thinkingBudget() != null) {
            conflict(BUDGET, "a value beside `thinking_level`", "one of the two");
        }
        checkThoughts(options);
    }

    private void checkThoughts(GeminiOptions options) {
        if (options.includeThoughts() && options.thinkingBudget() != null && options.thinkingBudget() == 0) {
            conflict(THOUGHTS, "true beside `thinking_budget` 0", "one of the two: 0 means no thinking");
        }
    }

    private void write(@Nullable Boolean thoughts, @Nullable Level level, @Nullable Integer budget) {
        if (thoughts != null) {
            config.put("includeThoughts", thoughts);
        }
        if (level != null) {
            config.put("thinkingLevel", level.onTheWire());
        }
        if (budget != null) {
            config.put("thinkingBudget", budget);
        }
    }

    private void conflict(String field, String found, String expected) {
        problems.add(new FieldProblem(ErrorCode.SPEC_CONFLICT, field, found, expected));
    }

    private void invalid(String field, String found, String expected) {
        problems.add(new FieldProblem(ErrorCode.SPEC_INVALID_VALUE, field, found, expected));
    }
}
