package io.pairbatch.cli.job;

import io.pairbatch.api.JobFigures;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.Filing;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A job for programs: one JSON object in one line. Times are ISO 8601 in UTC; unknown values are null. Names
/// are stable.
public final class JobJson {

    private static final JsonMapper JSON = JsonMapper.shared();

    private JobJson() {}

    /// `provider_says`, `waits`, `oldest_batch`, `next_look` and `notices` are what [JobSnapshot] holds for people.
    ///
    /// @param now decides which batches are overdue
    public static String of(JobSnapshot snapshot, Instant now) {
        Job job = snapshot.job();
        SegmentTotals segments = snapshot.segments();
        Filing filing = job.tags().filing();
        ObjectNode json = JSON.createObjectNode()
                .put("job_id", job.id())
                .put("state", job.state().name())
                .put("outcome", job.state() == JobState.DONE ? job.state().words(job.observed(), job.failed()) : null)
                .put("cancelled", job.cancelled())
                .put("backend", job.backend())
                .put("model", job.model())
                .put("simulated", job.simulated())
                .put("study", filing.study().isEmpty() ? null : filing.study())
                .put("rows", job.rowsRead())
                .put("rejected", job.rowsRejected())
                .put("comparisons_per_row", job.perRow())
                .put("observed", job.counted() ? job.observed() : null)
                .put("failed", job.counted() ? job.failed() : null)
                .put("created_at", text(job.createdAt()))
                .put("updated_at", job.updatedAt())
                .put("finished_at", text(job.finishedAt()))
                .put("same_as", job.sameAs())
                .put("awaits_deletion", job.awaitsDeletion())
                .put("error_code", job.errorCode())
                .put("error_message", job.errorMessage());
        ArrayNode judges = json.putArray("judges");
        for (int i = 0; i < job.judges().size(); i++) {
            judges.addObject()
                    .put("name", job.judges().get(i))
                    .put("job_id", job.judgeJobs().get(i));
        }
        json.put("panel", job.panel()).put("judge", job.judge());
        JobFigures.addCosts(json, job.costs(), snapshot.forecast());
        JobFigures.addCounts(
                json.putObject("rejected_by_reason"), job.unjudged().rejected());
        JobFigures.addCounts(json.putObject("failed_by_code"), job.unjudged().failed());
        ObjectNode labels = json.putObject("labels");
        filing.labels().forEach(labels::put);
        json.putObject("segments")
                .put("registered", segments.registered())
                .put("submitted", segments.submitted())
                .put("collected", segments.collected())
                .put("failed", segments.failed())
                .put("never_sent", segments.unsentSegments())
                .put("in_doubt", segments.inDoubt())
                .put("answered", segments.answered())
                .put("not_answered", segments.unanswered())
                .put("not_sent", segments.unsent())
                .put("judged", segments.judged())
                .put("not_judged", segments.without());
        list(json.putArray("provider_says"), snapshot.troubles());
        list(json.putArray("waits"), snapshot.waits().sentences());
        OpenBatch oldest = snapshot.waits().oldest();
        if (oldest == null) {
            json.putNull("oldest_batch");
        } else {
            json.putObject("oldest_batch")
                    .put("batch_id", oldest.batchId())
                    .put("segment", oldest.segment())
                    .put("status", oldest.status())
                    .put("submitted_at", oldest.submittedAt().toString())
                    .put(
                            "should_end_by",
                            oldest.submittedAt().plus(oldest.window()).toString());
        }
        json.put("next_look", text(snapshot.waits().nextLook()));
        ArrayNode overdue = json.putArray("overdue_batches");
        snapshot.waits().overdue(now).forEach(batch -> JobFigures.addOverdue(overdue, batch));
        list(json.putArray("notices"), snapshot.notices());
        return json.toString();
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    private static void list(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
