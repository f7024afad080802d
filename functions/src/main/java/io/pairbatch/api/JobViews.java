package io.pairbatch.api;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.JobIndex;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentCounts;
import io.pairbatch.registry.SegmentRecord;
import io.pairbatch.spec.Filing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Jobs as the API shows them: states, counts, times and errors, but no texts.
public final class JobViews {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int USUAL_PAGE = 20;
    private static final int LARGEST_PAGE = 100;

    private final JobIndex index;
    private final JobSearch search;
    private final InstantSource clock;

    public JobViews(JobIndex index, JobSearch search, InstantSource clock) {
        this.index = index;
        this.search = search;
        this.clock = clock;
    }

    ApiResponse page(Map<String, String> query) {
        query.keySet().stream()
                .filter(name -> !name.equals("limit") && !name.equals("next"))
                .findFirst()
                .ifPresent(name -> {
                    throw parameter("Unknown parameter " + name + "; valid parameters: limit and next.");
                });
        String next = query.get("next");
        JobIndex.Page page = index.page(limit(query.get("limit")), next == null ? null : decoded(next));
        ObjectNode body = JSON.createObjectNode();
        ArrayNode jobs = body.putArray("jobs");
        page.jobs().forEach(job -> jobs.add(summary(job)));
        body.put("next", page.next() == null ? null : encoded(page.next()));
        return ApiResponse.ok(200, body);
    }

    ApiResponse one(String idOrName) {
        return switch (search.find(idOrName)) {
            case JobSearch.Found.Registered registered -> ApiResponse.ok(200, whole(registered.job()));
            case JobSearch.Found.Waiting waiting -> ApiResponse.ok(200, waiting(waiting.folder()));
        };
    }

    private ObjectNode whole(JobRecord job) {
        ObjectNode body = summary(job);
        body.put("split_done", job.splitDone());
        SegmentCounts counts = index.segments(job.jobId(), window(job), clock.instant());
        ObjectNode segments = body.putObject("segments");
        new TreeMap<>(counts.byState()).forEach((state, n) -> segments.put(state.name(), n));
        ArrayNode notices = body.putArray("notices");
        if (job.strays().count() > 0) {
            notices.add(job.strays().describe());
        }
        job.reviving().ifPresent(notices::add);
        job.waits().ifPresent(notices::add);
        if (job.notice() != null) {
            notices.add(job.notice());
        }
        job.table().sentences().forEach(notices::add);
        Costs costs = job.costs();
        (job.state() == JobState.DONE ? costs.lacks(job.jobId()) : costs.waits()).ifPresent(notices::add);
        JobFigures.addCosts(body, costs, counts.forecast());
        body.putObject("requests").put("completed", counts.requestsCompleted()).put("failed", counts.requestsFailed());
        body.put("next_look", text(job.dueLook()));
        body.set("oldest_batch", counts.oldest().map(JobViews::batch).orElse(null));
        ArrayNode overdue = body.putArray("overdue_batches");
        counts.overdue().forEach(batch -> JobFigures.addOverdue(overdue, batch));
        body.put("overdue_count", counts.overdueCount());
        return body;
    }

    /// The batch that the job has waited for longest.
    private static ObjectNode batch(SegmentRecord segment) {
        return JSON.createObjectNode()
                .put("batch_id", segment.batchId())
                .put("segment", segment.index())
                .put("status", segment.providerStatus())
                .put("submitted_at", text(segment.submittedAt()));
    }

    /// How long a batch of the job may take.
    private static Duration window(JobRecord job) {
        return Arrays.stream(Backend.values())
                .filter(backend -> backend.code().equals(job.backend()))
                .findFirst()
                .map(backend -> Providers.of(backend).window())
                .orElse(Duration.ofDays(1));
    }

    private static ObjectNode summary(JobRecord job) {
        boolean waiting = job.state() == JobState.WAITING_FOR_SPEC;
        Filing filing = job.tags().filing();
        ObjectNode body = JSON.createObjectNode();
        // The note that a folder waits has an ID of its own, which will not be the job's.
        body.put("id", waiting ? null : job.jobId())
                .put("name", job.name())
                .put("state", job.state().name())
                .put("outcome", job.state() == JobState.DONE ? job.words() : null)
                .put("cancelled", job.cancelled())
                .put("backend", job.backend())
                .put("model", job.model())
                .put("simulated", job.simulated())
                .put("study", filing.study().isEmpty() ? null : filing.study())
                .put("source", job.sourceKey())
                .put("created_at", text(job.createdAt()))
                .put("updated_at", text(job.updatedAt()))
                .put("finished_at", text(job.finishedAt()));
        ObjectNode labels = body.putObject("labels");
        filing.labels().forEach(labels::put);
        ObjectNode rows = body.putObject("rows")
                .put("read", job.rowsRead())
                .put("accepted", job.rowsAccepted())
                .put("rejected", job.rowsRejected())
                .put("comparisons_per_row", job.perRow());
        JobFigures.addCounts(rows.putObject("rejected_by_reason"), job.table().rejected());
        ObjectNode pairs =
                body.putObject("pairs").put("observed", job.observed()).put("failed", job.failed());
        JobFigures.addCounts(pairs.putObject("failed_by_code"), job.failedByCode());
        body.put("cost_usd", job.costUsd());
        if (waiting) {
            body.put("waiting_for", job.errorMessage());
        }
        if (!job.judges().isEmpty()) {
            ObjectNode judges = body.putObject("judges");
            List<String> ids = job.judgeJobs();
            for (int i = 0; i < ids.size(); i++) {
                judges.put(job.judges().get(i), ids.get(i));
            }
        }
        if (job.panel() != null) {
            body.put("judge", job.judge()).put("judge_of", job.panel());
        }
        if (job.sameAs() != null) {
            body.put("same_as", job.sameAs());
        }
        if (job.awaitsDeletion() != null) {
            body.put("awaits_deletion", job.awaitsDeletion());
        }
        body.set("error", error(job));
        return body;
    }

    /// Our messages name fields, files and rows; they never hold a participant's text.
    private static @Nullable ObjectNode error(JobRecord job) {
        String code = job.errorCode();
        if (code == null) {
            return null;
        }
        return JSON.createObjectNode()
                .put("code", code)
                .put("message", job.errorMessage())
                .put("remedy", ErrorCode.remedyOf(code));
    }

    /// Posted, but not started yet.
    private static ObjectNode waiting(String folder) {
        return JSON.createObjectNode()
                .putNull("id")
                .put("name", folder)
                .put("state", JobState.WAITING_FOR_SPEC.name())
                .put("waiting_for", "the file of pairs is not there yet");
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return USUAL_PAGE;
        }
        int limit = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw parameter("limit must be a number from 1 to " + LARGEST_PAGE + ".");
        }
        return limit;
    }

    private static String encoded(Map<String, String> key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(key));
    }

    private static Map<String, String> decoded(String next) {
        try {
            byte[] json = Base64.getUrlDecoder().decode(next.getBytes(StandardCharsets.UTF_8));
            return JSON.readValue(json, new TypeReference<TreeMap<String, String>>() {});
        } catch (JacksonException | IllegalArgumentException e) {
            throw parameter("next must come from an earlier page.");
        }
    }

    private static ApiException parameter(String detail) {
        return new ApiException(ApiCode.API_PARAMETER_INVALID, detail);
    }
}
