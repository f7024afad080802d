package io.pairbatch.chaos.provider;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.provider.Batch.Problem;
import io.pairbatch.chaos.provider.Batch.Stage;
import io.pairbatch.chaos.provider.Judge.Verdict;
import io.pairbatch.chaos.provider.OpenAiFiles.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// OpenAI's Files and Batches APIs, and single requests.
public final class OpenAiProvider extends Provider {

    private static final Duration WINDOW = Duration.ofDays(1);
    private static final int MOST_REQUESTS = 50_000;
    private static final int MOST_ON_A_PAGE = 100;

    private final OpenAiFiles files;
    private final OpenAiView view;
    private final Map<String, Lines> results = new HashMap<>();

    /// A service without keys.
    ///
    /// @param setup whose base URL ends with `/v1`
    public OpenAiProvider(Setup setup) {
        super(Backend.OPENAI, setup);
        this.files = new OpenAiFiles(setup.limits().bytes());
        this.view = new OpenAiView(lies(), setup.judge());
    }

    @Override
    boolean isOurs(String model) {
        return model.startsWith("gpt-")
                || (model.length() > 1 && model.charAt(0) == 'o' && Character.isDigit(model.charAt(1)));
    }

    @Override
    Operation operation(Inbound head) {
        String method = head.method();
        String third = head.segment(2);
        boolean one = head.path().size() == 2;
        return switch (head.segment(0)) {
            case "files" -> {
                if (head.path().size() == 1 && method.equals("POST")) {
                    yield Operation.UPLOAD;
                }
                yield third.equals("content")
                        ? Operation.DOWNLOAD
                        : one && method.equals("DELETE") ? Operation.DELETE_FILE : Operation.OTHER;
            }
            case "batches" -> {
                if (head.path().size() == 1) {
                    yield method.equals("POST") ? Operation.CREATE : Operation.LIST;
                }
                yield third.equals("cancel") ? Operation.CANCEL : one ? Operation.RETRIEVE : Operation.OTHER;
            }
            case "chat", "responses" -> Operation.LIVE;
            default -> Operation.OTHER;
        };
    }

    @Override
    String id(Inbound head) {
        return head.segment(0).equals("chat") ? "" : head.segment(1);
    }

    @Override
    String key(Inbound head) {
        String header = head.header("authorization");
        return header.startsWith("Bearer ") ? header.substring("Bearer ".length()) : "";
    }

    @Override
    Answer words(Trouble trouble) {
        return OpenAiErrors.words(trouble);
    }

    @Override
    Answer answer(Inbound request) {
        String project = project(request);
        String last = request.path().size() > 2 ? "/" + request.segment(2) : "";
        String route =
                request.method() + " " + request.segment(0) + (request.path().size() > 1 ? "/*" : "") + last;
        if (request.path().size() > 3) {
            throw unknownUrl(request);
        }
        return switch (route) {
            case "POST files" -> upload(request, project);
            case "GET files/*" -> OpenAiFiles.view(file(request, project), 0);
            case "GET files/*/content" -> download(request, project);
            case "DELETE files/*" -> deleteFile(request, project);
            case "POST batches" -> create(request, project);
            case "GET batches" -> list(request);
            case "GET batches/*" -> show(batch(request, request.segment(1)), request.at());
            case "POST batches/*/cancel" -> cancel(request);
            case "POST chat/*" -> live(request, OpenAiInput.CHAT);
            case "POST responses" -> live(request, OpenAiInput.RESPONSES);
            default -> throw unknownUrl(request);
        };
    }

    private static Refusal unknownUrl(Inbound request) {
        String url = request.method() + " /v1/" + String.join("/", request.path());
        return new Refusal(OpenAiErrors.notFound("Invalid URL (" + url + ")", null));
    }

    private Batch batch(Inbound request, String id) {
        return batch(request, id, OpenAiErrors.noBatch(id));
    }

    private Answer show(Batch batch, Instant at) {
        return Answer.json(200, Json.utf8(json(batch, at)));
    }

    private String json(Batch batch, Instant at) {
        boolean ended = batch.stage(at).ended();
        String output = ended ? file(batch, false, at) : null;
        String errors = ended ? file(batch, true, at) : null;
        return view.json(batch, at, output, errors);
    }

    private Answer upload(Inbound request, String project) {
        Stored file = files.upload(request, "file-" + fresh("file").letters(22), project);
        files.add(file);
        note(request, Operation.UPLOAD, "", file.id(), List.of());
        return OpenAiFiles.view(file, file.content().length);
    }

    /// The file that a request names.
    private Stored file(Inbound request, String project) {
        String id = request.segment(1);
        Stored file = files.find(id, project, request.at());
        boolean there = file != null
                && !request.at().isBefore(file.readyAt())
                && (file.batch() == null || file(file.batch(), file.errors(), request.at()) != null);
        if (file == null || !there) {
            throw new Refusal(OpenAiErrors.noFile(id));
        }
        return file;
    }

    private Answer download(Inbound request, String project) {
        Stored file = file(request, project);
        Batch batch = file.batch();
        if (batch == null) {
            return new Answer(200, Map.of("content-type", "application/octet-stream"), file.content());
        }
        checkResults(batch, request.at(), OpenAiErrors.noFile(file.id()));
        Lines lines = lines(batch, file.errors());
        Lines shown = lies().tells(Lie.OUTPUT_SHORT, batch, request.at()) ? lines.half() : lines;
        return Answer.lines(shown.spoiled(request.spoils()).text());
    }

    private Answer deleteFile(Inbound request, String project) {
        Stored file = file(request, project);
        files.remove(file.id());
        for (Batch batch : batches()) {
            if (batch.fileId().equals(file.id())) {
                batch.fail(noInput(file.id()), request.at());
            }
        }
        note(request, Operation.DELETE_FILE, "", file.id(), List.of());
        return Answer.json(
                200,
                Json.object()
                        .put("id", file.id())
                        .put("object", "file")
                        .put("deleted", true)
                        .endBytes());
    }

    private static Problem noInput(String fileId) {
        return new Problem("file_not_found", "The input file '" + fileId + "' could not be found.", null, 0);
    }

    /// The ID of a results file; null if there is none.
    private @Nullable String file(Batch batch, boolean errors, Instant at) {
        boolean there = batch.stage(at).ended()
                && !batch.forgotten(at)
                && !lines(batch, errors).lines().isEmpty();
        return there ? resultId(batch, errors) : null;
    }

    private static String resultId(Batch batch, boolean errors) {
        return "file-" + batch.dice().with(errors ? "errors" : "output").letters(22);
    }

    /// The lines of a batch that has ended.
    private Lines lines(Batch batch, boolean errors) {
        return results.computeIfAbsent(resultId(batch, errors), id -> written(batch, errors));
    }

    private Lines written(Batch batch, boolean errors) {
        Judge judge = setup().judge();
        List<Lines.Line> lines = new ArrayList<>();
        Stage stage = batch.stage(batch.endsAt());
        if (stage == Stage.FAILED) {
            return new Lines(lines);
        }
        boolean failed = batch.course().end() == Course.End.ALL_FAILED;
        for (Item item : batch.executed(batch.endsAt())) {
            if (batch.answered(item, judge) != errors) {
                lines.add(OpenAiLines.line(batch, item, judge, failed));
            }
        }
        if (errors) {
            for (Item item : batch.unreached()) {
                lines.add(OpenAiLines.unreached(batch, item, stage == Stage.EXPIRED));
            }
        }
        return Lines.shuffled(lines, batch.dice()).spoiled(batch.course().spoiled());
    }

    private Answer create(Inbound request, String project) {
        JsonNode body = OpenAiCreate.body(request);
        Map<String, String> metadata = OpenAiCreate.metadata(body.path("metadata"));
        Duration kept = OpenAiFiles.life(body.path("output_expires_after"));
        String fileId = Json.text(body, "input_file_id");
        Instant at = request.at();
        Stored file = files.find(fileId, project, at);
        boolean ready = file != null && !at.isBefore(file.readyAt());
        if (file == null || file.batch() != null || (!ready && !file.failsLate())) {
            throw OpenAiErrors.invalid("No such File object: " + fileId, "input_file_id", null);
        }
        String endpoint = Json.text(body, "endpoint");
        OpenAiInput input = OpenAiInput.read(file.content(), endpoint, mostRequests(), this::serves);
        List<Problem> problems = new ArrayList<>(input.problems());
        if (!ready) {
            problems.add(0, noInput(fileId));
        }
        if (isFull(project, input.items().size(), at)) {
            problems.add(noRoom(input.model()));
        }
        Batch.Origin origin =
                new Batch.Origin(key(request), project, fileId, input.model(), endpoint, "", metadata, false);
        return show(open(origin, at, input.items(), problems, kept), at);
    }

    private int mostRequests() {
        return Math.min(MOST_REQUESTS, setup().limits().requests());
    }

    private Problem noRoom(String model) {
        return new Problem(
                "token_limit_exceeded",
                "Enqueued token limit reached for " + model + " in organization org-chaos. Limit: "
                        + setup().limits().openRequests()
                        + " enqueued tokens. Please try again once some in_progress batches have been completed.",
                null,
                0);
    }

    private Batch open(Batch.Origin origin, Instant at, List<Item> items, List<Problem> problems, Duration kept) {
        String id = "batch_" + fresh("batch").hex(32);
        Batch batch = add(id, at, origin, items, WINDOW, problems);
        for (boolean errors : new boolean[] {false, true}) {
            files.add(new Stored(
                    resultId(batch, errors),
                    origin.project(),
                    id + (errors ? "_error.jsonl" : "_output.jsonl"),
                    new byte[0],
                    batch,
                    errors,
                    at,
                    batch.endsAt().plus(kept),
                    at,
                    false));
        }
        return batch;
    }

    @Override
    Batch plant(Foreign foreign, List<Item> items) {
        Stored file = files.find(foreign.fileId(), foreign.project(), now());
        OpenAiInput input = file == null
                ? null
                : OpenAiInput.read(file.content(), OpenAiInput.CHAT, Integer.MAX_VALUE, this::serves);
        Batch.Origin origin =
                foreign.origin(file == null ? "file-" + fresh("file").letters(22) : file.id(), OpenAiInput.CHAT);
        return open(origin, now(), input == null ? items : input.items(), List.of(), OpenAiFiles.USUAL_LIFE);
    }

    private Answer list(Inbound request) {
        for (String name : request.query().keySet()) {
            if (!name.equals("after") && !name.equals("limit")) {
                throw OpenAiErrors.unknownParameter(name);
            }
        }
        int limit = limit(request, MOST_ON_A_PAGE, given -> OpenAiErrors.invalidValue("limit", given));
        String after = request.query().getOrDefault("after", "");
        Batches.Page page = page(request, after, limit, OpenAiErrors.invalidValue("after", after));
        Json json = Json.object().put("object", "list").openList("data");
        for (Batch batch : page.batches()) {
            json.item(json(batch, request.at()));
        }
        return Answer.json(
                200,
                json.closeList()
                        .put("first_id", page.first())
                        .put("last_id", page.last())
                        .put("has_more", page.more())
                        .endBytes());
    }

    private Answer cancel(Inbound request) {
        Batch batch = batch(request, request.segment(1));
        if (!batch.cancel(request.at())) {
            String message = "Cannot cancel a batch with status '" + batch.stage(request.at()) + "'.";
            throw new Refusal(OpenAiErrors.error(409, message, "invalid_request_error", null, null));
        }
        note(request, Operation.CANCEL, batch.id(), "", List.of());
        return show(batch, request.at());
    }

    private Answer live(Inbound request, String endpoint) {
        if (endpoint.equals(OpenAiInput.CHAT) && !request.segment(1).equals("completions")) {
            throw unknownUrl(request);
        }
        JsonNode body = OpenAiCreate.json(request);
        Item item = OpenAiInput.item("", Dice.digest(request.body(), 0, request.body().length), endpoint, body);
        if (!serves(item.model())) {
            throw new Refusal(OpenAiErrors.error(
                    404,
                    "The model `" + item.model() + "` does not exist or you do not have access to it.",
                    "invalid_request_error",
                    null,
                    "model_not_found"));
        }
        Problem problem = item.problem();
        if (problem != null) {
            throw OpenAiErrors.invalid(problem.message(), null, null);
        }
        Verdict verdict = item.verdict(setup().judge());
        switch (verdict.fate()) {
            case BAD_REQUEST -> throw refused(Trouble.BAD_REQUEST);
            case RATE_LIMITED -> throw refused(Trouble.RATE_LIMIT);
            case SERVER_ERROR -> throw refused(Trouble.SERVER_ERROR);
            case TIMED_OUT -> throw refused(Trouble.TIMEOUT);
            case WON, UNTAGGED, REFUSED, CUT -> note(request, Operation.LIVE, "", "", List.of(item));
        }
        Dice ids = fresh("live");
        String text =
                OpenAiLines.body(ids, endpoint, item, verdict, request.at().getEpochSecond());
        return new Answer(
                200,
                Map.of(
                        "content-type",
                        "application/json",
                        "x-request-id",
                        "req_" + ids.with("request").hex(32)),
                Json.utf8(text));
    }
}
