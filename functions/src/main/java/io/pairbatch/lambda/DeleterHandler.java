package io.pairbatch.lambda;

import io.pairbatch.forget.DeleteStep;
import io.pairbatch.forget.DeleteStep.Answer;
import io.pairbatch.job.Version;
import io.pairbatch.registry.DeletionRegistry.DeletingJob;
import io.pairbatch.registry.DeletionRegistry.Page;
import io.pairbatch.registry.DeletionRegistry.Removed;
import io.pairbatch.registry.FencedException;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Entry point of the deleter, which `pairbatch delete` calls until nothing is left: `{"step": "delete" | "record" |
/// "finish", "job": {"job_id"}, "cancel", "skip_provider", "after"}`. It works for 20 seconds per call, so that the
/// caller sees progress.
public final class DeleterHandler extends StepHandler {

    private static final Duration TIME_PER_CALL = Duration.ofSeconds(20);

    private final DeleteStep deleter;

    public DeleterHandler() {
        this(Surroundings.ofFunction());
    }

    public DeleterHandler(Surroundings around) {
        super(around);
        deleter = wiring.deleter();
    }

    @Override
    ObjectNode handle(JsonNode event, Deadline deadline) throws IOException, FencedException {
        String jobId = event.required("job").required("job_id").stringValue();
        Instant end = wiring.clock.instant().plus(TIME_PER_CALL);
        Deadline soon = new Deadline(end.isBefore(deadline.end()) ? end : deadline.end(), wiring.clock);
        return switch (event.path("step").asString("")) {
            case "record" -> page(deleter.read(jobId, event.path("after").asString(null)));
            case "finish" -> told(deleter.finish(jobId, soon));
            default ->
                told(deleter.delete(
                        jobId,
                        event.path("cancel").asBoolean(false),
                        event.path("skip_provider").asBoolean(false),
                        soon,
                        deadline));
        };
    }

    private static ObjectNode told(Answer answer) {
        return switch (answer) {
            case Answer.Unknown unknown -> outcome("unknown");
            case Answer.Refused refused ->
                outcome("refused").put("message", refused.message()).put("remedy", refused.remedy());
            case Answer.Again again ->
                progress("again", again.job()).put("message", again.why()).put("wait_seconds", again.seconds());
            case Answer.Judges judges -> {
                ObjectNode told = progress("judges", judges.job());
                judges.ids().forEach(told.putArray("judges")::add);
                yield told;
            }
            case Answer.Removable removable -> progress("record", removable.job());
            case Answer.Done done -> progress("done", done.job());
        };
    }

    private static ObjectNode progress(String outcome, DeletingJob job) {
        Removed removed = job.removed();
        @Nullable Instant since = job.since();
        ObjectNode answer = outcome(outcome)
                .put("pairbatch_version", Version.CURRENT)
                .put("phase", job.phase().name())
                .put("backend", job.backend())
                .put("since", since == null ? null : since.toString())
                .put("inbox_kept", job.inboxKept());
        String deleted = job.deleted();
        answer.set("deleted_job", deleted == null ? JSON.nullNode() : JSON.readTree(deleted));
        answer.putObject("removed")
                .put("object_versions", removed.versions())
                .put("delete_markers", removed.markers())
                .put("unfinished_uploads", removed.uploads())
                .put("inbox_versions", removed.inboxVersions())
                .put("inbox_delete_markers", removed.inboxMarkers())
                .put("registry_items", removed.items());
        return answer;
    }

    private static ObjectNode page(Page page) {
        ObjectNode answer = outcome("page").put("next", page.next());
        ArrayNode provider = answer.putArray("provider");
        page.forgotten().forEach(json -> JSON.readTree(json).forEach(provider::add));
        return answer;
    }
}
