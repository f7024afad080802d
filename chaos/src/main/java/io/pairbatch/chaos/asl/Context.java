package io.pairbatch.chaos.asl;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `$states.context` of one run of a state; created when an expression first reads it.
final class Context {

    /// In AWS's time format, always with milliseconds.
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Map<String, Object> execution;
    private final String state;
    private final int event;
    private final Instant entered;
    private final @Nullable Map<String, Object> item;
    private int retries;
    private @Nullable Map<String, Object> ofState;

    /// @param execution what applies to the whole execution
    /// @param event the number of the event by which the state was entered
    /// @param item the iteration's part if the state is inside a Map
    Context(
            Map<String, Object> execution,
            String state,
            int event,
            Instant entered,
            @Nullable Map<String, Object> item) {
        this.execution = execution;
        this.state = state;
        this.event = event;
        this.entered = entered;
        this.item = item;
    }

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    static Map<String, Object> item(int index, Object value) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("Index", (long) index);
        item.put("Value", value);
        return Map.of("Item", item);
    }

    String state() {
        return state;
    }

    int event() {
        return event;
    }

    /// The same for the selector of an iteration.
    Context with(Map<String, Object> iteration) {
        return new Context(execution, state, event, entered, iteration);
    }

    void retried() {
        retries++;
        ofState = null;
    }

    /// One of its fields; null if it does not exist.
    @Nullable
    Object field(String name) {
        return switch (name) {
            case "State" -> ofState();
            case "Map" -> item;
            default -> execution.get(name);
        };
    }

    Map<String, Object> value() {
        Map<String, Object> value = new LinkedHashMap<>(execution);
        value.put("State", ofState());
        if (item != null) {
            value.put("Map", item);
        }
        return value;
    }

    private Map<String, Object> ofState() {
        Map<String, Object> known = ofState;
        if (known == null) {
            known = new LinkedHashMap<>();
            known.put("Name", state);
            known.put("EnteredTime", time(entered));
            known.put("RetryCount", (long) retries);
            ofState = known;
        }
        return known;
    }
}
