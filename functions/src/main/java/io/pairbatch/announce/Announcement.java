package io.pairbatch.announce;

import io.pairbatch.pairs.Unjudged;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.Filing;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One notification about the end of a job: counts, codes and links. Subscribers may have no access to the bucket, so
/// it holds no message (a provider's may quote a request) and no link that grants access by itself.
///
/// @param subject ASCII, at most 100 characters, as SNS requires
/// @param json one JSON object, for programs
/// @param mail the same as lines of text, for people
public record Announcement(String subject, String json, String mail, JobState state, String jobId) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// The announcement of a job that ended in `state`.
    ///
    /// @param job as in the registry; null if the registry could not be read, which must not prevent the announcement
    public static Announcement of(
            String jobId, JobState state, @Nullable String code, @Nullable JobRecord job, Place place) {
        ObjectNode json = JSON.createObjectNode();
        Unjudged unjudged = job == null ? Unjudged.NONE : unjudged(job, state);
        json.put("job", jobId).put("state", state.name());
        if (job != null) {
            json.put("name", job.name());
            json.put("cancelled", job.cancelled());
            json.put("backend", job.backend()).put("model", job.model());
            filing(json, job.tags().filing());
            counts(json, job, state);
            unjudged.addTo(json);
        }
        if (code != null) {
            json.put("code", code).put("remedy", ErrorCode.remedyOf(code));
        }
        String folder = "s3://" + place.bucket() + "/jobs/" + jobId + "/";
        json.put("results", folder);
        if (code != null) {
            json.put("error", folder + "error.json");
        }
        json.put("next", "./pairbatch doctor " + jobId);
        json.put("console", place.console(jobId));
        String subject = subject(jobId, state, job);
        return new Announcement(subject, JSON.writeValueAsString(json), mail(subject, json, unjudged), state, jobId);
    }

    /// A job's ID consists of a slug and 8 hex digits, at most 59 ASCII characters. Where a job is done and has lost
    /// too much, its words are longer than its state.
    private static String subject(String jobId, JobState state, @Nullable JobRecord job) {
        String words = state == JobState.DONE && job != null ? job.words() : state.words();
        return "Pairbatch: " + jobId + (words.equals(state.words()) ? " is " + state : ": " + words);
    }

    /// Where a job's files are.
    public record Place(String bucket, String region) {

        String console(String jobId) {
            return "https://" + region + ".console.aws.amazon.com/s3/buckets/" + bucket + "?region=" + region
                    + "&prefix=jobs/" + jobId + "/";
        }
    }

    /// The JSON that the state machine passes on.
    public ObjectNode toJson() {
        return JSON.createObjectNode()
                .put("subject", subject)
                .put("json", json)
                .put("mail", mail)
                .put("state", state.name())
                .put("job", jobId);
    }

    private static void filing(ObjectNode json, Filing filing) {
        if (!filing.study().isEmpty()) {
            json.put("study", filing.study());
        }
        if (!filing.labels().isEmpty()) {
            filing.labels().forEach(json.putObject("labels")::put);
        }
    }

    private static void counts(ObjectNode json, JobRecord job, JobState state) {
        json.put("rows", job.rowsRead()).put("rejected", job.rowsRejected());
        // The counts are those of an earlier run and would be wrong.
        boolean done = state == JobState.DONE;
        json.put("outcome", done ? job.words() : null);
        json.put("observed", done ? job.observed() : null).put("failed", done ? job.failed() : null);
        json.put("cost_usd", done ? job.costUsd() : null);
    }

    private static Unjudged unjudged(JobRecord job, JobState state) {
        return state == JobState.DONE
                ? job.unjudged()
                : new Unjudged(job.table().rejected(), new TreeMap<>());
    }

    private static String mail(String subject, ObjectNode json, Unjudged unjudged) {
        List<String> lines = new ArrayList<>(List.of(subject, ""));
        json.path("labels")
                .properties()
                .forEach(label -> lines.add(
                        "label " + label.getKey() + ": " + label.getValue().asString()));
        unjudged.sentence().ifPresent(lines::add);
        json.properties().forEach(field -> {
            if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                lines.add(field.getKey() + ": " + field.getValue().asString());
            }
        });
        return String.join("\n", lines) + "\n";
    }
}
