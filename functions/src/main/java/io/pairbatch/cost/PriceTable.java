package io.pairbatch.cost;

import static io.pairbatch.text.JsonWalk.members;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Prices by model, as of one date. A model that is not in the table has no price: its cost is NA, never a guess.
public final class PriceTable {

    /// What a provider appends to a model's name to say which version of it answered.
    private static final Pattern DATED = Pattern.compile("-(?:\\d{4}-\\d{2}-\\d{2}|\\d{8})$");

    private final LocalDate date;
    private final String source;
    private final Map<String, TokenPrice> batch;
    private final Map<String, TokenPrice> standard;

    private PriceTable(LocalDate date, String source, Map<String, TokenPrice> batch, Map<String, TokenPrice> standard) {
        this.date = date;
        this.source = source;
        this.batch = Map.copyOf(batch);
        this.standard = Map.copyOf(standard);
    }

    /// The table that comes with this version.
    public static PriceTable bundled() {
        try (InputStream in = PriceTable.class.getResourceAsStream("prices.json")) {
            return read(Objects.requireNonNull(in, "prices.json is in the package"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The day for which the prices were looked up.
    public LocalDate date() {
        return date;
    }

    /// Where they were looked up.
    public String source() {
        return source;
    }

    /// What the answer cost in a batch, in USD, exact; null when the model's price or its tokens are unknown. Cached
    /// input is charged in full where the table has no price for it; what each provider counts where is
    /// [Answer.Tokens]' business.
    public @Nullable BigDecimal batchCost(@Nullable String model, Answer answer) {
        return cost(batch, model, answer);
    }

    /// What the same answer would have cost outside a batch.
    public @Nullable BigDecimal standardCost(@Nullable String model, Answer answer) {
        return cost(standard, model, answer);
    }

    private static @Nullable BigDecimal cost(Map<String, TokenPrice> prices, @Nullable String model, Answer answer) {
        if (model == null) {
            return null;
        }
        TokenPrice price = find(prices, model).orElse(null);
        return price == null ? null : price.of(answer.tokens());
    }

    /// The exact name decides, then the name without its date. `gpt-4.1-mini` is not a `gpt-4.1`.
    private static Optional<TokenPrice> find(Map<String, TokenPrice> prices, String model) {
        TokenPrice exact = prices.get(model);
        return Optional.ofNullable(
                exact != null ? exact : prices.get(DATED.matcher(model).replaceFirst("")));
    }

    private static PriceTable read(InputStream in) {
        LocalDate date = LocalDate.EPOCH;
        String source = "";
        Map<String, TokenPrice> batch = new HashMap<>();
        Map<String, TokenPrice> standard = new HashMap<>();
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
            json.nextToken();
            for (String name : members(json)) {
                switch (name) {
                    case "date" -> date = LocalDate.parse(json.getString());
                    case "source" -> source = json.getString();
                    case "models" -> readModels(json, batch, standard);
                }
            }
        }
        return new PriceTable(date, source, batch, standard);
    }

    private static void readModels(JsonParser json, Map<String, TokenPrice> batch, Map<String, TokenPrice> standard) {
        for (String model : members(json)) {
            readModel(json, model, batch, standard);
        }
    }

    /// What holds for both kinds of prices stands before them.
    private static void readModel(
            JsonParser json, String model, Map<String, TokenPrice> batch, Map<String, TokenPrice> standard) {
        Backend provider = Backend.DEFAULT;
        long upToInput = Long.MAX_VALUE;
        for (String name : members(json)) {
            switch (name) {
                case "provider" -> provider = Backend.of(json.getString());
                case "up_to_input" -> upToInput = json.getLongValue();
                case "batch" -> batch.put(model, readPrice(json, provider, upToInput));
                case "standard" -> standard.put(model, readPrice(json, provider, upToInput));
                default -> throw new IllegalStateException("prices.json, " + model + ": what is " + name + "?");
            }
        }
    }

    private static TokenPrice readPrice(JsonParser json, Backend provider, long upToInput) {
        Map<String, BigDecimal> parts = new HashMap<>();
        for (String part : members(json)) {
            parts.put(part, json.getDecimalValue());
        }
        return new TokenPrice(
                provider,
                upToInput,
                Objects.requireNonNull(parts.get("input")),
                parts.get("cached_input"),
                Objects.requireNonNull(parts.get("output")));
    }
}
