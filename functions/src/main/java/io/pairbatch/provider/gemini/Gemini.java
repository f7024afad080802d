package io.pairbatch.provider.gemini;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Answer;
import io.pairbatch.provider.Answer.Tokens;
import io.pairbatch.provider.AnswerColumn;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.Keeping;
import io.pairbatch.provider.KnownModels;
import io.pairbatch.provider.OwnService;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.http.Network;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.OptionsReader;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Gemini, by its Developer API.
public enum Gemini implements OwnService {
    INSTANCE;

    /// https://ai.google.dev/gemini-api/docs/batch-api
    static final Duration WINDOW = Duration.ofDays(2);

    private static final ProviderFormat FORMAT = new GeminiFormat();

    @Override
    public Backend backend() {
        return Backend.GEMINI;
    }

    @Override
    public OptionsReader options() {
        return GeminiOptionsReader.INSTANCE;
    }

    @Override
    public Pattern models() {
        return ModelFamily.names();
    }

    @Override
    public KnownModels known() {
        return ModelFamily.known();
    }

    @Override
    public boolean answersOfStopped() {
        return false;
    }

    @Override
    public Duration window() {
        return WINDOW;
    }

    /// Their requests are sent inline, and without a key.
    @Override
    public boolean answersByPlace() {
        return true;
    }

    @Override
    public ProviderFormat format() {
        return FORMAT;
    }

    @Override
    public Keeping keeping() {
        return new Keeping(Duration.ofDays(2), Duration.ofDays(42), null, false);
    }

    @Override
    public BatchProvider connect(JobSpec spec, URI baseUrl, String key, Network network) {
        String version = ((GeminiOptions) spec.options()).apiVersion();
        return new GeminiClient(baseUrl, key, spec.polling().openaiMaxRetries(), version, network);
    }

    /// Its word stands alone.
    @Override
    public String endOfBatch(String status) {
        return status;
    }

    /// Thoughts are counted apart from the answer, both are charged as output, and a count of zero is left out: an
    /// answer that was all thoughts has no count but theirs and the total.
    @Override
    public @Nullable Charge charge(Tokens tokens) {
        boolean counted = tokens.completion() != null || tokens.total() != null;
        Long output =
                counted ? Long.valueOf(Charge.orZero(tokens.completion()) + Charge.orZero(tokens.reasoning())) : null;
        return Charge.cacheAmongInput(tokens, output);
    }

    /// Thoughts are charged beside the answer: a budget for them adds to the cap, and without one nothing limits them.
    @Override
    public OptionalLong outputCap(JobSpec spec) {
        GeminiOptions options = (GeminiOptions) spec.options();
        JsonNode generation = RequestShape.of(spec.model(), options).request().path("generationConfig");
        JsonNode cap = generation.path("maxOutputTokens");
        if (!cap.canConvertToLong()) {
            return OptionalLong.empty();
        }
        JsonNode sent = generation.path("thinkingConfig").path("thinkingBudget");
        OptionalLong budget = sent.isIntegralNumber() && sent.longValue() >= 0
                ? OptionalLong.of(sent.longValue())
                : OptionalLong.empty();
        OptionalLong thoughts = switch (ModelFamily.of(spec.model()).thinking()) {
            case ModelFamily.None none -> OptionalLong.of(0);
            case ModelFamily.Budget known ->
                budget.isPresent()
                        ? budget
                        : OptionalLong.of(sent.isMissingNode() && !known.byDefault() ? 0 : known.most());
            case ModelFamily.Levels levels -> OptionalLong.empty();
            case ModelFamily.Unknown unknown -> budget;
        };
        return thoughts.isEmpty() ? thoughts : OptionalLong.of(cap.longValue() + thoughts.getAsLong());
    }

    @Override
    public Columns columns() {
        return new Columns(
                List.of(AnswerColumn.text("result_type", Answer::resultType)),
                List.of(
                        AnswerColumn.text("thought_signature", Answer::thoughtSignature),
                        AnswerColumn.count("thoughts_token_count", Tokens::reasoning)),
                List.of(),
                List.of(AnswerColumn.count("prompt_cached_tokens", Tokens::cached)));
    }
}
