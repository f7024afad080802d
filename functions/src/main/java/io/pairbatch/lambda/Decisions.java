package io.pairbatch.lambda;

import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.Submission;
import io.pairbatch.revive.NotDecidedException;
import io.pairbatch.revive.SecondCollection;
import io.pairbatch.revive.SegmentDecisions;
import io.pairbatch.revive.SegmentDecisions.Doubt;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the reviver is asked about one segment, such as `{"job_id": "…", "segment": 1, "decide": "batch", "token": "…",
/// "batch_id": "…"}`: `doubt`, `troubled` and `collected` show it; `look`, `none`, `batch`, `give_up` and
/// `collect_again`
/// decide.
record Decisions(SegmentDecisions decisions, SecondCollection again) {

    /// @throws IllegalArgumentException if it is asked for something else
    ObjectNode answer(JsonNode event) throws IOException {
        ObjectNode answer = StepHandler.JSON.createObjectNode().put("step", "decide");
        try {
            return decide(answer, event);
        } catch (NotDecidedException e) {
            return answer.put("outcome", "refused")
                    .put("code", e.code().code())
                    .put("message", e.getMessage())
                    .put("remedy", e.remedy());
        }
    }

    private ObjectNode decide(ObjectNode answer, JsonNode event) throws IOException, NotDecidedException {
        String job = event.required("job_id").stringValue();
        int segment = event.required("segment").intValue();
        String token = event.path("token").asString("");
        String batch = event.path("batch_id").asString("");
        String decide = event.path("decide").asString("");
        return switch (decide) {
            case "doubt" -> put(answer, decisions.doubt(job, segment));
            case "troubled" -> put(answer, decisions.troubled(job, segment));
            case "collected" -> put(answer, again.collected(job, segment));
            case "look" -> ReviverHandler.put(answer, decisions.look(job, segment, token));
            case "none" -> ReviverHandler.put(answer, decisions.none(job, segment, token));
            case "batch" -> ReviverHandler.put(answer, decisions.batch(job, segment, token, batch));
            case "give_up" -> ReviverHandler.put(answer, decisions.giveUp(job, segment, batch));
            case "collect_again" -> ReviverHandler.put(answer, again.collect(job, segment, batch));
            default -> throw new IllegalArgumentException("nothing is decided by " + decide);
        };
    }

    private static ObjectNode put(ObjectNode answer, Doubt doubt) {
        Submission submission = doubt.submission();
        return answer.put("outcome", "shown")
                .put("state", doubt.segment().state().name())
                .put("rows", doubt.segment().rows())
                .put("token", submission.token())
                .put("file_id", submission.fileId())
                .put("account", submission.account())
                .put("intended_at", submission.createdAt().toString())
                .put("lease_until", text(doubt.segment().leaseUntil()))
                .put("proof", doubt.proof())
                .put("intent", doubt.intent());
    }

    private static ObjectNode put(ObjectNode answer, SegmentItem segment) {
        return answer.put("outcome", "shown")
                .put("state", segment.state().name())
                .put("rows", segment.rows())
                .put("batch_id", segment.batchId())
                .put("submitted_at", text(segment.submittedAt()))
                .put("received_at", text(segment.receivedAt()))
                .put("collect_again", text(segment.collectAgain()))
                .put("provider_status", segment.providerStatus())
                .put("requests_completed", segment.requestsCompleted())
                .put("missing_since", text(segment.trouble().missing().since()))
                .put("missing_files", segment.trouble().missingFiles().size())
                .put("provider_says", segment.providerSays());
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
