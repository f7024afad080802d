package io.pairbatch.spec;

import io.pairbatch.pairing.DesignKind;
import io.pairbatch.pairing.Order;
import io.pairbatch.pairing.Pairing;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.text.Spelling;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `pairing`, in a job file and in a frozen job: what `./pairbatch pairs` has as options.
final class PairingField {

    private static final String DESIGN = "design";
    private static final String SEED = "seed";
    private static final String ORDER = "order";
    static final List<String> NAMES =
            List.of(DESIGN, DesignKind.K, DesignKind.PAIRS, DesignKind.PERCENT, SEED, ORDER, DesignKind.ANCHORS);
    private static final BigDecimal ALL = BigDecimal.valueOf(100);
    private static final int DIGITS = 12;

    private PairingField() {}

    static Kind<Pairing> kind() {
        return new Kind<>(
                false, "object", PairingField::constrain, PairingField::read, PairingField::write, PairingField::thaw);
    }

    private static void constrain(ObjectNode schema) {
        schema.put("type", "object").put("additionalProperties", false);
        schema.putArray("required").add(DESIGN);
        ObjectNode members = schema.putObject("properties");
        enumOf(members.putObject(DESIGN), DesignKind.values(), DesignKind::code);
        for (String name : List.of(DesignKind.K, DesignKind.PAIRS)) {
            nullable(members.putObject(name), "integer").put("minimum", 1);
        }
        nullable(members.putObject(DesignKind.PERCENT), "number")
                .put("exclusiveMinimum", 0)
                .put("maximum", 100);
        nullable(members.putObject(SEED), "integer").put("default", Pairing.DEFAULT_SEED);
        ObjectNode order = members.putObject(ORDER);
        enumOf(order, Order.values(), Order::code);
        order.withArray("enum").addNull();
        order.put("default", Order.AS_GIVEN.code());
        nullable(members.putObject(DesignKind.ANCHORS), "array")
                .put("uniqueItems", true)
                .putObject("items")
                .put("type", "string")
                .put("minLength", 1);
    }

    private static ObjectNode nullable(ObjectNode schema, String type) {
        schema.putArray("type").add(type).add("null");
        return schema;
    }

    private static <E> void enumOf(ObjectNode schema, E[] values, Function<E, String> code) {
        for (E value : values) {
            schema.withArray("enum").add(code.apply(value));
        }
    }

    private static @Nullable Pairing read(SpecFields fields, String name) {
        JsonNode node = fields.find(name);
        if (node == null) {
            return null;
        }
        if (!(node instanceof ObjectNode object)) {
            fields.invalid(name, node, "an object such as {\"design\": \"per_sample\", \"k\": 10}");
            return null;
        }
        Reading reading = new Reading(fields, name, object);
        Pairing pairing = reading.pairing();
        return reading.refused ? null : pairing;
    }

    /// Reads one object, and records all that is wrong with it.
    private static final class Reading {

        private final SpecFields fields;
        private final String name;
        private final ObjectNode object;
        private boolean refused;

        Reading(SpecFields fields, String name, ObjectNode object) {
            this.fields = fields;
            this.name = name;
            this.object = object;
        }

        @Nullable
        Pairing pairing() {
            for (String member : object.propertyNames()) {
                if (!NAMES.contains(member)) {
                    refuse(
                            ErrorCode.SPEC_UNKNOWN_FIELD,
                            member,
                            "a field that `" + name + "` does not have",
                            Spelling.nearest(member, NAMES)
                                    .map(near -> "perhaps `" + name + "." + near + "`")
                                    .orElse("one of " + String.join(", ", NAMES)));
                }
            }
            DesignKind design = oneOf(DESIGN, DesignKind.values(), DesignKind::code);
            Integer k = member(
                            DesignKind.K,
                            node -> isFrom(node, 1) && node.canConvertToInt(),
                            SpecFields.range(1, Integer.MAX_VALUE))
                    .map(JsonNode::intValue)
                    .orElse(null);
            Long pairs = member(DesignKind.PAIRS, node -> isFrom(node, 1), SpecFields.range(1, Integer.MAX_VALUE))
                    .map(JsonNode::longValue)
                    .orElse(null);
            BigDecimal percent = member(
                            DesignKind.PERCENT,
                            PairingField::isPercent,
                            "a number above 0, 100 at most, with at most " + DIGITS + " digits after the point")
                    .map(node -> plain(node.decimalValue()))
                    .orElse(null);
            int seed = member(
                            SEED,
                            node -> node.isIntegralNumber() && node.canConvertToInt(),
                            "a whole number of 32 bits")
                    .map(JsonNode::intValue)
                    .orElse(Pairing.DEFAULT_SEED);
            Order order = oneOf(ORDER, Order.values(), Order::code);
            List<String> anchors = member(
                            DesignKind.ANCHORS, PairingField::areIds, "a list of IDs, each a text and once")
                    .map(PairingField::texts)
                    .orElse(List.of());
            if (get(DESIGN) == null) {
                refuse(
                        ErrorCode.SPEC_MISSING_FIELD,
                        DESIGN,
                        "nothing",
                        String.join(
                                ", ",
                                Arrays.stream(DesignKind.values())
                                        .map(DesignKind::code)
                                        .toList()));
            }
            if (design == null) {
                return null;
            }
            fits(design);
            return new Pairing(design, k, pairs, percent, seed, order == null ? Order.AS_GIVEN : order, anchors);
        }

        private void fits(DesignKind design) {
            for (String member : List.of(DesignKind.K, DesignKind.PAIRS, DesignKind.PERCENT, DesignKind.ANCHORS)) {
                if (get(member) != null && !design.takes(member)) {
                    refuse(
                            ErrorCode.SPEC_CONFLICT,
                            member,
                            "a value beside the design `" + design.code() + "`, which has none",
                            "nothing: it is for `" + String.join("` and `", DesignKind.taking(member)) + "`");
                }
            }
            if (design.takes(DesignKind.K)) {
                need(
                        DesignKind.K,
                        design,
                        design == DesignKind.LINKED
                                ? "with how many anchors each new sample is compared"
                                : "how many comparisons each sample has");
            }
            if (design == DesignKind.LINKED) {
                need(DesignKind.ANCHORS, design, "the IDs of the samples that new ones are compared with");
            }
            if (design == DesignKind.RANDOM && get(DesignKind.PERCENT) == null) {
                need(DesignKind.PAIRS, design, "how many pairs are drawn, or `" + name + ".percent`");
            }
        }

        private void need(String member, DesignKind design, String expected) {
            if (get(member) == null) {
                refuse(
                        ErrorCode.SPEC_MISSING_FIELD,
                        member,
                        "nothing beside the design `" + design.code() + "`",
                        expected);
            }
        }

        private @Nullable JsonNode get(String member) {
            JsonNode node = object.get(member);
            return node == null || node.isNull() ? null : node;
        }

        private Optional<JsonNode> member(String member, Predicate<JsonNode> fits, String expected) {
            JsonNode node = get(member);
            if (node == null) {
                return Optional.empty();
            }
            if (!fits.test(node)) {
                refuse(ErrorCode.SPEC_INVALID_VALUE, member, SpecFields.shown(node), expected);
                return Optional.empty();
            }
            return Optional.of(node);
        }

        private <E> @Nullable E oneOf(String member, E[] values, Function<E, String> code) {
            List<String> words = Arrays.stream(values).map(code).toList();
            return member(
                            member,
                            node -> node.isString() && words.contains(node.stringValue()),
                            String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast())
                    .map(node -> values[words.indexOf(node.stringValue())])
                    .orElse(null);
        }

        private void refuse(ErrorCode code, String member, String found, String expected) {
            refused = true;
            fields.problem(code, name, member, found, expected);
        }
    }

    private static boolean isFrom(JsonNode node, int min) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= min;
    }

    private static boolean isPercent(JsonNode node) {
        return node.isNumber()
                && node.decimalValue().signum() > 0
                && node.decimalValue().compareTo(ALL) <= 0
                && node.decimalValue().stripTrailingZeros().scale() <= DIGITS;
    }

    private static boolean areIds(JsonNode node) {
        return node.isArray()
                && node.valueStream()
                        .allMatch(id -> id.isString() && !id.stringValue().isEmpty())
                && texts(node).size() == node.size();
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::stringValue).distinct().toList();
    }

    /// The same number as it is always written.
    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static void write(JsonGenerator json, String name, Pairing pairing) {
        json.writeObjectPropertyStart(name);
        json.writeStringProperty(DESIGN, pairing.design().code());
        if (pairing.k() != null) {
            json.writeNumberProperty(DesignKind.K, pairing.k());
        }
        if (pairing.pairs() != null) {
            json.writeNumberProperty(DesignKind.PAIRS, pairing.pairs());
        }
        if (pairing.percent() != null) {
            json.writeNumberProperty(DesignKind.PERCENT, pairing.percent());
        }
        json.writeNumberProperty(SEED, pairing.seed());
        json.writeStringProperty(ORDER, pairing.order().code());
        if (!pairing.anchors().isEmpty()) {
            json.writeArrayPropertyStart(DesignKind.ANCHORS);
            pairing.anchors().forEach(json::writeString);
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static Pairing thaw(JsonNode frozen) {
        JsonNode percent = frozen.path(DesignKind.PERCENT);
        return new Pairing(
                coded(DesignKind.values(), DesignKind::code, frozen.required(DESIGN)),
                frozen.has(DesignKind.K) ? frozen.path(DesignKind.K).intValue() : null,
                frozen.has(DesignKind.PAIRS) ? frozen.path(DesignKind.PAIRS).longValue() : null,
                percent.isNumber() ? plain(percent.decimalValue()) : null,
                frozen.required(SEED).intValue(),
                coded(Order.values(), Order::code, frozen.required(ORDER)),
                texts(frozen.path(DesignKind.ANCHORS)));
    }

    private static <E> E coded(E[] values, Function<E, String> code, JsonNode word) {
        return Arrays.stream(values)
                .filter(value -> code.apply(value).equals(word.stringValue()))
                .findFirst()
                .orElseThrow();
    }
}
