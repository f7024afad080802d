package io.pairbatch.cli.prices;

import io.pairbatch.backend.Backend;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A file of prices, in the shape of the table that this version brings. Everything that is wrong with it is told.
final class PriceFile {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final String UNIT = "USD per million tokens";
    private static final List<String> KINDS = List.of("standard", "batch");

    private final List<String> problems = new ArrayList<>();
    private final ObjectNode normal = JSON.createObjectNode();

    private PriceFile() {}

    /// The file, with what its reader wants to know first in front.
    static PriceFile of(byte[] content) {
        PriceFile file = new PriceFile();
        try {
            JsonNode json = JSON.readTree(new String(content, StandardCharsets.UTF_8));
            if (json instanceof ObjectNode object) {
                file.read(object);
            } else {
                file.wrong("the file", "no JSON object", "one with date, source, unit and models");
            }
        } catch (JacksonException e) {
            file.wrong(
                    e.getLocation() == null
                            ? "the file"
                            : "line " + e.getLocation().getLineNr(),
                    "what is not JSON, or a name that stands twice",
                    "one JSON object");
        }
        return file;
    }

    /// What is wrong, a line each; empty if nothing is.
    List<String> problems() {
        return List.copyOf(problems);
    }

    /// The file as it is kept.
    byte[] bytes() {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(normal);
    }

    private void read(ObjectNode file) {
        onlyFields("the file", file, Set.of("date", "source", "unit", "models"));
        JsonNode date = file.path("date");
        if (!isDate(date)) {
            wrong("date", shown(date), "the day of the prices, such as 2026-11-22");
        }
        JsonNode source = file.path("source");
        if (!source.isString() || source.stringValue().isBlank()) {
            wrong("source", shown(source), "where the prices are from, a text");
        }
        if (!file.path("unit").asString("").equals(UNIT)) {
            wrong("unit", shown(file.path("unit")), "\"" + UNIT + "\"");
        }
        normal.set("date", date);
        normal.set("source", source);
        normal.put("unit", UNIT);
        if (file.path("models") instanceof ObjectNode models && !models.isEmpty()) {
            ObjectNode to = normal.putObject("models");
            models.properties().forEach(model -> readModel(model.getKey(), model.getValue(), to));
        } else {
            wrong("models", shown(file.path("models")), "models with their prices, by name");
        }
    }

    private static boolean isDate(JsonNode date) {
        try {
            LocalDate.parse(date.asString(""));
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private void readModel(String name, JsonNode node, ObjectNode to) {
        if (name.isBlank() || !(node instanceof ObjectNode model)) {
            wrong("models, \"" + name + "\"", shown(node), "a name, and an object with standard and batch");
            return;
        }
        onlyFields(name, model, Set.of("provider", "up_to_input", "standard", "batch"));
        ObjectNode kept = to.putObject(name);
        JsonNode provider = model.path("provider");
        if (!provider.isMissingNode()) {
            if (Arrays.stream(Backend.values()).noneMatch(known -> known.code().equals(provider.asString("")))) {
                wrong(name + ", provider", shown(provider), Backend.CODES);
            }
            kept.set("provider", provider);
        }
        JsonNode most = model.path("up_to_input");
        if (!most.isMissingNode()) {
            if (!most.canConvertToLong() || most.longValue() < 1) {
                wrong(name + ", up_to_input", shown(most), "the longest input, in tokens, for which the prices hold");
            }
            kept.set("up_to_input", most);
        }
        KINDS.forEach(kind -> readPrices(name + ", " + kind, model.path(kind), kept.putObject(kind)));
    }

    private void readPrices(String where, JsonNode node, ObjectNode to) {
        if (!(node instanceof ObjectNode prices)) {
            wrong(where, shown(node), "an object with input, output and perhaps cached_input");
            return;
        }
        onlyFields(where, prices, Set.of("input", "cached_input", "output"));
        for (String part : List.of("input", "cached_input", "output")) {
            JsonNode price = prices.path(part);
            if (price.isMissingNode() && part.equals("cached_input")) {
                continue;
            }
            if (!price.isNumber() || price.decimalValue().signum() < 0) {
                wrong(where + "." + part, shown(price), "a number of " + UNIT + ", 0 at least");
            }
            to.set(part, price);
        }
    }

    private void onlyFields(String where, ObjectNode object, Set<String> known) {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                wrong(
                        where,
                        "the field \"" + name + "\"",
                        "none but " + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    private static String shown(JsonNode node) {
        String text = node.isMissingNode() ? "nothing" : node.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private void wrong(String where, String found, String expected) {
        problems.add(where + ": found " + found + "; expected " + expected);
    }
}
