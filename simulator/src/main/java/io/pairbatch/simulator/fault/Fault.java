package io.pairbatch.simulator.fault;

import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.judge.Dice;
import io.pairbatch.simulator.store.Json;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One fault rule: which requests it applies to and what happens to them. The README lists the actions.
public final class Fault {

    /// Actions on one HTTP exchange.
    static final Set<String> EXCHANGE =
            Set.of("status", "status_after", "drop_before", "drop_after", "hang", "hang_after", "truncate");

    /// Actions on the batch that the request creates.
    static final Set<String> BATCH = Set.of(
            "fail",
            "expire",
            "cancel",
            "all_lines_fail",
            "output_null",
            "output_blank_id",
            "output_empty",
            "stuck",
            "unknown_status",
            "regressing_status",
            "vanish",
            "odd_counts",
            "lines_missing",
            "lines_doubled",
            "lines_malformed",
            "lines_foreign",
            "lines_blocked",
            "lines_status_zero");

    private static final Set<String> MEMBERS = Set.of(
            "api",
            "operation",
            "action",
            "custom_id_prefix",
            "display_name",
            "display_name_prefix",
            "nth",
            "count",
            "probability",
            "metadata",
            "file",
            "status",
            "retry_after",
            "seconds",
            "fraction",
            "lines",
            "after",
            "code",
            "message",
            "counts");

    /// A request as the rules see it.
    ///
    /// @param metadata of the batch that the request is about, empty if there is none
    /// @param file `input`, `output` or `error` for a download, else empty
    /// @param customId the batch's first custom_id, for the APIs without metadata, else empty
    public record Call(String api, Operation operation, Map<String, String> metadata, String file, String customId) {

        /// A request about this batch.
        public static Call of(Batch batch, Operation operation, String file) {
            String customId = batch.note("custom_id").asString("");
            return new Call(batch.api().name(), operation, batch.metadata(), file, customId);
        }
    }

    private final ObjectNode rule;
    private final Operation operation;
    private final Map<String, String> metadata = new TreeMap<>();
    private final AtomicInteger met = new AtomicInteger();
    private final AtomicInteger fired = new AtomicInteger();

    /// Reads a rule.
    ///
    /// @throws IllegalArgumentException when the rule has an unknown member, operation or action
    Fault(JsonNode json) {
        if (!(json instanceof ObjectNode object)) {
            throw wrong("a rule must be a JSON object");
        }
        rule = object;
        for (String member : rule.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw wrong("unknown member '" + member + "'");
            }
        }
        if (!EXCHANGE.contains(action()) && !BATCH.contains(action())) {
            throw wrong("unknown action '" + action() + "'");
        }
        operation = operation(Json.text(rule, "operation", BATCH.contains(action()) ? "create" : ""));
        if (BATCH.contains(action()) && operation != Operation.CREATE) {
            throw wrong("'" + action() + "' needs the operation 'create'");
        }
        within("nth", 1, Integer.MAX_VALUE);
        within("count", 0, Integer.MAX_VALUE);
        within("probability", 0, 1);
        within("fraction", 0, 1);
        within("seconds", 0, Integer.MAX_VALUE);
        within("retry_after", 0, Integer.MAX_VALUE);
        within("after", 0, Integer.MAX_VALUE);
        within("lines", 1, Integer.MAX_VALUE);
        if (action().startsWith("status")) {
            within("status", 100, 599);
        }
        rule.path("metadata")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asString("")));
    }

    private void within(String member, int least, int most) {
        JsonNode found = rule.path(member);
        if (!found.isMissingNode()
                && !(found.isNumber() && found.doubleValue() >= least && found.doubleValue() <= most)) {
            throw wrong("'" + member + "' is " + found + "; expected is a number "
                    + (most == Integer.MAX_VALUE ? "that is " + least + " or more" : "from " + least + " to " + most));
        }
    }

    private static Operation operation(String name) {
        try {
            return Operation.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw wrong("unknown operation '" + name + "'");
        }
    }

    private static IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("Fault rule refused: " + why);
    }

    /// Whether the rule applies now; counts the call if it matches the rule.
    boolean strikes(Call call, Dice dice) {
        boolean mine = call.operation() == operation
                && call.metadata().entrySet().containsAll(metadata.entrySet())
                && call.customId().startsWith(Json.text(rule, "custom_id_prefix", ""))
                && named(call.metadata().getOrDefault("display_name", ""))
                && (!rule.has("api") || Json.text(rule, "api", "").equals(call.api()))
                && (!rule.has("file") || Json.text(rule, "file", "").equals(call.file()));
        if (!mine) {
            return false;
        }
        int meeting = met.incrementAndGet();
        double probability = rule.path("probability").doubleValue(1);
        if (meeting < rule.path("nth").intValue(1) || dice.with(meeting).unit() >= probability) {
            return false;
        }
        int limit = rule.path("count").intValue(rule.has("probability") ? 0 : 1);
        return fired.incrementAndGet() <= limit || limit == 0;
    }

    private boolean named(String displayName) {
        return displayName.startsWith(Json.text(rule, "display_name_prefix", ""))
                && displayName.equals(Json.text(rule, "display_name", displayName));
    }

    public String action() {
        return Json.text(rule, "action", "");
    }

    public boolean onExchange() {
        return EXCHANGE.contains(action());
    }

    public ObjectNode rule() {
        return rule;
    }

    public double number(String member, double fallback) {
        return rule.path(member).doubleValue(fallback);
    }

    /// The HTTP status that a `status` fault answers with.
    public int status() {
        return rule.path("status").intValue(500);
    }

    /// A member as text; null if the rule does not have it.
    @Nullable
    public String text(String member) {
        return rule.has(member) ? Json.text(rule, member, "") : null;
    }
}
