package io.pairbatch.step;

import io.pairbatch.job.RetryableException;
import io.pairbatch.registry.AnswerCost;
import io.pairbatch.registry.CollectedSegment;
import io.pairbatch.registry.Reservation;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A copy in S3 of what the registry must never lose: which creates were intended, their outcomes, and which segments
/// are accounted for. A registry that has lost its table, or was restored to an older state, is rebuilt from it
/// ([Restoration]).
///
/// An intent is stored here before its create is sent; outcomes and collected segments are written beside the
/// registry's own record.
public final class Mirror {

    static final String FOLDER = "registry/segment_";
    private static final Pattern NAME =
            Pattern.compile("registry/segment_(\\d{6,9})_(?:sub_(\\d{2,9})_)?([a-z]+)\\.json");
    private static final String LIMITS = "registry/limits.json";
    private static final String BEFORE = "segments_before";
    private static final String INTENT = "intent";
    private static final String OUTCOME = "outcome";
    private static final String COLLECTED = "collected";
    private static final String BOUND = "bound_nano_usd";
    private static final String OPEN_ENDED = "open_ended";
    private static final String COST = "cost_nano_usd";
    /// For older copies, which do not name the account.
    private static final String UNKNOWN_ACCOUNT = "unknown";

    private static final JsonMapper JSON = new JsonMapper();

    private Mirror() {}

    /// The information in a file's name.
    ///
    /// @param number of the submission; 0 if the file is not about one
    record Name(int segment, int number, String what) {

        static Optional<Name> of(String file) {
            Matcher name = NAME.matcher(file);
            return name.matches()
                    ? Optional.of(new Name(
                            Integer.parseInt(name.group(1)),
                            name.group(2) == null ? 0 : Integer.parseInt(name.group(2)),
                            name.group(3)))
                    : Optional.empty();
        }

        boolean isIntent() {
            return what.equals(INTENT);
        }

        boolean isCollected() {
            return what.equals(COLLECTED);
        }
    }

    /// An intended create and the rows that it was for.
    ///
    /// @param leaseUntil null in copies by older versions, which do not contain the rows either
    record Intended(Submission submission, @Nullable Instant leaseUntil, long firstRow, long lastRow, int rows) {

        /// Whether the current segment has the same rows.
        boolean fits(SegmentItem segment) {
            return rows == 0
                    || (rows == segment.rows() && firstRow == segment.firstRow() && lastRow == segment.lastRow());
        }
    }

    /// Writes an intended create, before it is sent.
    ///
    /// @param leaseUntil until when it may be sent
    public static void intent(JobStore store, SegmentItem segment, Submission s, Instant leaseUntil) {
        ObjectNode json = submission(s);
        json.put("account", s.account())
                .put("lease_until", leaseUntil.toString())
                .put("first_row", segment.firstRow())
                .put("last_row", segment.lastRow())
                .put("rows", segment.rows())
                .put(BOUND, s.bound().nano())
                .put(OPEN_ENDED, s.bound().openEnded());
        put(store, intentFile(s), json);
    }

    /// The file that [#intent] writes, in the job's folder.
    public static String intentFile(Submission s) {
        return submissionFile(s.segment(), s.number(), INTENT);
    }

    /// Writes the outcome of an intended create.
    public static void outcome(JobStore store, Submission s, SubmissionOutcome outcome, @Nullable String batchId) {
        put(
                store,
                submissionFile(s.segment(), s.number(), OUTCOME),
                submission(s).put("outcome", outcome.name()).put("batch_id", batchId));
    }

    /// Writes that every row of a segment is in a result file.
    public static void collected(JobStore store, int segment, CollectedSegment collected) {
        ObjectNode json = JSON.createObjectNode()
                .put("segment_index", segment)
                .put("state", collected.state().name())
                .put("observed", collected.observed())
                .put("failed", collected.failed())
                .put("tag_rules", collected.tagRules())
                .put("batch_id", collected.batchId())
                .put("provider_status", collected.providerStatus())
                .put("requests_total", collected.requestsTotal())
                .put("requests_completed", collected.requestsCompleted())
                .put("requests_failed", collected.requestsFailed())
                .put("error_code", collected.errorCode())
                .put("error_message", collected.errorMessage())
                .put("submitted_at", text(collected.submittedAt()))
                .put("ended_at", text(collected.endedAt()))
                .put("received_at", text(collected.receivedAt()))
                .put("output_file_id", collected.outputFileId())
                .put("error_file_id", collected.errorFileId());
        AnswerCost cost = collected.cost();
        if (cost != null) {
            json.put(COST, cost.nano())
                    .put("tokens_per_megabyte", cost.tokensPerMegabyte())
                    .put("costliest_nano_usd", cost.costliest());
        }
        put(store, collectedFile(segment), json);
    }

    /// The `number`-th submission of a segment with its outcome, if it was intended.
    static Optional<Intended> submission(JobStore store, int segment, int number) throws IOException {
        Optional<JsonNode> intent = read(store, submissionFile(segment, number, INTENT));
        if (intent.isEmpty()) {
            return Optional.empty();
        }
        JsonNode json = intent.get();
        JsonNode outcome = read(store, submissionFile(segment, number, OUTCOME)).orElseGet(JSON::createObjectNode);
        Submission submission = new Submission(
                segment,
                number,
                json.required("token").stringValue(),
                json.path("file_id").asString(""),
                json.path("account").asString(UNKNOWN_ACCOUNT),
                Instant.parse(json.required("created_at").stringValue()),
                outcome.has(OUTCOME)
                        ? SubmissionOutcome.valueOf(outcome.required(OUTCOME).stringValue())
                        : null,
                string(outcome, "batch_id"),
                new Reservation(
                        json.path(BOUND).asLong(0), json.path(OPEN_ENDED).asBoolean(false)));
        return Optional.of(new Intended(
                submission,
                time(json, "lease_until"),
                json.path("first_row").asLong(0),
                json.path("last_row").asLong(0),
                json.path("rows").asInt(0)));
    }

    /// How a segment was collected, if it was.
    static Optional<CollectedSegment> collected(JobStore store, int segment) throws IOException {
        return read(store, collectedFile(segment))
                .map(json -> new CollectedSegment(
                        SegmentState.valueOf(json.required("state").stringValue()),
                        json.required("observed").longValue(),
                        json.required("failed").longValue(),
                        string(json, "tag_rules"),
                        string(json, "batch_id"),
                        string(json, "provider_status"),
                        json.path("requests_total").asLong(0),
                        json.path("requests_completed").asLong(0),
                        json.path("requests_failed").asLong(0),
                        string(json, "error_code"),
                        string(json, "error_message"),
                        time(json, "submitted_at"),
                        time(json, "ended_at"),
                        time(json, "received_at"),
                        string(json, "output_file_id"),
                        string(json, "error_file_id"),
                        json.has(COST)
                                ? new AnswerCost(
                                        json.path(COST).longValue(),
                                        json.path("tokens_per_megabyte").asLong(0),
                                        json.path("costliest_nano_usd").asLong(0))
                                : null));
    }

    /// The number of the last create that was intended for each segment; nothing for one that never was.
    public static Map<Integer, Integer> intents(JobStore store) throws IOException {
        Map<Integer, Integer> last = new HashMap<>();
        store.list(
                FOLDER,
                file -> Name.of(file)
                        .filter(Name::isIntent)
                        .ifPresent(name -> last.merge(name.segment(), name.number(), Math::max)));
        return last;
    }

    /// Writes how many rows to judge after the specification's own limit, limit by limit.
    ///
    /// @param before how many segments there were when the last of them was set
    public static void limits(JobStore store, List<Integer> limits, int before) throws IOException {
        List<Integer> known = segmentsBefore(store);
        ObjectNode json = JSON.createObjectNode();
        limits.forEach(json.putArray("limits")::add);
        ArrayNode counts = json.putArray(BEFORE);
        for (int i = 0; i < limits.size() - 1; i++) {
            counts.add(i < known.size() ? known.get(i) : 0);
        }
        counts.add(before);
        put(store, LIMITS, json);
    }

    /// How many segments there were when each of the [#limits] was set; 0 where an older version did not say.
    public static List<Integer> segmentsBefore(JobStore store) throws IOException {
        return numbers(store, BEFORE);
    }

    /// The limits after the specification's own.
    public static List<Integer> limits(JobStore store) throws IOException {
        return numbers(store, "limits");
    }

    private static List<Integer> numbers(JobStore store, String name) throws IOException {
        return read(store, LIMITS)
                .map(json ->
                        json.path(name).valueStream().map(JsonNode::intValue).toList())
                .orElse(List.of());
    }

    private static ObjectNode submission(Submission s) {
        return JSON.createObjectNode()
                .put("segment_index", s.segment())
                .put("number", s.number())
                .put("token", s.token())
                .put("file_id", s.fileId())
                .put("created_at", s.createdAt().toString());
    }

    private static String submissionFile(int segment, int number, String what) {
        return String.format(Locale.ROOT, "%s%06d_sub_%02d_%s.json", FOLDER, segment, number, what);
    }

    private static String collectedFile(int segment) {
        return String.format(Locale.ROOT, "%s%06d_%s.json", FOLDER, segment, COLLECTED);
    }

    private static void put(JobStore store, String name, ObjectNode json) {
        try (Draft draft = store.create(name)) {
            draft.write(JSON.writeValueAsBytes(json));
            draft.write('\n');
            draft.commit();
        } catch (IOException e) {
            throw new RetryableException("the registry's mirror could not be written", e);
        }
    }

    /// A file of a few hundred bytes.
    private static Optional<JsonNode> read(JobStore store, String name) throws IOException {
        Optional<InputStream> file = store.open(name);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = file.get()) {
            return Optional.of(JSON.readTree(in));
        }
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static @Nullable String string(JsonNode json, String name) {
        return json.path(name).isString() ? json.path(name).stringValue() : null;
    }

    private static @Nullable Instant time(JsonNode json, String name) {
        String value = string(json, name);
        return value == null ? null : Instant.parse(value);
    }
}
