package io.pairbatch.chaos.provider;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.provider.Batch.Problem;
import io.pairbatch.chaos.provider.Batch.Stage;
import io.pairbatch.chaos.provider.GeminiFiles.Stored;
import io.pairbatch.chaos.provider.Judge.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Gemini's Files and Batch APIs in file mode, and single requests.
public final class GeminiProvider extends Provider {

    private static final Duration WINDOW = Duration.ofDays(2);
    private static final Duration KEPT = Duration.ofDays(42);
    private static final int MOST_OPEN = 100;
    private static final int USUAL_PAGE = 50;
    private static final String VERSION = "v1beta";
    private static final String CREATE = ":batchGenerateContent";
    private static final String LIVE = ":generateContent";
    private static final String DOWNLOAD = ":download";
    private static final String CANCEL = ":cancel";

    private final GeminiFiles files;
    private final GeminiView view;
    private final Map<String, Lines> results = new HashMap<>();

    /// A service without keys.
    ///
    /// @param setup whose base URL has no path
    public GeminiProvider(Setup setup) {
        super(Backend.GEMINI, setup);
        this.files = new GeminiFiles(setup.baseUrl().toString(), setup.limits().bytes());
        this.view = new GeminiView(lies(), setup.judge());
    }

    @Override
    boolean isOurs(String model) {
        return model.startsWith("gemini-");
    }

    @Override
    Operation operation(Inbound head) {
        String method = head.method();
        String last = head.segment(2);
        boolean one = head.path().size() == 3;
        return switch (head.segment(0) + "/" + head.segment(1)) {
            case "upload/" + VERSION -> Operation.UPLOAD;
            case "download/" + VERSION -> Operation.DOWNLOAD;
            case VERSION + "/files" -> one && method.equals("DELETE") ? Operation.DELETE_FILE : Operation.OTHER;
            case VERSION + "/batches" ->
                switch (method) {
                    case "GET" -> one ? Operation.RETRIEVE : Operation.LIST;
                    case "DELETE" -> Operation.DELETE_BATCH;
                    default -> last.endsWith(CANCEL) ? Operation.CANCEL : Operation.OTHER;
                };
            case VERSION + "/models" -> last.endsWith(CREATE) ? Operation.CREATE : Operation.LIVE;
            default -> Operation.OTHER;
        };
    }

    /// Batches are named `batches/…`, files `files/…`, as in the clients.
    @Override
    String id(Inbound head) {
        String kind = head.segment(0).equals("download") ? head.segment(2) : head.segment(1);
        String last = head.segment(0).equals("download") ? head.segment(3) : head.segment(2);
        boolean named = !last.isEmpty() && (kind.equals("batches") || kind.equals("files"));
        int colon = last.indexOf(':');
        return named ? kind + "/" + (colon < 0 ? last : last.substring(0, colon)) : "";
    }

    @Override
    String key(Inbound head) {
        String key = head.header("x-goog-api-key");
        return key.isEmpty() ? head.query().getOrDefault("key", "") : key;
    }

    @Override
    Answer words(Trouble trouble) {
        return GeminiErrors.words(trouble);
    }

    @Override
    Answer answer(Inbound request) {
        Operation operation = operation(request);
        if (operation == Operation.UPLOAD && request.query().containsKey("upload_id")) {
            // The upload's address itself is secret.
            return chunk(request);
        }
        if (key(request).isEmpty()) {
            throw new Refusal(GeminiErrors.unregistered());
        }
        String project = project(request);
        String method = request.method();
        return switch (operation) {
            case UPLOAD -> {
                must(method.equals("POST") && request.segment(2).equals("files"));
                yield files.start(request, fresh("upload").hex(32), project);
            }
            case CREATE -> {
                must(method.equals("POST"));
                yield create(request, project);
            }
            case RETRIEVE -> show(batch(request), request.at());
            case LIST -> list(request);
            case DOWNLOAD -> download(request, project);
            case CANCEL -> {
                must(method.equals("POST"));
                yield cancel(request);
            }
            case DELETE_FILE -> deleteFile(request, project);
            case DELETE_BATCH -> deleteBatch(request);
            case LIVE -> live(request);
            case OTHER -> {
                must(method.equals("GET") && request.segment(1).equals("files"));
                yield Answer.json(200, Json.utf8(files.json(file(request, project), request.at())));
            }
        };
    }

    private static void must(boolean known) {
        if (!known) {
            throw new Refusal(GeminiErrors.error(404, "Method not found.", GeminiErrors.NOT_FOUND));
        }
    }

    private Answer chunk(Inbound request) {
        boolean before = files.made(request) != null;
        Dice dice = new Dice(setup().seed()).with(request.query().getOrDefault("upload_id", ""));
        Answer answer = files.goOn(request, dice);
        Stored file = files.made(request);
        if (!before && file != null) {
            note(request, Operation.UPLOAD, "", "files/" + file.id(), List.of());
        }
        return answer;
    }

    @Override
    void half(Inbound request) {
        if (operation(request) == Operation.UPLOAD) {
            files.half(request);
        }
    }

    /// The uploaded file that a request names.
    private Stored file(Inbound request, String project) {
        String id = id(request).substring(id(request).indexOf('/') + 1);
        GeminiFiles.checkId(id);
        Stored file = files.find(id, project, request.at());
        if (file == null) {
            throw new Refusal(GeminiErrors.noFile(id));
        }
        return file;
    }

    private Batch batch(Inbound request) {
        return batch(request, id(request), GeminiErrors.notFound());
    }

    private Answer show(Batch batch, Instant at) {
        return Answer.json(200, Json.utf8(view.json(batch, at, responses(batch))));
    }

    /// Longer than what the calls that read file metadata accept.
    private static String responses(Batch batch) {
        return "files/batch-" + batch.id().substring("batches/".length());
    }

    private Answer create(Inbound request, String project) {
        String last = request.segment(2);
        String model = last.substring(0, last.length() - CREATE.length());
        JsonNode body = request.object();
        if (!request.isOfType("application/json") || body == null) {
            throw GeminiErrors.invalid("Invalid JSON payload received. Unexpected token.");
        }
        if (!serves(model)) {
            throw new Refusal(GeminiErrors.noModel(model));
        }
        JsonNode inner = body.path("batch");
        checkNames(body, "", Set.of("batch"));
        checkNames(inner, "batch", Set.of("display_name", "displayName", "input_config", "inputConfig", "priority"));
        JsonNode config = GeminiInput.get(inner, "input_config", "inputConfig");
        checkNames(config, "batch.input_config", Set.of("file_name", "fileName"));
        JsonNode displayName = GeminiInput.get(inner, "display_name", "displayName");
        String name = GeminiInput.get(config, "file_name", "fileName").asString("");
        Stored file = name.startsWith("files/") ? files.find(name.substring(6), project, request.at()) : null;
        if (file == null || !displayName.isString()) {
            throw new Refusal(GeminiErrors.noFile(name));
        }
        boolean ready = !request.at().isBefore(file.readyAt());
        if (!ready && !file.failsLate()) {
            throw new Refusal(GeminiErrors.error(
                    400,
                    "The File " + name + " is not in an ACTIVE state and usage is not allowed.",
                    "FAILED_PRECONDITION"));
        }
        List<Item> items = GeminiInput.read(file.content(), model);
        checkRoom(project, items.size(), request.at());
        Map<String, String> metadata = Map.of(GeminiView.DISPLAY_NAME, displayName.stringValue());
        Batch.Origin origin = new Batch.Origin(key(request), project, name, model, "", "", metadata, false);
        List<Problem> problems = ready
                ? List.of()
                : List.of(new Problem("file_not_found", "The file " + name + " was not found.", null, 0));
        return show(open(origin, request.at(), items, problems), request.at());
    }

    private static void checkNames(JsonNode object, String at, Set<String> known) {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw GeminiErrors.invalid("Invalid JSON payload received. Unknown name \"" + name + "\""
                        + (at.isEmpty() ? "" : " at '" + at + "'") + ": Cannot find field.");
            }
        }
    }

    private void checkRoom(String project, int requests, Instant at) {
        long open = batches().stream()
                .filter(batch -> batch.origin().project().equals(project))
                .filter(batch -> !batch.stage(at).ended())
                .count();
        if (open >= MOST_OPEN || isFull(project, requests, at)) {
            throw new Refusal(GeminiErrors.error(
                    429,
                    "You exceeded your current quota, please check your plan and billing details.",
                    "RESOURCE_EXHAUSTED"));
        }
    }

    private Batch open(Batch.Origin origin, Instant at, List<Item> items, List<Problem> problems) {
        return add("batches/" + fresh("batch").letters(36), at, origin, items, WINDOW, problems);
    }

    @Override
    Batch plant(Foreign foreign, List<Item> items) {
        Batch.Origin plain =
                foreign.origin(foreign.adopted() ? "" : "files/" + fresh("file").letters(12), "");
        Map<String, String> metadata = Map.of(GeminiView.DISPLAY_NAME, foreign.displayName());
        Batch.Origin named = new Batch.Origin(
                plain.key(), plain.project(), plain.fileId(), plain.model(), "", "", metadata, plain.foreign());
        return open(named, now(), items, List.of());
    }

    private Answer list(Inbound request) {
        for (String name : request.query().keySet()) {
            if (!Set.of("pageSize", "pageToken", "key").contains(name)) {
                throw GeminiErrors.invalid(
                        "Invalid JSON payload received. Unknown name \"" + name + "\": Cannot bind query parameter.");
            }
        }
        int wanted = USUAL_PAGE;
        try {
            wanted = Integer.parseInt(request.query().getOrDefault("pageSize", "" + USUAL_PAGE));
        } catch (NumberFormatException e) {
            throw GeminiErrors.invalid("Invalid value at 'page_size' (TYPE_INT32)");
        }
        String last = last(request.query().getOrDefault("pageToken", ""));
        Batches.Page page = page(request, last, wanted, GeminiErrors.invalid("Page token is invalid."));
        Json json = Json.object();
        if (!page.batches().isEmpty()) {
            json.openList("operations");
            for (Batch batch : page.batches()) {
                json.item(view.json(batch, request.at(), responses(batch)));
            }
            json.closeList();
        }
        String next = page.last();
        if (page.more() && next != null) {
            json.put("nextPageToken", Base64.getEncoder().encodeToString(next.getBytes(StandardCharsets.US_ASCII)));
        }
        return Answer.json(200, json.endBytes());
    }

    private static String last(String token) {
        try {
            return Json.text(Base64.getDecoder().decode(token));
        } catch (IllegalArgumentException e) {
            throw GeminiErrors.invalid("Page token is invalid.");
        }
    }

    private Answer cancel(Inbound request) {
        Batch batch = batch(request);
        if (batch.cancel(request.at())) {
            note(request, Operation.CANCEL, batch.id(), "", List.of());
        }
        return Answer.json(200, Json.object().endBytes());
    }

    /// A running batch stops when it is deleted.
    private Answer deleteBatch(Inbound request) {
        Batch batch = batch(request);
        batch.cancel(request.at());
        batch.delete(request.at());
        note(request, Operation.DELETE_BATCH, batch.id(), "", List.of());
        return Answer.json(200, Json.object().endBytes());
    }

    private Answer deleteFile(Inbound request, String project) {
        Stored file = file(request, project);
        files.remove(file.id());
        String name = "files/" + file.id();
        for (Batch batch : batches()) {
            if (batch.fileId().equals(name)) {
                batch.fail(new Problem("file_not_found", "The file was deleted.", null, 0), request.at());
            }
        }
        note(request, Operation.DELETE_FILE, "", name, List.of());
        return Answer.json(200, Json.object().endBytes());
    }

    /// The file outlives its batch's deletion.
    private Answer download(Inbound request, String project) {
        must(request.method().equals("GET") && request.segment(3).endsWith(DOWNLOAD));
        String file = id(request);
        Instant at = request.at();
        Batch batch = wrote(file, project);
        boolean there = batch != null
                && batch.stage(at) == Stage.COMPLETED
                && !batch.forgotten(at)
                && at.isBefore(batch.endsAt().plus(KEPT));
        if (batch == null || !there || !request.query().getOrDefault("alt", "").equals("media")) {
            throw new Refusal(GeminiErrors.noFile(file));
        }
        checkResults(batch, at, GeminiErrors.noFile(file));
        Lines lines = results.computeIfAbsent(file, id -> written(batch));
        Lines shown = lies().tells(Lie.OUTPUT_SHORT, batch, at) ? lines.half() : lines;
        return Answer.lines(shown.spoiled(request.spoils()).text());
    }

    private @Nullable Batch wrote(String file, String project) {
        for (Batch batch : batches()) {
            if (responses(batch).equals(file) && batch.origin().project().equals(project)) {
                return batch;
            }
        }
        return null;
    }

    private Lines written(Batch batch) {
        List<Lines.Line> lines = new ArrayList<>();
        for (Item item : batch.executed(batch.endsAt())) {
            lines.add(GeminiLines.line(batch, item, setup().judge()));
        }
        return Lines.shuffled(lines, batch.dice()).spoiled(batch.course().spoiled());
    }

    private Answer live(Inbound request) {
        String last = request.segment(2);
        must(request.method().equals("POST") && last.endsWith(LIVE));
        String model = last.substring(0, last.length() - LIVE.length());
        JsonNode body = request.object();
        if (!request.isOfType("application/json") || body == null) {
            throw GeminiErrors.invalid("Invalid JSON payload received. Unexpected token.");
        }
        if (!serves(model)) {
            throw new Refusal(GeminiErrors.noModel(model));
        }
        Item item = GeminiInput.item("", Dice.digest(request.body(), 0, request.body().length), model, body);
        String wrong = GeminiInput.shape(body);
        Problem problem = item.problem();
        if (wrong != null || problem != null) {
            throw GeminiErrors.invalid(
                    wrong != null || problem == null ? "Invalid JSON payload: " + wrong : problem.message());
        }
        Verdict verdict = item.verdict(setup().judge());
        switch (verdict.fate()) {
            case BAD_REQUEST -> throw refused(Trouble.BAD_REQUEST);
            case RATE_LIMITED -> throw refused(Trouble.RATE_LIMIT);
            case SERVER_ERROR -> throw refused(Trouble.SERVER_ERROR);
            case TIMED_OUT -> throw refused(Trouble.TIMEOUT);
            case WON, UNTAGGED, REFUSED, CUT -> note(request, Operation.LIVE, "", "", List.of(item));
        }
        return Answer.json(200, Json.utf8(GeminiLines.response(fresh("live"), item, verdict)));
    }
}
