package io.pairbatch.chaos;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.Scenario.Upheaval;
import io.pairbatch.chaos.asl.StateMachine;
import io.pairbatch.chaos.asl.TaskFailed;
import io.pairbatch.chaos.provider.Judge;
import io.pairbatch.chaos.provider.Provider;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.job.JobFiles;
import io.pairbatch.lambda.Surroundings;
import io.pairbatch.merge.Pace;
import io.pairbatch.pairing.Repetition;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.http.Transport;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.Settings;
import io.pairbatch.store.Lanes;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The stack in one process, in virtual time: the real handlers and the real state machine between stand-ins for
/// everything that they act on.
final class World implements AutoCloseable {

    static final String BUCKET = "pairbatch-data";
    static final String TABLE = "pairbatch-registry";
    private static final String FOLDER = "inbox/essays/";
    private static final String COPY = "inbox/copy/";
    private static final String KEY = "sk-first";
    /// How often a person checks a job once nothing goes wrong any more.
    private static final Duration PERSON = Duration.ofHours(1);
    /// By then, every doubt that can be resolved without a person is resolved.
    private static final Duration DOUBT = Duration.ofDays(3);
    /// By then, every job has ended.
    private static final Duration LONGEST = Duration.ofDays(12);

    /// How long to watch whether anything of a deleted job comes back.
    private static final Duration AFTERLIFE = Duration.ofHours(3);

    /// A merge that puts each share into place by itself first, and so pauses: five pieces a call.
    private static final Pace PAUSING = new Pace(Lanes.ONE, Lanes.ONE, 1, Long.MAX_VALUE, 5, Duration.ofDays(1));

    private static final JsonMapper JSON = new JsonMapper();

    /// The ways to read answers, in the order in which they are asked for: back to the first one, too.
    private static final List<String> MODES = List.of("exact", "last", "tolerant");

    private static final String LABELLED =
            "Which has more {TRAIT_NAME} ({TRAIT_DESCRIPTION})?\n{SAMPLE_1}\n--\n{SAMPLE_2}\n" + "Answer " + Judge.FIRST
                    + ", " + Judge.SECOND + " or, for a tie, " + Judge.TIE + ".";

    /// A job that is being deleted.
    ///
    /// @param ended when nothing was left of it
    private record Deletion(String jobId, Instant ended) {}

    private final Scenario scenario;
    private final Timeline timeline = new Timeline(Scenario.START);
    private final Trace trace;
    private final Effects effects;
    private final MemoryTable table = MemoryTable.registry(TABLE, timeline.clock());
    private final MemoryBuckets buckets;
    private final Secrets secrets = new Secrets();
    private final Executions executions;
    private final Functions functions;
    private final Provider provider;
    private final Watch watch;
    private final SplittableRandom events;
    private final SplittableRandom losses;
    private MemoryTable.@Nullable Snapshot older;
    private @Nullable Deletion deletion;
    private @Nullable ArrayNode adopted;
    /// Whether items are lost that nobody has rebuilt.
    private boolean damaged;
    private int keys = 1;
    private int rereads;
    private int looks;
    private @Nullable BigDecimal limit;
    private @Nullable BigDecimal said;
    private boolean raisedAtTheEnd;
    private int uploads;

    /// Of its own, so that the rest of a seed's life does not depend on it.
    private final SplittableRandom damages;
    private final SplittableRandom expiries;

    private final Map<Integer, Instant> spoilt = new TreeMap<>();

    /// @param fates what happens to each effect
    /// @param reader receives each line of the trace
    World(Scenario scenario, StateMachine machine, Fates fates, Consumer<String> reader) {
        this.scenario = scenario;
        this.limit = scenario.money().usd();
        this.said = limit;
        SplittableRandom random = new SplittableRandom(scenario.seed());
        SplittableRandom latencies = random.split();
        SplittableRandom chance = random.split();
        SplittableRandom tokens = random.split();
        SplittableRandom engine = random.split();
        this.events = random.split();
        this.losses = new SplittableRandom(scenario.seed() ^ 0x6C6F7373L);
        this.damages = new SplittableRandom(scenario.seed() ^ 0x64616D616765L);
        this.expiries = new SplittableRandom(scenario.seed() ^ 0x657870697279L);
        this.trace = new Trace(timeline::now, reader);
        this.effects = new Effects(timeline, latencies, trace, fates);
        this.buckets = new MemoryBuckets(timeline.clock(), BUCKET);
        buckets.ignoreRange(request -> scenario.quirks().wholeBodies() && request.versionId() != null);
        buckets.onCreated(created -> {
            if (created.key().startsWith("inbox/")) {
                deliver(created.key());
            }
        });
        Settings settings = Settings.from(settings(scenario));
        this.provider = Providers.of(scenario, settings.baseUrl(scenario.backend()), timeline, random.split());
        provider.keys().allow(KEY, "project");
        secrets.key(settings.secret(scenario.backend()), KEY);
        this.watch = new Watch(timeline, table);
        AwsClients aws = new AwsClients(
                effects,
                () -> timeline.current().name,
                () -> HexFormat.of().toHexDigits(tokens.nextLong()),
                watch::look);
        DynamoDbClient dynamo = aws.wrap(DynamoDbClient.class, table);
        S3Client s3 = aws.wrap(S3Client.class, buckets);
        SecretsManagerClient manager = aws.wrap(SecretsManagerClient.class, secrets);
        Network network = new Network(this::send, timeline::sleep, chance);
        // The executions start the functions, and functions start executions.
        SfnClient[] sfn = new SfnClient[1];
        Surroundings around = new Surroundings(
                timeline.clock(),
                timeline::sleep,
                chance,
                settings,
                "us-east-1",
                s3,
                dynamo,
                () -> manager,
                () -> sfn[0],
                network,
                scenario.quirks().pausing() ? PAUSING : Pace.AT_ONCE);
        this.functions =
                new Functions(timeline, around, trace, watch, scenario.quirks().pausing());
        this.executions = new Executions(
                timeline, machine, functions, new EngineFaults(scenario, engine, timeline), engine, trace, this::died);
        sfn[0] = aws.wrap(SfnClient.class, executions);
        effects.onLeft(told -> {
            if (told) {
                executions.abort(ExecutionStatus.ABORTED);
            } else {
                executions.vanish();
            }
        });
    }

    private static Map<String, String> settings(Scenario scenario) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "PAIRBATCH_BUCKET",
                BUCKET,
                "PAIRBATCH_TABLE",
                TABLE,
                "PAIRBATCH_STATE_MACHINE",
                Executions.STATE_MACHINE,
                "PAIRBATCH_PREFLIGHT",
                "off"));
        settings.put("PAIRBATCH_" + scenario.backend().name() + "_SECRET", "key");
        return settings;
    }

    /// The settings of a deployment that leaves the job's provider out.
    private static Map<String, String> without(Scenario scenario) {
        Map<String, String> settings = settings(scenario);
        settings.put("PAIRBATCH_PROVIDERS", Backend.codes(EnumSet.complementOf(EnumSet.of(scenario.backend()))));
        return settings;
    }

    private Transport.Reply send(java.net.http.HttpRequest request, Transport.Connection connection, Deadline end)
            throws IOException {
        Effect effect = new Effect(
                scenario.backend().code(),
                request.method() + " " + request.uri().getPath(),
                timeline.current().name);
        return effects.act(effect, Effects.CONNECTION, () -> {
            watch.sending(request, () -> this::mirrored);
            boolean upload =
                    request.method().equals("POST") && request.uri().getPath().endsWith("/files");
            if (upload && ++uploads == scenario.money().lowered()) {
                lowerLimit();
            }
            return provider.send(request, connection, end);
        });
    }

    private boolean mirrored(String jobId, String token) {
        return buckets.objects(BUCKET, "jobs/" + jobId + "/registry/")
                .anyMatch(object -> new String(object.bytes(), StandardCharsets.UTF_8).contains(token));
    }

    /// Runs the scenario.
    ///
    /// @throws Violation if something happens that must never happen
    void run() {
        if (scenario.quirks().rescued()) {
            adopted = Rescue.make(scenario, provider);
        }
        timeline.at(timeline.now(), this::drop);
        scenario.upheavals()
                .forEach(upheaval -> timeline.at(Scenario.START.plus(upheaval.at()), () -> apply(upheaval)));
        timeline.at(scenario.healsAt(), () -> {
            trace.say("world", () -> "heals");
            effects.heal();
            provider.heal();
        });
        everyHour();
        timeline.at(timeline.now().plus(PERSON), this::lookAfter);
        timeline.run(scenario.healsAt().plus(LONGEST));
    }

    private void everyHour() {
        timeline.at(timeline.now().plus(Duration.ofHours(1)), () -> {
            functions.call(Functions.Name.REVIVER, JSON.createObjectNode());
            everyHour();
        });
    }

    /// What a person does about a stopped job, according to the documentation.
    private void lookAfter() {
        String state = asked().map(this::state).orElse("");
        if (state.equals("DONE")) {
            // That of its judge may be at work once more.
            state = firstJob().map(this::state).orElse(state);
        }
        Deletion deleting = deletion;
        if (deleting != null
                && !deleting.ended().equals(Instant.MAX)
                && timeline.now().isAfter(deleting.ended().plus(AFTERLIFE))) {
            timeline.stop();
            return;
        }
        switch (state) {
            case "DONE", "REJECTED" -> {
                if (damaged && !executions.anyRunning() && !timeline.now().isBefore(calmFrom())) {
                    damaged = false;
                    firstJob().ifPresent(this::recover);
                    timeline.at(timeline.now().plus(PERSON), this::lookAfter);
                    return;
                }
                if (!executions.anyRunning() && scenario.money().raised() && !raisedAtTheEnd) {
                    raiseToWhatIsNeeded();
                    timeline.at(timeline.now().plus(PERSON), this::lookAfter);
                    return;
                }
                if (!executions.anyRunning() && state.equals("DONE") && grow(asked().orElseThrow())) {
                    timeline.at(timeline.now().plus(PERSON), this::lookAfter);
                    return;
                }
                if (!executions.anyRunning() && !timeline.now().isBefore(calmFrom())) {
                    timeline.stop();
                    return;
                }
            }
            case "WAITING_FOR_DECISION" -> {
                if (!executions.anyRunning()
                        && timeline.now().isAfter(scenario.healsAt().plus(DOUBT))) {
                    timeline.stop();
                    return;
                }
                if (looks++ % 2 == 0) {
                    lookAgain();
                } else {
                    goOn();
                }
            }
            case "FAILED", "WAITING_FOR_KEY" -> {
                if (timeline.now().isAfter(scenario.healsAt().plus(DOUBT))) {
                    giveUp();
                }
                if (damaged && looks++ % 2 == 0) {
                    firstJob().ifPresent(this::recover);
                } else {
                    goOn();
                }
            }
            default -> {
                // It is being worked on.
            }
        }
        timeline.at(timeline.now().plus(PERSON), this::lookAfter);
    }

    private String state(String jobId) {
        return Watch.text(item(jobId, "JOB"), "state");
    }

    /// `pairbatch continue JOB --limit 0`, of a job that has judged its sample; again until the job has heard of it.
    /// One
    /// that was cancelled stays as it is.
    private boolean grow(String jobId) {
        if (hasGrown(jobId) || !Watch.text(item(jobId, "JOB"), "cancelled_at").isEmpty()) {
            return false;
        }
        functions.call(
                Functions.Name.REVIVER,
                JSON.createObjectNode().put("job_id", jobId).put("limit", 0));
        return true;
    }

    /// Whether a job judges all rows.
    boolean hasGrown(String jobId) {
        PairTable.Samples samples = scenario.table().samples();
        AttributeValue limits = item(jobId, "JOB").get("limits");
        return samples == null
                || samples.limit() == 0
                || (limits != null && !limits.l().isEmpty());
    }

    /// What the documentation says of a job that has ended for lack of room.
    private void raiseToWhatIsNeeded() {
        raisedAtTheEnd = true;
        firstJob()
                .map(jobId -> Watch.number(item(jobId, "JOB"), "cost_needed"))
                .filter(needed -> needed > 0)
                .ifPresent(needed -> changeLimit(new BigDecimal(NanoUsd.limit(needed))));
    }

    /// `pairbatch continue JOB --max-cost`. Until then nothing may have cost more than the earlier limit.
    private void changeLimit(BigDecimal usd) {
        Verdict.nothingBeyondTheLimit(this);
        BigDecimal before = limit;
        limit = before == null ? usd : before.max(usd);
        said = usd;
        firstJob()
                .ifPresent(jobId -> functions.call(
                        Functions.Name.REVIVER,
                        JSON.createObjectNode().put("job_id", jobId).put("max_cost", usd.toPlainString())));
    }

    /// The first thing that `continue --max-cost` does, while a segment is uploaded: between the look at the money and
    /// the intent. The rest follows.
    private void lowerLimit() {
        firstJob().ifPresent(jobId -> {
            long nano = Watch.number(item(jobId, "JOB"), "cost_committed");
            if (nano > 0) {
                table.edit(jobId, "JOB", item -> item.put("cost_limit", AttributeValue.fromN(String.valueOf(nano))));
                BigDecimal usd = NanoUsd.toUsd(nano).setScale(6, RoundingMode.FLOOR);
                if (usd.signum() > 0) {
                    changeLimit(usd);
                }
            }
        });
    }

    /// The highest limit so far; null for none.
    @Nullable
    BigDecimal limit() {
        return limit;
    }

    /// `pairbatch continue`.
    private void goOn() {
        functions.call(Functions.Name.REVIVER, JSON.createObjectNode().put("job_id", asked().orElseThrow()));
    }

    /// `pairbatch resolve JOB SEGMENT --look`, of each segment in doubt.
    private void lookAgain() {
        segments(Set.of("IN_DOUBT")).forEach(item -> decide(item, "look", "token", Watch.text(item, "invocation")));
    }

    /// `pairbatch give-up JOB SEGMENT`: batches that no key knows, of which a person decides that they are lost.
    private void giveUp() {
        segments(Set.of("SUBMITTED", "ENDED"))
                .forEach(item -> decide(item, "give_up", "batch_id", Watch.text(item, "batch_id")));
    }

    private List<Map<String, AttributeValue>> segments(Set<String> states) {
        return items(jobId()).stream()
                .filter(item -> Watch.text(item, "item").startsWith("SEGMENT#"))
                .filter(item -> !Watch.text(item, "item").contains("#SUB#"))
                .filter(item -> states.contains(Watch.text(item, "state")))
                .toList();
    }

    private void decide(Map<String, AttributeValue> segment, String what, String name, String value) {
        ObjectNode event = JSON.createObjectNode()
                .put("job_id", Watch.text(segment, "job_id"))
                .put("segment", number(segment))
                .put("decide", what)
                .put(name, value);
        functions.call(Functions.Name.REVIVER, event);
    }

    /// When nothing more happens to the stack.
    private Instant calmFrom() {
        return scenario.upheavals().isEmpty()
                ? Scenario.START
                : Scenario.START.plus(scenario.upheavals().getLast().at()).plus(Duration.ofHours(4));
    }

    private void drop() {
        put(FOLDER, "job.json", jobJson().toString().getBytes(StandardCharsets.UTF_8));
        put(FOLDER, file(), scenario.table().csv());
    }

    private ObjectNode jobJson() {
        ObjectNode json = fields();
        if (scenario.money().capped()) {
            Providers.cap(scenario.backend()).forEach(json::put);
        }
        if (scenario.quirks().panel()) {
            json.putArray("judges").addObject().put("name", "only");
        }
        return said == null ? json : json.put("max_cost_usd", said);
    }

    private ObjectNode fields() {
        ObjectNode json = JSON.createObjectNode()
                .put("backend", scenario.backend().code())
                .put("model", Providers.model(scenario.backend()))
                .put("trait_name", "overall_quality")
                .put("batch_size", scenario.table().batchSize())
                .put("max_bad_rows", "100%")
                .put("keep_jsonl", scenario.keepsAnswers())
                .put("interval_seconds", scenario.intervalSeconds())
                .put("overdue", scenario.overdue());
        PairTable.Samples samples = scenario.table().samples();
        if (samples != null) {
            json.set("pairing", samples.pairing().deepCopy());
            if (samples.limit() > 0) {
                json.put("limit", samples.limit());
            }
        }
        Repetition repetition = scenario.table().repetition();
        if (repetition.isAny()) {
            json.put("both_orders", repetition.bothOrders()).put("repeats", repetition.repeats());
        }
        if (scenario.asksForLabels()) {
            json.put("prompt_template", LABELLED)
                    .putObject("verdict_labels")
                    .put("first", Judge.FIRST)
                    .put("second", Judge.SECOND)
                    .put("tie", Judge.TIE);
        }
        if (adopted != null) {
            json.set("adopted_batches", adopted.deepCopy());
        }
        return json;
    }

    private String file() {
        return scenario.table().samples() == null ? "pairs.csv" : "samples.csv";
    }

    private void put(String folder, String name, byte[] bytes) {
        buckets.putObject(r -> r.bucket(BUCKET).key(folder + name), RequestBody.fromBytes(bytes));
    }

    /// EventBridge notifies Step Functions of an object, at least once.
    private void deliver(String key) {
        ObjectNode event = JSON.createObjectNode();
        ObjectNode detail = event.putObject("detail");
        detail.putObject("bucket").put("name", BUCKET);
        detail.putObject("object").put("key", key);
        int times = events.nextInt(20) == 0 ? 2 : 1;
        for (int i = 0; i < times; i++) {
            timeline.at(
                    timeline.now().plus(Duration.ofMillis(200 + events.nextInt(3000))),
                    () -> executions.start("event-" + HexFormat.of().toHexDigits(events.nextInt()), event));
        }
    }

    /// The rule for executions that fail.
    private void died(String arn) {
        ObjectNode event = JSON.createObjectNode();
        event.putObject("detail").put("executionArn", arn);
        timeline.at(timeline.now().plus(Duration.ofMillis(500)), () -> functions.call(Functions.Name.REVIVER, event));
    }

    private void apply(Upheaval upheaval) {
        trace.say("world", () -> upheaval.kind().name());
        switch (upheaval.kind()) {
            case RESTART -> restart();
            case LOSE_TABLE -> {
                table.clear();
                watch.forget();
                restart();
            }
            case OLD_TABLE -> {
                if (older != null) {
                    table.reset(older);
                    watch.forget();
                }
                restart();
            }
            case LOSE_JOB -> {
                firstJob().ifPresent(jobId -> table.lose(jobId, "JOB"));
                watch.forget();
                restart();
            }
            case LOSE_ITEMS -> {
                firstJob().ifPresent(this::loseItems);
                watch.forget();
                restart();
            }
            case RECOVER -> firstJob().ifPresent(this::recover);
            case ABORT -> executions.abort(ExecutionStatus.ABORTED);
            case EVENT_AGAIN -> deliver(FOLDER + file());
            case DROP_AGAIN -> drop();
            case DROP_CHANGED -> {
                ObjectNode changed = jobJson().put("interval_seconds", 120).put("per_job_delay", 0);
                if (events.nextBoolean()) {
                    changed.put("batch_size", scenario.table().batchSize() + 1);
                }
                if (events.nextBoolean()) {
                    changed.put("tag_mode", MODES.get(events.nextInt(MODES.size())));
                }
                put(FOLDER, "job.json", changed.toString().getBytes(StandardCharsets.UTF_8));
                put(FOLDER, file(), scenario.table().csv());
            }
            case DROP_COPY -> {
                put(COPY, "job.json", jobJson().toString().getBytes(StandardCharsets.UTF_8));
                put(COPY, file(), scenario.table().otherCsv());
            }
            case READ_AGAIN -> asked().ifPresent(this::readAgain);
            case RETRY -> asked().ifPresent(this::retry);
            case CANCEL ->
                asked().ifPresent(jobId -> functions.call(
                        Functions.Name.REVIVER,
                        JSON.createObjectNode().put("job_id", jobId).put("cancel", true)));
            case COLLECT_AGAIN -> firstJob().ifPresent(this::collectAgain);
            case CONTINUE -> asked().ifPresent(jobId -> goOn());
            case CHANGE_LIMIT -> {
                // A lower one comes while segments are sent, between the look at the money and the intent.
                BigDecimal part = events.nextInt(3) == 0 ? new BigDecimal("0.4") : new BigDecimal("1.5");
                changeLimit(Objects.requireNonNull(limit).multiply(part).setScale(6, RoundingMode.CEILING));
            }
            case NEW_KEY -> newKey();
            case KEY_REVOKED -> {
                provider.keys().revoke(currentKey(), timeline.now());
                timeline.at(timeline.now().plus(Duration.ofHours(3)), () -> {
                    newKey();
                    wake();
                });
            }
            case LEFT_OUT -> functions.deploy(Settings.from(without(scenario)));
            case BROUGHT_BACK -> {
                functions.deploy(Settings.from(settings(scenario)));
                wake();
                if (firstJob().isEmpty()) {
                    drop();
                }
            }
            case STRAY -> firstJob().ifPresent(jobId -> Providers.stray(provider, scenario, jobId));
            case STRANGERS -> Providers.strangers(provider, scenario, events);
            case DELETE -> asked().ifPresent(jobId -> timeline.start("person", () -> delete(jobId)));
        }
        older = table.snapshot();
    }

    private void loseItems(String jobId) {
        for (Map<String, AttributeValue> item : List.copyOf(items(jobId))) {
            if (Watch.text(item, "item").startsWith("SEGMENT#") && losses.nextInt(3) == 0) {
                table.lose(jobId, Watch.text(item, "item"));
            }
        }
        damaged = true;
    }

    /// `pairbatch recover JOB`.
    private void recover(String jobId) {
        functions.call(
                Functions.Name.REVIVER,
                JSON.createObjectNode().put("job_id", jobId).put("recover", true));
    }

    /// `pairbatch reread JOB`.
    private void readAgain(String jobId) {
        ObjectNode event = JSON.createObjectNode().put("job_id", jobId);
        event.putObject("reading").put("tag_mode", MODES.get(rereads++ % MODES.size()));
        functions.call(Functions.Name.REVIVER, event);
    }

    /// `pairbatch retry JOB --codes all`: what was paid for and is lost is left out, and what has no room in the limit.
    private void retry(String jobId) {
        ObjectNode event = JSON.createObjectNode().put("job_id", jobId);
        event.putArray("retry").add("all");
        functions.call(Functions.Name.REVIVER, event);
    }

    /// `pairbatch collect-again JOB SEGMENT`, of a segment whose file with answers is cut short, or whose batch the
    /// provider no longer has, or neither.
    private void collectAgain(String jobId) {
        List<Map<String, AttributeValue>> collected = segments(Set.of("COLLECTED", "FAILED", "CANCELLED"));
        if (collected.isEmpty()) {
            return;
        }
        Map<String, AttributeValue> segment = collected.get(damages.nextInt(collected.size()));
        int number = number(segment);
        String output = JobFiles.output(number);
        byte[] bytes = file(jobId, output);
        if (bytes != null && scenario.readsOnce() && damages.nextBoolean()) {
            spoilt.put(number, timeline.now());
            byte[] part = Arrays.copyOf(bytes, damages.nextInt(bytes.length + 1));
            put("jobs/" + jobId + "/", output, part);
        } else if (expiries.nextInt(4) == 0) {
            String id = Watch.text(segment, "batch_id");
            provider.batches().stream()
                    .filter(batch -> batch.id().equals(id))
                    .forEach(batch -> batch.expunge(timeline.now()));
        }
        decide(segment, "collect_again", "batch_id", Watch.text(segment, "batch_id"));
    }

    /// The segments whose file with answers was damaged, with the time when it last was.
    Map<Integer, Instant> spoilt() {
        return spoilt;
    }

    private static int number(Map<String, AttributeValue> segment) {
        return Integer.parseInt(Watch.text(segment, "item").substring("SEGMENT#".length()));
    }

    /// `pairbatch delete JOB --cancel`, run again until it succeeds.
    private void delete(String jobId) {
        deletion = new Deletion(jobId, Instant.MAX);
        ObjectNode event = JSON.createObjectNode().put("step", "delete").put("cancel", true);
        event.putObject("job").put("job_id", jobId);
        while (true) {
            Duration pause = Duration.ofSeconds(5);
            try {
                JsonNode answer = functions
                        .call(Functions.Name.DELETER, event)
                        .await(timeline.now().plus(Duration.ofMinutes(5)));
                switch (answer.path("outcome").asString("")) {
                    case "record" -> event.put("step", "finish");
                    case "again" ->
                        pause = Duration.ofSeconds(answer.path("wait_seconds").asLong(1));
                    case "judges" -> answer.path("judges").forEach(judge -> delete(judge.asString("")));
                    case "done", "unknown" -> {
                        deletion = new Deletion(jobId, timeline.now());
                        return;
                    }
                    // There may be another key later.
                    default -> pause = Duration.ofMinutes(20);
                }
            } catch (TaskFailed e) {
                trace.say("person", e::toString);
            }
            timeline.sleep(pause);
        }
    }

    private String currentKey() {
        return keys == 1 ? KEY : "sk-" + keys;
    }

    private void newKey() {
        keys++;
        provider.keys().allow(currentKey(), "project");
        secrets.key("key", currentKey());
    }

    private void restart() {
        functions.kill();
        executions.vanish();
        timeline.at(timeline.now().plus(Duration.ofSeconds(60)), this::wake);
    }

    private void wake() {
        functions.call(Functions.Name.REVIVER, JSON.createObjectNode().put("wake", true));
    }

    /// The job that was deleted, or is being deleted.
    Optional<String> deleted() {
        return Optional.ofNullable(deletion).map(Deletion::jobId);
    }

    /// The only job of this world.
    ///
    /// @throws Violation if there is none
    String jobId() {
        return firstJob().orElseThrow(() -> new Violation(Violation.Kind.UNFINISHED, "the files never became a job"));
    }

    private Optional<String> firstJob() {
        return table.items().stream()
                .filter(World::counts)
                .map(item -> Watch.text(item, "job_id"))
                .findFirst();
    }

    /// The job that the files became: what a person asks something of. It is the one that judges the pairs, unless that
    /// is its judge's.
    Optional<String> asked() {
        return scenario.quirks().panel()
                ? table.items().stream()
                        .filter(item -> item.containsKey("judges"))
                        .filter(item -> !Watch.text(item, "state").equals("CANCELLED"))
                        .map(item -> Watch.text(item, "job_id"))
                        .findFirst()
                : firstJob();
    }

    /// Whether an item is that of the job that judges the pairs.
    private static boolean counts(Map<String, AttributeValue> item) {
        return isClaimed(item) && !Watch.text(item, "state").equals("DUPLICATE");
    }

    /// Whether an item is that of a job that no other has replaced. One that was refused at its claim names no
    /// provider.
    private static boolean isClaimed(Map<String, AttributeValue> item) {
        return Watch.text(item, "item").equals("JOB")
                && !Watch.text(item, "backend").equals("unknown")
                && !List.of("WAITING_FOR_SPEC", "CANCELLED").contains(Watch.text(item, "state"));
    }

    /// The jobs that the table in the first folder became, without those that the bucket calls replaced: an older table
    /// does not know of that.
    List<String> jobsOfTheFolder() {
        return table.items().stream()
                .filter(World::isClaimed)
                .filter(item -> Watch.text(item, "source_key").equals(FOLDER + "pairs.csv"))
                .map(item -> Watch.text(item, "job_id"))
                .filter(jobId -> file(jobId, JobFiles.REPLACED) == null)
                .toList();
    }

    Map<String, AttributeValue> item(String jobId, String item) {
        return table.item(jobId, item);
    }

    /// All items of a job.
    List<Map<String, AttributeValue>> items(String jobId) {
        return table.items().stream()
                .filter(item -> Watch.text(item, "job_id").equals(jobId))
                .toList();
    }

    /// A file of a job; null if it does not exist.
    byte @Nullable [] file(String jobId, String name) {
        return buckets.bytes(BUCKET, "jobs/" + jobId + "/" + name).orElse(null);
    }

    /// All files of a job by name.
    Map<String, byte[]> files(String jobId) {
        Map<String, byte[]> files = new TreeMap<>();
        String prefix = "jobs/" + jobId + "/";
        buckets.objects(BUCKET, prefix)
                .forEach(object -> files.put(object.key().substring(prefix.length()), object.bytes()));
        return files;
    }

    /// Merges a finished job once more, as after a crash between its last write and its end.
    void mergeAgain(String jobId) {
        Map<String, AttributeValue> job = item(jobId, "JOB");
        table.edit(jobId, "JOB", item -> item.put("state", AttributeValue.fromS("MERGING")));
        watch.forget();
        ObjectNode event = JSON.createObjectNode().put("step", "merge").put("owner", Watch.text(job, "owner"));
        event.putObject("job").put("job_id", jobId).put("epoch", Watch.number(job, "epoch"));
        functions.call(Functions.Name.MERGER, event);
        settle(jobId);
    }

    /// Loses the table when everything is done, and restarts the stack.
    void loseTable() {
        String jobId = jobId();
        table.clear();
        watch.forget();
        wake();
        settle(jobId);
    }

    /// Continues until the job is done and no execution works on it.
    private void settle(String jobId) {
        timeline.goOn();
        lookAfter();
        timeline.run(timeline.now().plus(LONGEST));
        for (String done : List.of(jobId, asked().orElse(jobId))) {
            String state = Watch.text(item(done, "JOB"), "state");
            if (!state.equals("DONE")) {
                throw new Violation(Violation.Kind.UNFINISHED, "job " + done + ", which was done, is " + state);
            }
        }
    }

    Scenario scenario() {
        return scenario;
    }

    Effects effects() {
        return effects;
    }

    Provider provider() {
        return provider;
    }

    MemoryTable table() {
        return table;
    }

    MemoryBuckets buckets() {
        return buckets;
    }

    Judge judge() {
        return provider.setup().judge();
    }

    Executions executions() {
        return executions;
    }

    long digest() {
        return trace.digest();
    }

    Instant now() {
        return timeline.now();
    }

    @Override
    public void close() {
        timeline.close();
    }
}
