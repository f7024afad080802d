package io.pairbatch.chaos;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.PairTable.Row;
import io.pairbatch.chaos.Violation.Kind;
import io.pairbatch.chaos.provider.Batch;
import io.pairbatch.chaos.provider.Batch.Stage;
import io.pairbatch.chaos.provider.Call;
import io.pairbatch.chaos.provider.Item;
import io.pairbatch.chaos.provider.Journal;
import io.pairbatch.chaos.provider.Judge;
import io.pairbatch.chaos.provider.Judge.Fate;
import io.pairbatch.chaos.provider.Operation;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.FailureCause;
import io.pairbatch.provider.Answer;
import io.pairbatch.spec.Ambiguous;
import io.pairbatch.spec.AnswerRules;
import io.pairbatch.spec.TagMode;
import io.pairbatch.spec.VerdictLabels;
import io.pairbatch.text.Hex;
import io.pairbatch.text.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/// When nothing goes wrong any more, compares the user's results with what the provider did. Counts from the files,
/// never from the registry that is being checked.
final class Verdict {

    private static final String NO_CREDIT = "billing_hard_limit_reached";

    /// The default of `max_attempts`.
    private static final int MAX_ATTEMPTS = 2;

    /// No call that began before a cancel goes on for longer after it.
    private static final Duration LONGEST_CALL = Duration.ofMinutes(20);

    /// The check before a merge starts within this time before the merge.
    private static final Duration LAST_LOOK = Duration.ofHours(1);

    private final World world;
    private final String jobId;
    private final Map<String, AttributeValue> job;

    private Verdict(World world) {
        this.world = world;
        this.jobId = world.jobId();
        this.job = world.item(jobId, "JOB");
    }

    /// Checks a world whose job has ended.
    ///
    /// @return the state of the job
    /// @throws Violation if an invariant was violated
    static String of(World world) {
        if (world.deleted().isPresent()) {
            nothingIsLeft(world, world.deleted().get());
            return "DELETED";
        }
        Verdict verdict = new Verdict(world);
        String state = world.asked()
                .map(jobId -> Watch.text(world.item(jobId, "JOB"), "state"))
                .orElse("");
        nothingTwice(world, verdict.jobId);
        verdict.nothingIsMadeOfWhatWasRescued();
        oneJobOfOneUpload(world);
        nothingBeyondTheLimit(world);
        verdict.straysAreTold();
        switch (state) {
            case "DONE" -> {
                verdict.everyBatchIsKnown();
                verdict.everyOpenBatchIsAskedToStop();
                verdict.everySegmentIsCounted();
                verdict.everyRowOnce();
                verdict.nothingIsLeftOfTheMerge();
                verdict.everyBillIsTold();
                verdict.theMoneyIsCounted();
                verdict.theTableIsNamed();
                verdict.answersAreKept();
                verdict.answersAreReadAlike();
                verdict.theAskedReadingIsDone();
                verdict.theJudgesFilesAreJoined();
                verdict.mergedAgain();
                verdict.rebuilt();
            }
            case "WAITING_FOR_DECISION" -> verdict.aDoubtIsNamed();
            default ->
                throw new Violation(
                        Kind.UNFINISHED,
                        "the job is " + state + " (" + Watch.text(verdict.job, "error_code") + ": "
                                + Watch.text(verdict.job, "error_message") + ")");
        }
        return state;
    }

    private static void nothingIsLeft(World world, String jobId) {
        nothingTwice(world, jobId);
        if (!world.items(jobId).isEmpty()) {
            throw new Violation(
                    Kind.UNFINISHED,
                    "of the deleted job the registry has "
                            + world.items(jobId).getFirst().get("item") + " and others");
        }
        world.buckets()
                .versions(World.BUCKET, "jobs/" + jobId + "/")
                .findFirst()
                .ifPresent(version -> {
                    throw new Violation(
                            Kind.PROTOCOL,
                            version.key() + " of the deleted job is there, of " + version.lastModified());
                });
    }

    /// Batches that may have been, or may be, paid for.
    private List<Batch> ours() {
        return ours(world);
    }

    private static List<Batch> ours(World world) {
        return world.provider().batches().stream()
                .filter(batch -> !batch.foreign() && batch.stage(world.now()) != Stage.FAILED)
                .toList();
    }

    private static void nothingTwice(World world, String jobId) {
        Map<String, String> seen = new HashMap<>();
        for (Batch batch : ours(world)) {
            if (batch.forgotten(world.now()) && !isRecorded(world, jobId, batch)) {
                continue;
            }
            for (Item item : batch.items()) {
                // By its row: another job of the same table would ask for it under another id.
                String other = seen.put(rowAndAttempt(item), batch.id());
                if (other != null) {
                    throw new Violation(
                            Kind.DOUBLE_SUBMISSION, item.customId() + " is in " + other + " and in " + batch.id());
                }
            }
        }
    }

    /// The first batches of a rescued job are others'; of rows that were never sent, a person decides.
    private void nothingIsMadeOfWhatWasRescued() {
        if (!world.scenario().quirks().rescued()) {
            return;
        }
        for (Batch batch : world.provider().batches()) {
            if (batch.items().stream().anyMatch(item -> Rescue.isOurFirst(item.customId()))) {
                throw new Violation(Kind.DOUBLE_SUBMISSION, batch + " was made for rows of a rescued job");
            }
        }
    }

    /// Dropped again, and with other values of what is no judged field, a table stays one job.
    private static void oneJobOfOneUpload(World world) {
        List<String> jobs = world.jobsOfTheFolder();
        if (jobs.size() > 1) {
            throw new Violation(Kind.PROTOCOL, "one upload became the jobs " + String.join(" and ", jobs));
        }
    }

    private static boolean isRecorded(World world, String jobId, Batch batch) {
        return world.items(jobId).stream()
                .anyMatch(item -> Watch.text(item, "batch_id").equals(batch.id()));
    }

    private void everyBatchIsKnown() {
        Set<String> known = new HashSet<>();
        world.items(jobId).forEach(item -> known.add(Watch.text(item, "batch_id")));
        for (Batch batch : ours()) {
            // A batch that was forgotten before we could know of it cannot be found by anybody.
            if (!known.contains(batch.id()) && !batch.forgotten(world.now())) {
                throw new Violation(Kind.LOST, batch + " is in no registry");
            }
        }
    }

    /// Of a cancelled job no batch is read time and again as open that nobody has asked to stop.
    private void everyOpenBatchIsAskedToStop() {
        String cancelled = Watch.text(job, "cancelled_at");
        if (cancelled.isEmpty()) {
            return;
        }
        Instant known = Instant.parse(cancelled).plus(LONGEST_CALL);
        List<Call> calls = world.provider().journal().seen().stream()
                .map(Journal.Seen::call)
                .toList();
        Set<String> asked = calls.stream()
                .filter(call -> call.operation() == Operation.CANCEL)
                .map(Call::id)
                .collect(Collectors.toSet());
        for (Batch batch : ours()) {
            long open = calls.stream()
                    .filter(call ->
                            call.operation() == Operation.RETRIEVE && call.id().equals(batch.id()))
                    .filter(call ->
                            call.at().isAfter(known) && !batch.stage(call.at()).ended())
                    .count();
            if (open > 1 && !asked.contains(batch.id())) {
                throw new Violation(
                        Kind.PROTOCOL,
                        "the job was cancelled at " + cancelled + ", and nobody has asked the provider to stop " + batch
                                + ", which was read " + open + " times since");
            }
        }
    }

    /// What is reported as a stray is one; and if a job's last check read a truthful list, all strays are reported.
    private void straysAreTold() {
        Set<String> known = new HashSet<>();
        world.items(jobId).forEach(item -> known.add(Watch.text(item, "batch_id")));
        List<String> told = job.containsKey("strays")
                ? job.get("strays").l().stream().map(AttributeValue::s).toList()
                : List.of();
        for (String id : told) {
            if (known.contains(id) && Watch.text(job, "state").equals("DONE")) {
                throw new Violation(Kind.PROTOCOL, id + " is reported as a stray, but is in the registry");
            }
        }
        String merged = Watch.text(job, "merging_at");
        if (Watch.text(job, "stray_look").equals("LOOKED") && !merged.isEmpty()) {
            Instant before = Instant.parse(merged).minus(LAST_LOOK);
            boolean truthful = world.scenario().weather().lies() == 0
                    || before.isAfter(world.scenario().healsAt());
            world.provider().batches().stream()
                    .filter(batch -> truthful && batch.foreign() && isNamedAfterTheJob(batch))
                    .filter(batch -> batch.createdAt().isBefore(before))
                    .filter(batch -> batch.stage(world.now()) != Stage.FAILED && !batch.forgotten(world.now()))
                    .filter(batch -> !told.contains(batch.id()))
                    .findFirst()
                    .ifPresent(batch -> {
                        throw new Violation(Kind.PROTOCOL, batch + " is a stray, but is not reported");
                    });
        }
    }

    private boolean isNamedAfterTheJob(Batch batch) {
        String token = jobId.substring(jobId.length() - 8) + "-";
        return batch.metadata().values().stream()
                .anyMatch(value -> value.startsWith(token) || value.startsWith("pairbatch " + token));
    }

    private void aDoubtIsNamed() {
        boolean doubt =
                world.items(jobId).stream().anyMatch(i -> Watch.text(i, "state").equals("IN_DOUBT"));
        if (!doubt) {
            throw new Violation(Kind.UNFINISHED, "the job waits for a decision, but no segment is in doubt");
        }
    }

    /// The next segments get numbers after those that are counted.
    private void everySegmentIsCounted() {
        long items = world.items(jobId).stream()
                .filter(item -> isSegment(Watch.text(item, "item")))
                .count();
        if (Watch.number(job, "segments") != items) {
            throw new Violation(
                    Kind.PROTOCOL, "the job counts " + Watch.number(job, "segments") + " segments, and has " + items);
        }
    }

    private void nothingIsLeftOfTheMerge() {
        world.files(jobId).keySet().stream()
                .filter(name -> name.startsWith(JobFiles.MERGING))
                .findFirst()
                .ifPresent(name -> {
                    throw new Violation(Kind.PROTOCOL, name + " is left of the merge");
                });
    }

    private void everyRowOnce() {
        Map<String, Row> open = new TreeMap<>();
        wanted().forEach(row -> open.put(row.key(), row));
        Map<String, SortedMap<Integer, Sent>> sent = new HashMap<>();
        for (Batch batch : ours()) {
            for (Item item : batch.items()) {
                sent.computeIfAbsent(rowOf(item.customId()), row -> new TreeMap<>())
                        .put(item.attempt(), new Sent(item, batch));
            }
        }
        sent.forEach(this::onlyWhatFailedIsSentAgain);
        for (NamedCsvRecord judged : read("combined_results.csv")) {
            Row row = take(open, key(judged), "combined_results.csv");
            int attempt = Integer.parseInt(judged.getField("attempt"));
            Sent request = sent.getOrDefault(String.valueOf(row.number()), new TreeMap<>())
                    .get(attempt);
            if (request == null) {
                throw new Violation(
                        Kind.WRONG_WINNER,
                        "row " + row.number() + " has a winner in attempt " + attempt + ", which was never sent");
            }
            Item item = request.item;
            int position = item.verdict(world.judge()).better();
            String better = List.of("NA", row.id1(), row.id2()).get(position);
            int first = item.prompt().indexOf(row.text1());
            if (first < 0
                    || item.prompt().indexOf(String.valueOf(row.text2()), first) < 0
                    || !judged.getField("row").equals(String.valueOf(row.number()))
                    || !judged.findField("order").orElse("1").equals(String.valueOf(row.order()))
                    || !judged.getField("winner_pos").equals(String.valueOf(position))
                    || !judged.getField("better_id").equals(better)) {
                throw new Violation(
                        Kind.WRONG_WINNER,
                        "row " + row.number() + ": " + judged.getField("better_id") + " instead of " + better);
            }
        }
        for (NamedCsvRecord failed : read("failed_pairs.csv")) {
            Row row = take(open, key(failed), "failed_pairs.csv");
            if (!failed.getField("order").equals(String.valueOf(row.order()))
                    || !failed.getField("text1").equals(row.text1())
                    || !failed.getField("text2").equals(row.text2())) {
                throw new Violation(Kind.WRONG_WINNER, "row " + row.number() + " has other texts in failed_pairs.csv");
            }
            mayFail(
                    row,
                    failed.getField("error_code"),
                    sent.getOrDefault(String.valueOf(row.number()), new TreeMap<>()));
        }
        whatMayPassIsSentOften();
        if (!open.isEmpty()) {
            throw new Violation(Kind.LOST, "rows in no file: " + open.keySet());
        }
        List<String> rejected =
                read("rejected_rows.csv").stream().map(r -> r.getField("row")).toList();
        List<String> expected = world.scenario().table().rows().stream()
                .filter(row -> !row.accepted())
                .map(row -> String.valueOf(row.number()))
                .toList();
        if (!rejected.equals(expected)) {
            throw new Violation(Kind.LOST, "rejected rows are " + rejected + " instead of " + expected);
        }
    }

    /// All rows, or those of a sample that nobody has asked for more of.
    private List<Row> wanted() {
        PairTable table = world.scenario().table();
        return world.hasGrown(jobId) ? table.comparisons() : table.sample();
    }

    private static String key(NamedCsvRecord record) {
        return record.getField("ID1") + " " + record.getField("ID2") + " "
                + record.findField("repeat").orElse("1");
    }

    /// A request, and the batch that it was sent in.
    private record Sent(Item item, Batch batch) {}

    /// A pair whose answer was paid for, and has a winner, must not be paid for again.
    private void onlyWhatFailedIsSentAgain(String row, SortedMap<Integer, Sent> attempts) {
        for (Map.Entry<Integer, Sent> attempt : attempts.entrySet()) {
            Sent sent = attempt.getValue();
            boolean answered = isGiven(sent.batch)
                    && !sent.batch.forgotten(world.now())
                    && !sent.batch.lacksLines()
                    && sent.batch.billed(world.now(), world.judge()).contains(sent.item)
                    && sent.item.verdict(world.judge()).fate() == Fate.WON;
            if (answered && !attempt.getKey().equals(attempts.lastKey())) {
                throw new Violation(
                        Kind.DOUBLE_SUBMISSION,
                        "row " + row + " has a winner in " + sent.batch.id() + " and was sent again");
            }
        }
    }

    /// A pair that failed for a cause that may pass was sent as often as the job says, by what the provider was asked.
    private void whatMayPassIsSentOften() {
        boolean cancelled = !Watch.text(job, "cancelled_at").isEmpty();
        if (cancelled || world.scenario().quirks().rescued()) {
            return;
        }
        Map<String, Set<Integer>> sent = new HashMap<>();
        world.provider().batches().stream()
                .filter(batch -> !batch.foreign())
                .flatMap(batch -> batch.items().stream())
                .forEach(item -> sent.computeIfAbsent(rowOf(item.customId()), row -> new HashSet<>())
                        .add(item.attempt()));
        Set<String> passing = new HashSet<>();
        FailureCause.retriedByDefault().forEach(cause -> passing.add(cause.code()));
        for (NamedCsvRecord failed : read("failed_attempts.csv")) {
            String row = failed.getField("row");
            int times = sent.getOrDefault(row, Set.of()).size();
            if (failed.getField("final").equals("TRUE")
                    && passing.contains(failed.getField("cause"))
                    && times < MAX_ATTEMPTS) {
                throw new Violation(
                        Kind.LOST,
                        "row " + row + " failed for " + failed.getField("cause") + " and was sent " + times
                                + " times only");
            }
        }
    }

    /// A pair whose answer was paid for must not be reported as failed, unless the model itself named no winner.
    private void mayFail(Row row, String code, SortedMap<Integer, Sent> attempts) {
        if (code.equals("budget_reached") && world.limit() == null) {
            throw new Violation(Kind.LOST, "row " + row.number() + " was not sent within a limit that there is not");
        }
        if (attempts.isEmpty()) {
            if (!code.equals("budget_reached")) {
                notForCredit(row);
            }
            return;
        }
        Item item = attempts.lastEntry().getValue().item;
        Batch batch = attempts.lastEntry().getValue().batch;
        boolean paid =
                isGiven(batch) && batch.billed(world.now(), world.judge()).contains(item);
        boolean forgotten = batch.forgotten(world.now());
        boolean lost = code.equals("batch_lost");
        if (lost && (forgotten || batch.lacksLines())) {
            return;
        }
        if (lost) {
            throw new Violation(Kind.LOST, "row " + row.number() + " counts as lost, but " + batch.id() + " exists");
        }
        if (paid && item.verdict(world.judge()).fate() == Fate.WON) {
            throw new Violation(
                    Kind.LOST,
                    "row " + row.number() + " failed as " + code + ", but " + batch.id() + " has its answer");
        }
    }

    /// Each request that is billed, and no other, is reported with its tokens; one whose answer is lost, with its code.
    private void everyBillIsTold() {
        Map<String, Integer> told = new HashMap<>();
        Set<String> lost = new HashSet<>();
        for (NamedCsvRecord judged : read("combined_results.csv")) {
            told.merge(rowAndAttempt(judged), 1, Integer::sum);
        }
        for (NamedCsvRecord failed : read("failed_attempts.csv")) {
            boolean answered = !failed.getField("prompt_tokens").equals("NA");
            // Another line of the same pair is the one that counts.
            boolean counts = !failed.getField("cause").equals(FailureCause.DUPLICATE.code());
            told.merge(rowAndAttempt(failed), answered && counts ? 1 : 0, Integer::sum);
            if (failed.getField("error_code").equals("batch_lost")) {
                lost.add(rowAndAttempt(failed));
            }
        }
        for (Batch batch : ours()) {
            if (batch.forgotten(world.now())) {
                batch.items().forEach(item -> told.remove(rowAndAttempt(item)));
                continue;
            }
            if (!isGiven(batch)) {
                continue;
            }
            for (Item item : batch.billed(world.now(), world.judge())) {
                if (!lost.contains(rowAndAttempt(item))) {
                    told.merge(rowAndAttempt(item), -1, Integer::sum);
                }
            }
        }
        told.values().removeIf(left -> left == 0);
        if (!told.isEmpty()) {
            throw new Violation(Kind.LOST, "rows with more or fewer answers in the files than were billed: " + told);
        }
    }

    /// Where the requests limit each answer, the provider never bills more than the job may cost.
    static void nothingBeyondTheLimit(World world) {
        BigDecimal limit = world.limit();
        if (limit != null && world.scenario().money().capped()) {
            BigDecimal bill =
                    ours(world).stream().map(batch -> bill(world, batch)).reduce(BigDecimal.ZERO, BigDecimal::add);
            if (bill.compareTo(limit) > 0) {
                throw new Violation(Kind.PROTOCOL, "USD " + bill + " were billed for a job that may cost " + limit);
            }
        }
    }

    /// What the provider bills for a batch.
    private static BigDecimal bill(World world, Batch batch) {
        BigDecimal usd = BigDecimal.ZERO;
        for (Item item : batch.billed(world.now(), world.judge())) {
            Judge.Verdict verdict = item.verdict(world.judge());
            boolean silent = world.scenario().backend() == Backend.GEMINI && verdict.fate() == Fate.REFUSED;
            Answer.Tokens tokens =
                    new Answer.Tokens(verdict.input(), silent ? 0L : verdict.output(), 0L, null, null, null);
            usd = usd.add(Objects.requireNonNull(PriceTable.bundled()
                    .batchCost(
                            item.model(),
                            new Answer(
                                    null, null, null, null, null, null, null, null, null, tokens, null, null, null))));
        }
        return usd;
    }

    /// What the job counts as spent is what the provider bills, to the nano-USD for each batch; it is more where some
    /// of it cannot be known: then what was reserved stands for it.
    private void theMoneyIsCounted() {
        long billed = 0;
        for (Batch batch : ours()) {
            billed += NanoUsd.of(bill(world, batch));
        }
        boolean known = world.items(jobId).stream()
                .noneMatch(item -> Watch.text(item, "outcome").equals("LATE"));
        for (Map<String, AttributeValue> item : world.items(jobId)) {
            if (isSegment(Watch.text(item, "item"))) {
                JsonNode tally = Json.MAPPER.readTree(Objects.requireNonNull(
                        world.file(jobId, JobFiles.tally((int) Watch.number(item, "segment_index")))));
                known &= tally.path("unaccounted").asLong() == 0
                        && tally.path("duplicate_lines").asLong() == 0;
            }
        }
        // Nobody can know a batch that was forgotten before its create was answered.
        known &= ours().stream().noneMatch(batch -> batch.forgotten(world.now()));
        long spent = Watch.number(job, "cost_spent");
        long committed = Watch.number(job, "cost_committed");
        boolean forgotten =
                ours().stream().anyMatch(batch -> batch.forgotten(world.now()) && !isRecorded(world, jobId, batch));
        // What others have sent has reserved nothing that could stand for answers that are lost.
        boolean unreserved = !known && world.scenario().quirks().rescued();
        if ((committed < billed && !forgotten && !unreserved) || (known && (spent != billed || committed != billed))) {
            throw new Violation(
                    Kind.PROTOCOL,
                    "the provider bills " + billed + " nano-USD, the job counts " + spent + " as spent and " + committed
                            + " with what is reserved");
        }
    }

    /// Gemini returns no results of a batch that did not complete.
    private boolean isGiven(Batch batch) {
        return world.scenario().backend() != Backend.GEMINI || batch.stage(world.now()) == Stage.COMPLETED;
    }

    /// A batch that failed for lack of credit is created again once there is credit, unless the job is cancelled: then
    /// a person continues it.
    private void notForCredit(Row row) {
        boolean cancelled = !Watch.text(job, "cancelled_at").isEmpty();
        if (cancelled || world.scenario().quirks().rescued()) {
            return;
        }
        boolean refused = world.provider().batches().stream()
                .filter(batch -> !batch.foreign() && holds(batch, row))
                .reduce((first, last) -> last)
                .filter(last -> last.failure().equals(NO_CREDIT))
                .isPresent();
        if (refused) {
            throw new Violation(Kind.LOST, "row " + row.number() + " was given up for lack of credit");
        }
    }

    private static boolean holds(Batch batch, Row row) {
        return batch.items().stream().anyMatch(item -> rowOf(item.customId()).equals(String.valueOf(row.number())));
    }

    private static String rowOf(String customId) {
        return Rescue.isTheirs(customId) ? Rescue.row(customId) : customId.split("-", -1)[1];
    }

    private static String rowAndAttempt(Item item) {
        return rowOf(item.customId()) + " in attempt " + item.attempt();
    }

    private static String rowAndAttempt(NamedCsvRecord record) {
        return record.getField("row") + " in attempt " + record.getField("attempt");
    }

    private static Row take(Map<String, Row> open, String id, String file) {
        Row row = open.remove(id);
        if (row == null) {
            throw new Violation(Kind.DUPLICATED, id + " is in " + file + " and in another place, or in no table");
        }
        return row;
    }

    private List<NamedCsvRecord> read(String file) {
        byte[] bytes = world.file(jobId, file);
        if (bytes == null) {
            throw new Violation(Kind.LOST, file + " is not there");
        }
        List<NamedCsvRecord> records = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> csv =
                CsvReader.builder().ofNamedCsvRecord(new String(bytes, StandardCharsets.UTF_8))) {
            csv.forEach(records::add);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return records;
    }

    /// The summary names the table by the bytes that were dropped.
    private void theTableIsNamed() {
        String named = told(JobFiles.SUMMARY, "/table/sha256");
        PairTable table = world.scenario().table();
        String dropped = Hex.of(Hex.sha256().digest(jobId.startsWith("copy-") ? table.otherCsv() : table.csv()));
        if (!named.equals(dropped)) {
            throw new Violation(Kind.PROTOCOL, "the summary names a table \"" + named + "\" instead of " + dropped);
        }
    }

    /// What decides a pair is in the bucket as the provider gave it, and whoever wanted it fetched once more has an
    /// answer.
    private void answersAreKept() {
        for (Map<String, AttributeValue> item : world.items(jobId)) {
            if (isSegment(Watch.text(item, "item"))
                    && !Watch.text(item, "collect_again").isEmpty()) {
                throw new Violation(Kind.PROTOCOL, Watch.text(item, "item") + " is still to be collected again");
            }
        }
        StringBuilder kept = new StringBuilder();
        for (Map.Entry<String, byte[]> file : world.files(jobId).entrySet()) {
            if (file.getKey().startsWith("again/")) {
                throw new Violation(Kind.PROTOCOL, file.getKey() + " was left behind");
            }
            if (file.getKey().endsWith("_again.json")
                    && !told(file.getKey(), "/done").equals("true")) {
                throw new Violation(Kind.PROTOCOL, file.getKey() + " is not settled");
            }
            if (file.getKey().matches("batch_\\d+_output\\.jsonl")) {
                kept.append(new String(file.getValue(), StandardCharsets.UTF_8));
            }
        }
        boolean damaged = world.spoilt().entrySet().stream().anyMatch(spoilt -> {
            String fetched = told(JobFiles.collectAgain(spoilt.getKey()), "/fetched_at");
            return fetched.isEmpty() || Instant.parse(fetched).isBefore(spoilt.getValue());
        });
        if (!world.scenario().keepsAnswers() || damaged) {
            return;
        }
        for (NamedCsvRecord judged : read(JobFiles.COMBINED)) {
            int attempt = Integer.parseInt(judged.getField("attempt"));
            if (attempt == 1 && world.scenario().quirks().rescued()) {
                continue; // sent by somebody else, under another id
            }
            String id = jobId.substring(jobId.length() - 8) + "-" + judged.getField("row")
                    + (attempt == 1 ? "" : "-r" + attempt);
            if (!kept.toString().contains("\"" + id + "\"")) {
                throw new Violation(Kind.LOST, "the answer " + id + " is in no file of the job any more");
            }
        }
    }

    /// All segments were read by the rules that the summary tells, as their items and their counts say.
    private void answersAreReadAlike() {
        String told = new AnswerRules(
                        told(JobFiles.SUMMARY, "/resolved/tag_prefix"),
                        told(JobFiles.SUMMARY, "/resolved/tag_suffix"),
                        TagMode.valueOf(tagMode().toUpperCase(Locale.ROOT)),
                        Ambiguous.valueOf(
                                told(JobFiles.SUMMARY, "/resolved/ambiguous").toUpperCase(Locale.ROOT)),
                        labels())
                .code();
        Set<String> rules = new HashSet<>();
        world.items(jobId).stream()
                .filter(item -> isSegment(Watch.text(item, "item")))
                .forEach(item -> {
                    int segment = Integer.parseInt(Watch.text(item, "item").substring("SEGMENT#".length()));
                    rules.add(Watch.text(item, "tag_rules"));
                    rules.add(told(JobFiles.tally(segment), "/tag_rules"));
                });
        if (!rules.equals(Set.of(told))) {
            throw new Violation(
                    Kind.WRONG_WINNER, "the summary says " + tagMode() + ", but not all was read so: " + rules);
        }
    }

    private Optional<VerdictLabels> labels() {
        String first = told(JobFiles.SUMMARY, "/resolved/verdict_labels/first");
        return first.isEmpty()
                ? Optional.empty()
                : Optional.of(new VerdictLabels(
                        first,
                        told(JobFiles.SUMMARY, "/resolved/verdict_labels/second"),
                        told(JobFiles.SUMMARY, "/resolved/verdict_labels/tie")));
    }

    /// The summary tells the rules that were asked for last, and that were promised.
    private void theAskedReadingIsDone() {
        if (!world.scenario().keepsAnswers()) {
            return;
        }
        String wanted = told(JobFiles.POLICY, "/spec/tag_mode");
        String told = tagMode();
        if (!wanted.isEmpty() && !wanted.equals(told)) {
            throw new Violation(Kind.PROTOCOL, "policy.json says " + wanted + ", and the summary " + told);
        }
    }

    private String tagMode() {
        return told(JobFiles.SUMMARY, "/resolved/tag_mode");
    }

    /// A text in one of the job's JSON files; empty if the file or the text is not there.
    private String told(String file, String pointer) {
        byte[] json = world.file(jobId, file);
        return json == null
                ? ""
                : Json.MAPPER
                        .readTree(new String(json, StandardCharsets.UTF_8))
                        .at(pointer)
                        .asString("");
    }

    /// Of a job that has judges: its files are those of their jobs, which have ended before it.
    private void theJudgesFilesAreJoined() {
        String panel = world.asked().orElse(jobId);
        if (panel.equals(jobId)) {
            return;
        }
        for (String file : List.of(JobFiles.COMBINED, JobFiles.FAILED_PAIRS)) {
            List<String> joined = rows(panel, file);
            List<String> own = rows(jobId, file);
            if (!joined.equals(own)) {
                throw new Violation(
                        Kind.LOST, file + " of " + panel + " has " + joined + ", that of its judge's job " + own);
            }
        }
        Map<String, AttributeValue> all = world.item(panel, "JOB");
        if (Watch.number(all, "observed") != Watch.number(job, "observed")
                || Watch.number(all, "failed") != Watch.number(job, "failed")) {
            throw new Violation(Kind.PROTOCOL, panel + " counts otherwise than its judge's job");
        }
    }

    private List<String> rows(String of, String file) {
        return CsvReader.builder()
                .ofNamedCsvRecord(new String(Objects.requireNonNull(world.file(of, file)), StandardCharsets.UTF_8))
                .stream()
                .map(row -> row.getField("ID1") + " " + row.getField("ID2") + " "
                        + row.findField("better_id").orElse("")
                        + row.findField("error_code").orElse(""))
                .toList();
    }

    private void mergedAgain() {
        Map<String, byte[]> before = world.files(jobId);
        world.mergeAgain(jobId);
        Map<String, byte[]> after = world.files(jobId);
        for (Map.Entry<String, byte[]> file : before.entrySet()) {
            if (!Arrays.equals(file.getValue(), after.get(file.getKey()))) {
                throw new Violation(Kind.PROTOCOL, "merging again wrote another " + file.getKey());
            }
        }
    }

    private void rebuilt() {
        Map<String, String> before = told();
        byte[] summary = world.file(jobId, JobFiles.SUMMARY);
        int creates = creates();
        world.loseTable();
        Map<String, String> after = told();
        byte[] rebuilt = world.file(jobId, JobFiles.SUMMARY);
        if (!Arrays.equals(summary, rebuilt)) {
            List<String> now = rebuilt == null ? List.of() : lines(rebuilt);
            List<String> differs = lines(summary == null ? new byte[0] : summary).stream()
                    .filter(line -> !now.contains(line))
                    .toList();
            throw new Violation(Kind.PROTOCOL, "a lost registry made another summary.json, without " + differs);
        }
        if (creates() != creates) {
            throw new Violation(
                    Kind.DOUBLE_SUBMISSION, "a lost registry made " + (creates() - creates) + " more creates");
        }
        for (String item : before.keySet()) {
            if (!before.get(item).equals(after.get(item))) {
                throw new Violation(
                        Kind.LOST, item + " was " + before.get(item) + " and was rebuilt as " + after.get(item));
            }
        }
    }

    private static List<String> lines(byte[] text) {
        return new String(text, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .toList();
    }

    private static boolean isSegment(String item) {
        return item.startsWith("SEGMENT#") && !item.contains("#SUB#");
    }

    private int creates() {
        List<Journal.Entry> creates = world.provider().journal().entries(Operation.CREATE);
        return (int) creates.stream().filter(entry -> !entry.foreign()).count();
    }

    private Map<String, String> told() {
        Map<String, String> told = new TreeMap<>();
        Map<String, AttributeValue> money = world.item(jobId, "JOB");
        told.put(
                "money",
                Watch.number(money, "cost_limit") + " " + Watch.number(money, "cost_committed") + " "
                        + Watch.number(money, "cost_spent"));
        Set<String> paid = new HashSet<>();
        ours().forEach(batch -> paid.add(batch.id()));
        for (Map<String, AttributeValue> item : world.items(jobId)) {
            String name = Watch.text(item, "item");
            if (paid.contains(Watch.text(item, "batch_id"))) {
                told.put("batch " + Watch.text(item, "batch_id"), "known");
            }
            if (isSegment(name)) {
                told.put(
                        name,
                        String.join(
                                " ",
                                Watch.text(item, "state"),
                                Watch.text(item, "batch_id"),
                                String.valueOf(Watch.number(item, "observed")),
                                String.valueOf(Watch.number(item, "failed"))));
            }
        }
        return told;
    }
}
