package io.pairbatch.chaos.provider;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.provider.Batch.Problem;
import io.pairbatch.chaos.provider.Batch.Stage;
import io.pairbatch.chaos.provider.Course.End;
import io.pairbatch.chaos.provider.Judge.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Anthropic's Message Batches API, and single requests.
public final class AnthropicProvider extends Provider {

    private static final Duration WINDOW = Duration.ofDays(1);
    private static final Duration KEPT = Duration.ofDays(29);
    private static final long MOST_BYTES = 256_000_000;
    private static final int MOST_ON_A_PAGE = 1000;
    private static final Set<String> VERSIONS = Set.of("2023-06-01", "2026-10-21");

    private final Map<String, Lines> results = new HashMap<>();

    /// A service without keys.
    ///
    /// @param setup whose base URL has no path
    public AnthropicProvider(Setup setup) {
        super(Backend.ANTHROPIC, setup);
    }

    @Override
    boolean isOurs(String model) {
        return model.startsWith("claude-");
    }

    @Override
    Operation operation(Inbound head) {
        if (head.path().size() == 2) {
            return Operation.LIVE;
        }
        return switch (head.method() + " " + head.path().size() + head.segment(4)) {
            case "POST 3" -> Operation.CREATE;
            case "GET 3" -> Operation.LIST;
            case "GET 4" -> Operation.RETRIEVE;
            case "DELETE 4" -> Operation.DELETE_BATCH;
            case "GET 5results" -> Operation.DOWNLOAD;
            case "POST 5cancel" -> Operation.CANCEL;
            default -> Operation.OTHER;
        };
    }

    @Override
    String id(Inbound head) {
        return head.segment(3);
    }

    @Override
    String key(Inbound head) {
        String key = head.header("x-api-key");
        String bearer = head.header("authorization");
        return key.isEmpty() && bearer.startsWith("Bearer ") ? bearer.substring("Bearer ".length()) : key;
    }

    @Override
    Answer words(Trouble trouble) {
        return AnthropicErrors.words(trouble);
    }

    @Override
    Answer answer(Inbound request) {
        String project = project(request);
        String version = request.header("anthropic-version");
        if (!VERSIONS.contains(version)) {
            throw AnthropicErrors.invalid(
                    version.isEmpty()
                            ? "anthropic-version: header is required"
                            : "anthropic-version: \"" + version + "\" is not a valid version");
        }
        boolean batches = request.path().size() == 2 || request.segment(2).equals("batches");
        if (!request.segment(0).equals("v1") || !request.segment(1).equals("messages") || !batches) {
            throw refused(Trouble.NOT_FOUND);
        }
        return switch (operation(request)) {
            case CREATE -> create(request, project, version);
            case LIST -> list(request);
            case RETRIEVE -> view(batch(request), request.at());
            case CANCEL -> cancel(request);
            case DELETE_BATCH -> delete(request);
            case DOWNLOAD -> results(request);
            case LIVE -> live(request, version);
            case UPLOAD, DELETE_FILE, OTHER -> throw refused(Trouble.NOT_FOUND);
        };
    }

    private Batch batch(Inbound request) {
        return batch(request, id(request), AnthropicErrors.noBatch(id(request)));
    }

    private Answer create(Inbound request, String project, String version) {
        if (!request.isOfType("application/json")) {
            throw AnthropicErrors.invalid("content-type: must be application/json");
        }
        if (request.body().length > Math.min(MOST_BYTES, setup().limits().bytes())) {
            throw refused(Trouble.TOO_LARGE);
        }
        List<Item> items = AnthropicInput.read(
                request.body(), version, this::serves, setup().limits().requests());
        if (isFull(project, items.size(), request.at())) {
            throw new Refusal(
                    new Answer(
                            429,
                            Map.of("content-type", "application/json", "retry-after", "20"),
                            Json.utf8(
                                    AnthropicErrors.json(
                                            "rate_limit_error",
                                            "This request would exceed your organization's limit of batch requests in the processing queue."))));
        }
        Batch.Origin origin =
                new Batch.Origin(key(request), project, "", items.getFirst().model(), "", version, null, false);
        return view(open(origin, request.at(), items), request.at());
    }

    private Batch open(Batch.Origin origin, Instant at, List<Item> items) {
        return add("msgbatch_01" + fresh("batch").letters(22), at, origin, items, WINDOW, List.of());
    }

    /// A batch does not fail as a whole: instead, each request ends in an error.
    @Override
    Course course(String model, int requests, Dice dice) {
        Course drawn = super.course(model, requests, dice);
        return drawn.end() == End.FAILED ? drawn.ending(End.ALL_FAILED, 1) : drawn;
    }

    @Override
    Batch plant(Foreign foreign, List<Item> items) {
        return open(foreign.origin("", ""), now(), items);
    }

    private Answer view(Batch batch, Instant now) {
        return Answer.json(200, Json.utf8(json(batch, now)));
    }

    private String json(Batch batch, Instant now) {
        Instant at = lies().tells(Lie.EARLIER, batch, now) ? batch.createdAt() : now;
        Stage stage = batch.stage(at);
        Json json = Json.object()
                .put("id", batch.id())
                .put("type", "message_batch")
                .put(
                        "processing_status",
                        stage.ended() ? "ended" : stage == Stage.CANCELLING ? "canceling" : "in_progress");
        counts(json.open("request_counts"), batch, at, stage);
        boolean archived = !at.isBefore(batch.createdAt().plus(KEPT));
        boolean shown = stage.ended() && !lies().tells(Lie.NO_OUTPUT, batch, at);
        return json.close()
                .put("ended_at", stage.ended() ? time(batch.endsAt()) : null)
                .put("created_at", time(batch.createdAt()))
                .put("expires_at", time(batch.expiresAt()))
                .put("archived_at", archived ? time(batch.createdAt().plus(KEPT)) : null)
                .put("cancel_initiated_at", time(batch.cancelledAt()))
                .put(
                        "results_url",
                        shown && !archived
                                ? setup().baseUrl() + "/v1/messages/batches/" + batch.id() + "/results"
                                : null)
                .end();
    }

    private void counts(Json json, Batch batch, Instant at, Stage stage) {
        int succeeded = 0;
        int errored = 0;
        int unreached = 0;
        boolean none = lies().tells(Lie.NO_COUNTS, batch, at);
        if (stage.ended() && !none) {
            for (Item item : batch.executed(at)) {
                if (batch.answered(item, setup().judge())) {
                    succeeded++;
                } else {
                    errored++;
                }
            }
            unreached = batch.unreached().size();
        }
        json.put("processing", stage.ended() || none ? 0 : batch.items().size())
                .put("succeeded", succeeded)
                .put("errored", errored)
                .put("canceled", stage == Stage.CANCELLED ? unreached : 0)
                .put("expired", stage == Stage.EXPIRED ? unreached : 0);
    }

    private static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private Answer list(Inbound request) {
        for (String name : request.query().keySet()) {
            if (!name.equals("after_id") && !name.equals("limit")) {
                throw AnthropicErrors.invalid(name + ": Extra inputs are not permitted");
            }
        }
        int limit = limit(
                request,
                MOST_ON_A_PAGE,
                given -> AnthropicErrors.invalid("limit: Input should be 1 to " + MOST_ON_A_PAGE));
        Batches.Page page = page(
                request,
                request.query().getOrDefault("after_id", ""),
                limit,
                AnthropicErrors.invalid("after_id: no Message Batch with this id"));
        Json json = Json.object().openList("data");
        for (Batch batch : page.batches()) {
            json.item(json(batch, request.at()));
        }
        return Answer.json(
                200,
                json.closeList()
                        .put("has_more", page.more())
                        .put("first_id", page.first())
                        .put("last_id", page.last())
                        .endBytes());
    }

    private Answer cancel(Inbound request) {
        Batch batch = batch(request);
        boolean stopping = batch.stage(request.at()) == Stage.CANCELLING;
        if (!stopping && !batch.cancel(request.at())) {
            throw AnthropicErrors.invalid("Message Batch " + batch.id() + " has ended and cannot be canceled.");
        }
        note(request, Operation.CANCEL, batch.id(), "", List.of());
        return view(batch, request.at());
    }

    private Answer delete(Inbound request) {
        Batch batch = batch(request);
        if (!batch.stage(request.at()).ended()) {
            throw AnthropicErrors.invalid(
                    "In progress batches cannot be deleted. Consider canceling the batch instead.");
        }
        batch.delete(request.at());
        note(request, Operation.DELETE_BATCH, batch.id(), "", List.of());
        return Answer.json(
                200,
                Json.object()
                        .put("id", batch.id())
                        .put("type", "message_batch_deleted")
                        .endBytes());
    }

    private Answer results(Inbound request) {
        Batch batch = batch(request);
        Instant at = request.at();
        boolean archived = !at.isBefore(batch.createdAt().plus(KEPT));
        if (!batch.stage(at).ended() || archived) {
            throw new Refusal(AnthropicErrors.noResults(batch.id()));
        }
        checkResults(batch, at, AnthropicErrors.noResults(batch.id()));
        Lines lines = results.computeIfAbsent(batch.id(), id -> written(batch));
        Lines shown = lies().tells(Lie.OUTPUT_SHORT, batch, at) ? lines.half() : lines;
        return Answer.lines(shown.spoiled(request.spoils()).text());
    }

    private Lines written(Batch batch) {
        List<Lines.Line> lines = new ArrayList<>();
        for (Item item : batch.executed(batch.endsAt())) {
            lines.add(AnthropicLines.line(batch, item, setup().judge()));
        }
        boolean expired = batch.stage(batch.endsAt()) == Stage.EXPIRED;
        for (Item item : batch.unreached()) {
            lines.add(AnthropicLines.unreached(item, expired));
        }
        return Lines.shuffled(lines, batch.dice()).spoiled(batch.course().spoiled());
    }

    private Answer live(Inbound request, String version) {
        JsonNode body = request.object();
        if (!request.method().equals("POST") || !request.isOfType("application/json") || body == null) {
            throw AnthropicErrors.invalid("The request body is not valid JSON");
        }
        Item item = AnthropicInput.item(
                "", Dice.digest(request.body(), 0, request.body().length), body, version, this::serves);
        Problem problem = item.problem();
        if (problem != null) {
            int status = problem.code().equals("not_found_error") ? 404 : 400;
            throw new Refusal(AnthropicErrors.error(status, problem.code(), problem.message()));
        }
        Verdict verdict = item.verdict(setup().judge());
        switch (verdict.fate()) {
            case BAD_REQUEST -> throw refused(Trouble.BAD_REQUEST);
            case RATE_LIMITED -> throw refused(Trouble.RATE_LIMIT);
            case SERVER_ERROR -> throw refused(Trouble.SERVER_ERROR);
            case TIMED_OUT -> throw refused(Trouble.OVERLOADED);
            case WON, UNTAGGED, REFUSED, CUT -> note(request, Operation.LIVE, "", "", List.of(item));
        }
        Dice ids = fresh("live");
        return new Answer(
                200,
                Map.of(
                        "content-type",
                        "application/json",
                        "request-id",
                        "req_01" + ids.with("request").letters(22)),
                Json.utf8(AnthropicLines.message(ids, item, verdict)));
    }
}
