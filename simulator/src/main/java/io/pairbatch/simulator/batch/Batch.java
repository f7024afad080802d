package io.pairbatch.simulator.batch;

import io.pairbatch.simulator.store.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One batch: its API, the API's object with the status, and the simulator's own notes (tokens, faults, the share
/// processed when it was cancelled). Every access holds the batch's monitor.
public final class Batch {

    public static final Set<String> TERMINAL = Set.of("completed", "failed", "expired", "cancelled");

    private final BatchApi api;
    private final ObjectNode object;
    private final ObjectNode notes;
    private int retrieved;

    Batch(BatchApi api, ObjectNode object, ObjectNode notes) {
        this.api = api;
        this.object = object;
        this.notes = notes;
    }

    static Batch load(BatchApi api, ObjectNode saved) {
        return new Batch(api, (ObjectNode) saved.get("batch"), (ObjectNode) saved.get("notes"));
    }

    synchronized ObjectNode saved() {
        ObjectNode saved = Json.object().put("api", api.name());
        saved.set("batch", object.deepCopy());
        saved.set("notes", notes.deepCopy());
        return saved;
    }

    public synchronized ObjectNode copy() {
        return object.deepCopy();
    }

    public BatchApi api() {
        return api;
    }

    public String id() {
        return text("id");
    }

    public synchronized String text(String name) {
        return Json.text(object, name, "");
    }

    public synchronized long number(String name) {
        return object.path(name).longValue(0);
    }

    public synchronized JsonNode note(String name) {
        return notes.path(name).deepCopy();
    }

    synchronized void note(String name, JsonNode value) {
        notes.set(name, value);
    }

    public synchronized void note(String name, long value) {
        notes.put(name, value);
    }

    synchronized void note(String name, double value) {
        notes.put(name, value);
    }

    public synchronized Map<String, String> metadata() {
        Map<String, String> metadata = new TreeMap<>();
        object.path("metadata")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asString("")));
        return metadata;
    }

    public synchronized boolean terminal() {
        return TERMINAL.contains(text("status"));
    }

    public boolean is(String status) {
        return text("status").equals(status);
    }

    /// Changes the status and records the time; false if the batch is no longer in `from`.
    public synchronized boolean move(String from, String to, long millis) {
        if (!is(from)) {
            return false;
        }
        object.put("status", to);
        object.put(to + "_at", Math.floorDiv(millis, 1000L));
        notes.put(to + "_ms", millis);
        return true;
    }

    synchronized void set(String name, JsonNode value) {
        object.set(name, value);
    }

    synchronized void set(String name, String value) {
        object.put(name, value);
    }

    synchronized int countRetrieval() {
        return ++retrieved;
    }

    /// Whether a `vanish` fault hides the batch, at once or after some retrievals.
    public synchronized boolean vanished(boolean retrieval) {
        JsonNode fault = fault("vanish");
        if (fault.isMissingNode()) {
            return false;
        }
        int seen = retrieval ? ++retrieved : retrieved;
        int grace = fault.path("after").intValue(0);
        return retrieval ? seen > grace : seen >= grace;
    }

    /// Corrupts counts as an `odd_counts` fault says: all zero, or numbers as strings.
    public synchronized ObjectNode odd(ObjectNode counts) {
        String how = Json.text(fault("odd_counts"), "counts", has("odd_counts") ? "zero" : "");
        for (String name : how.isEmpty() ? List.<String>of() : List.copyOf(counts.propertyNames())) {
            if (how.equals("strings")) {
                counts.put(name, counts.path(name).toString());
            } else {
                counts.put(name, 0);
            }
        }
        return counts;
    }

    /// The batch's fault with this action; a missing node if there is none.
    public synchronized JsonNode fault(String action) {
        for (JsonNode fault : notes.path("faults")) {
            if (Json.text(fault, "action", "").equals(action)) {
                return fault;
            }
        }
        return Json.object().path(action);
    }

    public synchronized boolean has(String action) {
        return !fault(action).isMissingNode();
    }
}
