package io.pairbatch.announce;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.JobState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One notification: what became of a job, in counts, codes and links. It goes to subscribers whom the bucket may be
/// closed to, so it holds no message (a provider's may quote a request) and no link that opens anything by itself.
///
/// @param subject ASCII, 100 characters at most, as SNS wants it
/// @param json one JSON object, for programs
/// @param mail the same in lines, for people
public record Announcement(String subject, String json, String mail, JobState state, String jobId) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// What is to be said of a job that came to rest in `state`.
    ///
    /// @param job as the registry has it; null where that could not be read, which must not keep the rest from being
    /// said
    public static Announcement of(
            String jobId, JobState state, @Nullable String code, @Nullable JobRecord job, Place place) {
        ObjectNode json = JSON.createObjectNode();
        json.put("job", jobId).put("state", state.name());
        if (job != null) {
            json.put("name", job.name());
            json.put("backend", job.backend()).put("model", job.model());
            counts(json, job, state);
        }
        if (code != null) {
            json.put("code", code).put("remedy", ErrorCode.remedyOf(code));
        }
        String folder = "s3://" + place.bucket() + "/jobs/" + jobId + "/";
        json.put("results", folder);
        if (code != null) {
            json.put("error", folder + "error.json");
        }
        json.put("console", place.console(jobId));
        // A job's id is made of a slug and 8 hex digits, 59 ASCII characters at most.
        String subject = "Pairbatch: " + jobId + " is " + state;
        return new Announcement(subject, JSON.writeValueAsString(json), mail(subject, json), state, jobId);
    }

    /// Where a job's files lie.
    public record Place(String bucket, String region) {

        String console(String jobId) {
            return "https://" + region + ".console.aws.amazon.com/s3/buckets/" + bucket + "?region=" + region
                    + "&prefix=jobs/" + jobId + "/";
        }
    }

    /// As the state machine passes it on.
    public ObjectNode toJson() {
        return JSON.createObjectNode()
                .put("subject", subject)
                .put("json", json)
                .put("mail", mail)
                .put("state", state.name())
                .put("job", jobId);
    }

    private static void counts(ObjectNode json, JobRecord job, JobState state) {
        json.put("rows", job.rowsRead()).put("rejected", job.rowsRejected());
        // Of an earlier end they would be wrong.
        boolean done = state == JobState.DONE;
        json.put("observed", done ? job.observed() : null).put("failed", done ? job.failed() : null);
        json.put("cost_usd", done ? job.costUsd() : null);
    }

    private static String mail(String subject, ObjectNode json) {
        List<String> lines = new ArrayList<>(List.of(subject, ""));
        json.properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                lines.add(field.getKey() + ": " + field.getValue().asString());
            }
        });
        return String.join("\n", lines) + "\n";
    }
}
