package io.pairbatch.chaos;

import io.pairbatch.chaos.Violation.Kind;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.standins.MemoryTable;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/// Checks the invariants after every step.
final class Watch {

    private final Timeline timeline;
    private final MemoryTable table;
    private final Map<String, Map<String, AttributeValue>> seen = new HashMap<>();
    private final Map<String, Fence> fences = new HashMap<>();
    private final Map<String, Intent> intents = new HashMap<>();

    /// The owner for which a function was called.
    private record Fence(String owner, long epoch) {}

    /// A create that was intended but not sent yet.
    private record Intent(String jobId, String segment, String token, Instant lease) {}

    Watch(Timeline timeline, MemoryTable table) {
        this.timeline = timeline;
        this.table = table;
    }

    /// A function is called with this event.
    void called(String actor, JsonNode event) {
        JsonNode job = event.path("job");
        if (event.path("step").asString("").equals("submit")) {
            fences.put(
                    actor,
                    new Fence(
                            event.path("owner").asString(""), job.path("epoch").asLong(0)));
        }
    }

    /// Checks what has changed in the table; items are immutable, so a change is a new item.
    @SuppressWarnings("ReferenceEquality")
    void look() {
        for (Map<String, AttributeValue> item : table.items()) {
            Map<String, AttributeValue> before = seen.put(text(item, "job_id") + " " + text(item, "item"), item);
            if (before != null && before != item) {
                changed(before, item);
            }
        }
    }

    /// The table was restored to an older state, or is gone.
    void forget() {
        seen.clear();
    }

    private void changed(Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        String item = text(after, "item");
        if (item.equals("JOB")) {
            job(before, after);
        } else if (item.contains("#SUB#")) {
            submission(before, after);
        } else if (item.startsWith("SEGMENT#")) {
            segment(before, after);
        }
    }

    private String actor() {
        return timeline.current().name;
    }

    private static void job(Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        if (number(after, "epoch") < number(before, "epoch")) {
            throw new Violation(Kind.PROTOCOL, "the epoch of " + text(after, "job_id") + " went back");
        }
    }

    private static void submission(Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        String old = text(before, "outcome");
        if (!old.isEmpty() && !old.equals("ABSENT") && !old.equals(text(after, "outcome"))) {
            throw new Violation(
                    Kind.PROTOCOL, text(after, "item") + " was " + old + " and became " + text(after, "outcome"));
        }
    }

    private void segment(Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        SegmentState from = SegmentState.valueOf(text(before, "state"));
        SegmentState to = SegmentState.valueOf(text(after, "state"));
        // A batch that counted as lost may turn up when a person has its answers fetched once more.
        if (from.isFinal() && to != from && text(before, "collect_again").isEmpty()) {
            throw new Violation(Kind.PROTOCOL, text(after, "item") + " was " + from + " and became " + to);
        }
        // All other functions only restore what a lost registry has lost.
        if (from == SegmentState.PENDING && to == SegmentState.SUBMITTING && fences.containsKey(actor())) {
            intended(after);
        }
    }

    private void intended(Map<String, AttributeValue> segment) {
        String jobId = text(segment, "job_id");
        String actor = actor();
        Fence fence = Objects.requireNonNull(fences.get(actor));
        Map<String, AttributeValue> job = table.item(jobId, "JOB");
        boolean mine = text(job, "owner").equals(fence.owner()) && number(job, "epoch") == fence.epoch();
        if (!mine) {
            throw new Violation(
                    Kind.PROTOCOL, actor + " submits for " + fence + " a job of epoch " + number(job, "epoch"));
        }
        if (!text(job, "state").equals("RUNNING")) {
            throw new Violation(Kind.PROTOCOL, actor + " submits a job that is " + text(job, "state"));
        }
        if (job.containsKey("cost_limit") && number(job, "cost_committed") > number(job, "cost_limit")) {
            throw new Violation(
                    Kind.PROTOCOL,
                    actor + " submits a job that may cost " + number(job, "cost_committed") + " of "
                            + number(job, "cost_limit") + " nano-USD");
        }
        intents.put(
                actor,
                new Intent(
                        jobId,
                        text(segment, "item"),
                        text(segment, "invocation"),
                        Instant.parse(text(segment, "lease_until"))));
    }

    /// A request is about to be sent to the provider.
    ///
    /// @param mirrored whether the copy of an intent is in the bucket
    void sending(HttpRequest request, Supplier<java.util.function.BiPredicate<String, String>> mirrored) {
        String path = request.uri().getPath();
        boolean create = request.method().equals("POST")
                && (path.endsWith("/batches") || path.endsWith(":batchGenerateContent"));
        if (!create) {
            return;
        }
        String actor = timeline.current().name;
        Intent intent = intents.remove(actor);
        if (intent == null) {
            throw new Violation(Kind.PROTOCOL, actor + " sends a create that was not intended");
        }
        Map<String, AttributeValue> segment = table.item(intent.jobId(), intent.segment());
        boolean mine = text(segment, "state").equals("SUBMITTING")
                && text(segment, "invocation").equals(intent.token());
        if (!mine || timeline.now().isAfter(intent.lease())) {
            throw new Violation(Kind.PROTOCOL, actor + " sends a create of " + intent.segment() + " without its lease");
        }
        if (!mirrored.get().test(intent.jobId(), intent.token())) {
            throw new Violation(Kind.PROTOCOL, actor + " sends a create whose intent is in no mirror");
        }
    }

    static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.s() == null ? "" : value.s();
    }

    static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
    }
}
