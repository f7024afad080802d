package io.pairbatch.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.pairbatch.registry.NewerVersionException;
import io.pairbatch.revive.Continuation;
import io.pairbatch.revive.LostDrops;
import io.pairbatch.revive.Recovery;
import io.pairbatch.revive.ReviveStep;
import io.pairbatch.revive.SegmentDecisions;
import io.pairbatch.step.RegistryAudit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Entry point of the reviver. It is called at an execution's end, every hour, by `up` (`{"wake": true}`), or to
/// continue one job on request (`{"job_id": "…", "limit": 100}`), or to have a finished job's answers read in another
/// way (`{"job_id": "…", "reading": {"tag_mode": "exact"}}`), or to have its pairs without a winner sent again
/// (`{"job_id": "…", "retry": ["expired"]}`), or within another limit on its cost
/// (`{"job_id": "…", "max_cost": "5"}`, null for none), to cancel a job (`{"job_id": "…", "cancel": true}`), or to
/// rebuild its registry (`{"job_id": "…", "recover": true}`); or with what a
/// person decides about a segment ([Decisions]).
public final class ReviverHandler implements RequestStreamHandler {

    private static final LostDrops.Found NOTHING = new LostDrops.Found(List.of(), List.of());

    private final Wiring wiring;
    private final ReviveStep reviver;
    private final @Nullable Instant deployed;

    public ReviverHandler() {
        this(Surroundings.ofFunction(), System.getenv().getOrDefault("PAIRBATCH_DEPLOYED_AT", ""));
    }

    public ReviverHandler(Surroundings around) {
        this(around, "");
    }

    /// @param deployed when the deployment began, ISO 8601; empty if that is not known: then nothing of the inbox is
    /// looked for
    ReviverHandler(Surroundings around, String deployed) {
        this.deployed = deployed.isEmpty() ? null : Instant.parse(deployed);
        wiring = new Wiring(around);
        reviver = wiring.reviver();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        JsonNode event = StepHandler.JSON.readTree(in);
        ObjectNode answer;
        try {
            answer = !event.has("job_id") ? revive(event) : event.has("segment") ? decide(event) : goOn(event);
        } catch (RuntimeException | Error e) {
            ObjectNode line = StepHandler.JSON.createObjectNode().put("step", "revive");
            line.put("job_id", event.path("job_id").asString(""));
            context.getLogger().log(ErrorLine.put(line, e) + "\n");
            throw e;
        }
        context.getLogger().log(answer + "\n");
        StepHandler.JSON.writeValue(out, answer);
    }

    private ObjectNode decide(JsonNode event) throws IOException {
        SegmentDecisions decisions = wiring.decisions();
        return new Decisions(decisions, wiring.secondCollection(decisions)).answer(event);
    }

    private ObjectNode revive(JsonNode event) {
        String ended = event.path("detail").path("executionArn").asString("");
        ReviveStep.Round round =
                ended.isEmpty() ? reviver.all(event.path("wake").asBoolean(false)) : reviver.after(ended);
        Map<String, String> failed = new TreeMap<>(round.failed());
        LostDrops.Found lost = ended.isEmpty() ? lostDrops(failed) : NOTHING;
        if (round.failedWhole()) {
            // Lambda retries, and the alarm on failed calls is triggered.
            throw new IllegalStateException("no job could be checked: " + round.failed());
        }
        ObjectNode answer = StepHandler.JSON.createObjectNode().put("step", "revive");
        round.revived().forEach(answer.putArray("revived")::add);
        ObjectNode told = answer.putObject("failed");
        failed.forEach(told::put);
        lost.started().forEach(answer.putArray("inbox_started")::add);
        lost.older().forEach(answer.putArray("inbox_older")::add);
        return answer;
    }

    /// What goes wrong with the inbox keeps no job from being revived.
    private LostDrops.Found lostDrops(Map<String, String> failed) {
        if (deployed == null) {
            return NOTHING;
        }
        try {
            return wiring.lostDrops().look(deployed);
        } catch (RuntimeException e) {
            failed.put("inbox", String.valueOf(e));
            return NOTHING;
        }
    }

    private static Continuation.Answer answer(Continuation continuation, String jobId, JsonNode event)
            throws IOException {
        if (event.path("reading").isObject()) {
            return continuation.readAgain(jobId, (ObjectNode) event.required("reading"));
        }
        if (event.path("cancel").asBoolean(false)) {
            return continuation.cancel(jobId);
        }
        if (event.path("retry").isArray()) {
            return continuation.retry(
                    jobId,
                    event.required("retry")
                            .valueStream()
                            .map(code -> code.asString(""))
                            .toList());
        }
        if (event.has("max_cost")) {
            JsonNode usd = event.required("max_cost");
            return continuation.limitCost(jobId, usd.isNull() ? null : new BigDecimal(usd.asString()));
        }
        return continuation.of(
                jobId, event.has("limit") ? event.required("limit").intValue() : null);
    }

    private ObjectNode goOn(JsonNode event) throws IOException {
        String jobId = event.required("job_id").stringValue();
        if (event.path("recover").asBoolean(false)) {
            return recover(jobId);
        }
        ObjectNode answer = StepHandler.JSON.createObjectNode().put("step", "continue");
        try {
            return put(answer, answer(wiring.continuation(), jobId, event));
        } catch (NewerVersionException e) {
            return put(answer, Continuation.NEWER);
        }
    }

    private ObjectNode recover(String jobId) throws IOException {
        Recovery.Found found = wiring.recovery().recover(jobId);
        ObjectNode answer =
                StepHandler.JSON.createObjectNode().put("step", "recover").put("registered", found.registered());
        RegistryAudit.Report report = found.report();
        if (report != null) {
            answer.put("found", report.sentence());
            ObjectNode segments = answer.putObject("segments");
            for (RegistryAudit.Found kind : RegistryAudit.Found.values()) {
                List<Integer> numbers = report.of(kind);
                segments.put(kind.name().toLowerCase(Locale.ROOT), numbers.size());
            }
            ArrayNode inList = answer.putArray("in_list");
            report.of(RegistryAudit.Found.IN_LIST).forEach(inList::add);
        }
        return put(answer, found.answer());
    }

    static ObjectNode put(ObjectNode answer, Continuation.Answer given) {
        return switch (given) {
            case Continuation.Answer.Started started -> answer.put("outcome", "started");
            case Continuation.Answer.Noted noted ->
                answer.put("outcome", "noted").put("message", noted.why());
            case Continuation.Answer.Refused refused ->
                answer.put("outcome", "refused")
                        .put("code", refused.code().code())
                        .put("message", refused.why())
                        .put("remedy", refused.remedy());
        };
    }
}
