package io.pairbatch.chaos.asl;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Services for a test: virtual time, predefined responses, and a record of the calls.
final class Script implements Services {

    static final JsonMapper JSON = JsonMapper.shared();

    /// One call.
    record Call(String resource, JsonNode arguments, Duration timeout) {

        JsonNode payload() {
            return arguments.path("Payload");
        }
    }

    interface Answer {

        JsonNode to(Call call) throws TaskFailed;
    }

    final List<Call> calls = new ArrayList<>();
    final List<Duration> sleeps = new ArrayList<>();
    double share = 1;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final Map<String, Answer> standing = new HashMap<>();

    /// The next response to a step (`step` of a function's payload) or to another resource.
    Script then(String step, Answer answer) {
        answers.computeIfAbsent(step, key -> new ArrayDeque<>()).add(answer);
        return this;
    }

    /// The next response to a step: its payload.
    Script then(String step, String payload) {
        JsonNode answer = lambda(payload);
        return then(step, call -> answer);
    }

    Script fails(String step, String error, String text) {
        return then(step, call -> {
            throw new TaskFailed(error, text);
        });
    }

    /// A step's response if no other is set.
    Script always(String step, Answer answer) {
        standing.put(step, answer);
        return this;
    }

    static JsonNode lambda(String payload) {
        return json("{'StatusCode': 200, 'Payload': " + payload + "}");
    }

    static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }

    List<String> steps() {
        return calls.stream().map(Script::step).toList();
    }

    Call last(String step) {
        return calls.stream().filter(call -> step(call).equals(step)).toList().getLast();
    }

    private static String step(Call call) {
        String resource = call.resource().substring(call.resource().lastIndexOf(':') + 1);
        return call.payload().path("step").asString(resource);
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void sleep(Duration time) {
        sleeps.add(time);
        now = now.plus(time);
    }

    @Override
    public double random() {
        return share;
    }

    @Override
    public JsonNode invoke(String resource, JsonNode arguments, Duration timeout) throws TaskFailed {
        Call call = new Call(resource, arguments, timeout);
        calls.add(call);
        String step = step(call);
        Deque<Answer> next = answers.getOrDefault(step, new ArrayDeque<>());
        Answer answer = next.isEmpty() ? standing.get(step) : next.remove();
        if (answer == null) {
            throw new AssertionError("no answer for " + step);
        }
        return answer.to(call);
    }
}
