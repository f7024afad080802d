package io.pairbatch.cost;

import static io.pairbatch.text.JsonWalk.members;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Prices by model, as of one date. A model that is not in the table has no price: its cost is NA, not an estimate.
public final class PriceTable {

    /// What a provider appends to a model's name to identify the version that answered.
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

    /// The table bundled with this version.
    public static PriceTable bundled() {
        return Bundled.TABLE;
    }

    /// Read once, when it is first needed.
    private static final class Bundled {

        private static final PriceTable TABLE = readBundled();
    }

    private static PriceTable readBundled() {
        return read(new ByteArrayInputStream(bundledFile()));
    }

    /// The file of the bundled table.
    public static byte[] bundledFile() {
        try (InputStream in = PriceTable.class.getResourceAsStream("prices.json")) {
            return Objects.requireNonNull(in, "prices.json is missing from the package")
                    .readAllBytes();
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

    /// The exact cost of the answer in a batch, in USD; null if the model's price or its tokens are unknown. Cached
    /// input is charged in full if the table has no price for it; [Answer.Tokens] defines what each provider counts
    /// where.
    public @Nullable BigDecimal batchCost(@Nullable String model, Answer answer) {
        return cost(batch, model, answer);
    }

    /// What the same answer would have cost live.
    public @Nullable BigDecimal standardCost(@Nullable String model, Answer answer) {
        return cost(standard, model, answer);
    }

    /// Whether the model has a price in a batch.
    public boolean knows(String model) {
        return batchPrice(model).isPresent();
    }

    /// The provider's model whose tokens cost least in a batch; empty if the table knows none of its models.
    public Optional<String> cheapest(Backend provider) {
        return batch.entrySet().stream()
                .filter(model -> model.getValue().provider() == provider)
                .min(Comparator.comparing((Map.Entry<String, TokenPrice> model) ->
                                model.getValue().input().add(model.getValue().output()))
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey);
    }

    /// A model's prices, in USD per million tokens.
    public record PerMillion(BigDecimal input, BigDecimal output) {}

    /// The model's prices in a batch; empty if it has none.
    public Optional<PerMillion> perMillion(String model) {
        return batchPrice(model).map(price -> new PerMillion(price.input(), price.output()));
    }

    /// The model's prices live; empty if it has none.
    public Optional<PerMillion> livePerMillion(String model) {
        return standardPrice(model).map(price -> new PerMillion(price.input(), price.output()));
    }

    /// The provider's models that have a price in a batch, by name.
    public SortedSet<String> models(Backend provider) {
        SortedSet<String> models = new TreeSet<>();
        batch.forEach((model, price) -> {
            if (price.provider() == provider) {
                models.add(model);
            }
        });
        return models;
    }

    /// The model's price in a batch; empty if it has none.
    Optional<TokenPrice> batchPrice(String model) {
        return find(batch, model);
    }

    /// The model's price live.
    Optional<TokenPrice> standardPrice(String model) {
        return find(standard, model);
    }

    private static @Nullable BigDecimal cost(Map<String, TokenPrice> prices, @Nullable String model, Answer answer) {
        if (model == null) {
            return null;
        }
        TokenPrice price = find(prices, model).orElse(null);
        return price == null ? null : price.of(answer.tokens());
    }

    /// The exact name is tried first, then the name without its date. `gpt-4.1-mini` does not match `gpt-4.1`.
    private static Optional<TokenPrice> find(Map<String, TokenPrice> prices, String model) {
        TokenPrice exact = prices.get(model);
        return Optional.ofNullable(
                exact != null ? exact : prices.get(DATED.matcher(model).replaceFirst("")));
    }

    /// Reads a table of the same shape, which somebody has checked.
    public static PriceTable read(InputStream in) {
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

    /// Values that apply to both kinds of prices come first.
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
                default -> throw new IllegalStateException("prices.json, " + model + ": unknown field " + name);
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
