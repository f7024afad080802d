package io.pairbatch.api;

import io.pairbatch.api.ApiException.Detail;
import io.pairbatch.problem.RefusalCode;
import io.pairbatch.revive.Continuation;
import io.pairbatch.spec.CostLimit;
import io.pairbatch.spec.Sample;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What can be done about a job, or about one of its segments. Nothing is done here: the stack's reviver is asked, as
/// by the command line, and refuses in the same words.
public final class JobActions {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String EVERYTHING = "all";
    private static final String MAX_COST = "max_cost_usd";

    /// The fields of each action's request.
    private static final Map<String, Set<String>> OF_JOBS = Map.of(
            "continue", Set.of("limit", MAX_COST),
            "retry", Set.of("codes"),
            "cancel", Set.of(),
            "recover", Set.of(),
            "reread", Set.of("tag_mode", "ambiguous", "tag_prefix", "tag_suffix", "verdict_labels"));

    /// What shows the segment for each action.
    private static final Map<String, String> OF_SEGMENTS =
            Map.of("resolve", "doubt", "give-up", "troubled", "collect-again", "collected");

    private static final Set<String> DECISIONS = Set.of("look", "batch", "none");

    private final JobSearch search;
    private final Requests requests;
    private final Reviver reviver;

    public JobActions(JobSearch search, Requests requests, Reviver reviver) {
        this.search = search;
        this.requests = requests;
        this.reviver = reviver;
    }

    /// Whether a job's path may end so.
    static boolean isOfJobs(String action) {
        return OF_JOBS.containsKey(action);
    }

    /// Whether a segment's path may end so.
    static boolean isOfSegments(String action) {
        return OF_SEGMENTS.containsKey(action);
    }

    /// `POST /jobs/{id}/{action}`.
    ApiResponse act(ApiRequest request, String caller, String idOrName, String action) {
        Fields fields = Fields.of(request, OF_JOBS.getOrDefault(action, Set.of()));
        ObjectNode event = JSON.createObjectNode();
        switch (action) {
            case "continue" -> {
                limit(event, fields);
                maxCost(event, fields);
            }
            case "retry" -> codes(event, fields);
            case "reread" -> {
                if (fields.body().isEmpty()) {
                    fields.wrong(
                            "tag_mode",
                            "no rule",
                            "one of tag_mode, ambiguous, tag_prefix, tag_suffix and verdict_labels");
                }
                event.set("reading", fields.body());
            }
            case "recover" -> event.put("recover", true);
            default -> event.put("cancel", true);
        }
        fields.check();
        return answer(request, caller, idOrName, event);
    }

    private static void limit(ObjectNode event, Fields fields) {
        JsonNode limit = fields.body().path("limit");
        boolean every = limit.isString() && limit.stringValue().equals(EVERYTHING);
        boolean number = limit.isInt() && limit.intValue() >= 1 && limit.intValue() <= Sample.MOST;
        if (every || number) {
            event.put("limit", every ? Sample.EVERY_ROW : limit.intValue());
        } else if (!limit.isMissingNode()) {
            fields.wrong("limit", "another value", "a number of rows from 1 to " + Sample.MOST + ", or \"all\"");
        }
    }

    private static void maxCost(ObjectNode event, Fields fields) {
        JsonNode usd = fields.body().path(MAX_COST);
        if (usd.isMissingNode()) {
            return;
        }
        if (fields.body().has("limit")) {
            fields.wrong(MAX_COST, "a value beside `limit`", "one of the two: first `max_cost_usd`, then `limit`");
            return;
        }
        Optional<BigDecimal> limit = usd.isNumber() ? CostLimit.of(usd.decimalValue()) : Optional.empty();
        if (limit.isEmpty() && !usd.isNull()) {
            fields.wrong(MAX_COST, "another value", CostLimit.EXPECTED + ", or null for no limit");
        }
        event.put("max_cost", limit.map(BigDecimal::toPlainString).orElse(null));
    }

    private static void codes(ObjectNode event, Fields fields) {
        ArrayNode codes = event.putArray("retry");
        JsonNode wanted = fields.body().path("codes");
        boolean texts = wanted.isArray() && wanted.valueStream().allMatch(JsonNode::isString);
        if (!texts && !wanted.isMissingNode()) {
            fields.wrong("codes", "another value", "a list of causes and error codes, or [\"all\"]");
        } else if (texts
                && wanted.valueStream().anyMatch(code -> code.stringValue().equals(EVERYTHING))) {
            codes.add(Continuation.EVERY_CODE);
        } else if (texts) {
            wanted.forEach(codes::add);
        }
    }

    /// `GET /jobs/{id}/segments/{n}/{action}`: what is known, by which a person decides.
    ApiResponse show(String idOrName, String segment, String action) {
        ObjectNode event = segment(segment).put("decide", OF_SEGMENTS.getOrDefault(action, ""));
        ObjectNode known = (ObjectNode) ask(idOrName, event);
        known.remove(List.of("step", "outcome"));
        return ApiResponse.ok(200, known);
    }

    /// `POST /jobs/{id}/segments/{n}/{action}`.
    ApiResponse decide(ApiRequest request, String caller, String idOrName, String segment, String action) {
        boolean resolves = action.equals("resolve");
        Fields fields = Fields.of(request, resolves ? Set.of("decide", "token", "batch_id") : Set.of("batch_id"));
        ObjectNode event = segment(segment);
        if (resolves) {
            String decision = fields.text("decide");
            if (!DECISIONS.contains(decision)) {
                fields.wrong("decide", "another value", "look, batch or none");
            }
            event.put("decide", decision).put("token", fields.needed("token"));
            if (decision.equals("batch")) {
                event.put("batch_id", fields.needed("batch_id"));
            }
        } else {
            event.put("decide", action.replace('-', '_')).put("batch_id", fields.needed("batch_id"));
        }
        fields.check();
        return answer(request, caller, idOrName, event);
    }

    private static ObjectNode segment(String number) {
        if (!number.matches("[1-9]\\d{0,8}")) {
            throw new ApiException(ApiCode.API_PARAMETER_INVALID, "The number of a segment is 1 or more.");
        }
        return JSON.createObjectNode().put("segment", Integer.parseInt(number));
    }

    private ApiResponse answer(ApiRequest request, String caller, String idOrName, ObjectNode event) {
        return requests.once(request, caller, () -> {
            JsonNode answer = ask(idOrName, event);
            String id = event.path("job_id").asString("");
            return JSON.createObjectNode()
                    .put("id", id)
                    .put("outcome", answer.path("outcome").asString(""))
                    .put(
                            "message",
                            answer.path("message").asString(answer.path("found").asString(null)))
                    .put("job", "/jobs/" + id);
        });
    }

    private JsonNode ask(String idOrName, ObjectNode event) {
        String id = switch (search.find(idOrName)) {
            case JobSearch.Found.Registered registered -> registered.job().jobId();
            case JobSearch.Found.Waiting waiting -> waiting.folder();
        };
        JsonNode answer = reviver.call(event.put("job_id", id));
        if (answer.path("outcome").asString("").equals("refused")) {
            throw ApiException.refused(
                    RefusalCode.valueOf(answer.required("code").stringValue()),
                    answer.path("message").asString(""),
                    answer.path("remedy").asString(""));
        }
        return answer;
    }

    /// The fields of a request's body, and what is wrong with them. No body is an empty one.
    private record Fields(ObjectNode body, List<Detail> problems) {

        static Fields of(ApiRequest request, Set<String> known) {
            ObjectNode body = request.body().isBlank() ? JSON.createObjectNode() : ApiBody.parsed(request);
            Fields fields = new Fields(body, new ArrayList<>());
            for (String name : body.propertyNames()) {
                if (!known.contains(name)) {
                    fields.wrong(
                            name,
                            "a field that this request does not have",
                            known.isEmpty()
                                    ? "none"
                                    : String.join(", ", known.stream().sorted().toList()));
                }
            }
            return fields;
        }

        String text(String name) {
            return body.path(name).isString() ? body.path(name).stringValue() : "";
        }

        String needed(String name) {
            if (text(name).isBlank()) {
                wrong(name, body.has(name) ? "no text" : "nothing", "the one that GET shows");
            }
            return text(name);
        }

        void wrong(String name, String found, String expected) {
            problems.add(Order.wrong(name, found, expected));
        }

        void check() {
            if (!problems.isEmpty()) {
                throw ApiException.invalid(problems);
            }
        }
    }
}
