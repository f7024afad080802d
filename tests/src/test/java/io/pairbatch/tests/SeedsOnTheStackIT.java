package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.stack.StackOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;

/// Like the seeds of the simulated world, but with real processes: each seed draws a job, the provider's faults, and
/// when the functions or the emulator are killed (SIGKILL). To run one seed: `-Dpairbatch.seed=7`; to run the first
/// few: `-Dpairbatch.seeds=4`.
///
/// A seed determines the actions, not their effects: processes have their own speed. Jobs run concurrently and share
/// what is killed.
@Tag("long")
@SuppressWarnings("NullAway.Init")
class SeedsOnTheStackIT {

    private static final long SEEDS = 20;
    private static final int SIDE_BY_SIDE = 4;
    private static final Duration PATIENCE = TestStack.PATIENCE;
    /// A create may start while 40 s are left: with less, nothing would be submitted.
    private static final int SPLITTER_TIMEOUT_SECONDS = 60;

    private static final String EMULATOR = "emulator";
    private static final List<String> FUNCTIONS = List.of("Splitter", "Poller", "Collector", "Merger");

    /// Faults for a job's batches, without the conditions that restrict them to the job.
    private static final List<String> FAULTS = List.of(
            "\"operation\": \"create\", \"action\": \"drop_after\"",
            "\"operation\": \"create\", \"action\": \"drop_before\"",
            "\"operation\": \"create\", \"action\": \"status_after\"",
            "\"operation\": \"create\", \"action\": \"status\", \"status\": 503",
            "\"operation\": \"create\", \"action\": \"status\", \"status\": 429, \"retry_after\": 1",
            "\"operation\": \"create\", \"action\": \"hang_after\", \"seconds\": 2, \"count\": 3",
            "\"operation\": \"retrieve\", \"action\": \"status\", \"status\": 503, \"count\": 2",
            "\"operation\": \"download\", \"action\": \"truncate\", \"file\": \"output\"",
            "\"operation\": \"download\", \"action\": \"hang\", \"seconds\": 2, \"count\": 3",
            "\"action\": \"unknown_status\"",
            "\"action\": \"odd_counts\", \"counts\": \"zero\"",
            "\"action\": \"all_lines_fail\"");

    @TempDir
    private Path folder;

    private Laptop laptop;
    private TestStack stack;

    /// Something that is killed once a job has reached some progress.
    ///
    /// @param progress of the job ([Running#progress])
    private record Blow(int progress, String victim) {}

    /// @param bad rows of the table that will be rejected
    /// @param faults of the provider
    private record Drawn(
            long seed,
            Backend backend,
            int rows,
            Set<Integer> bad,
            int batchSize,
            List<String> faults,
            List<Blow> blows) {

        static Drawn of(long seed) {
            SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 7);
            List<Backend> backends = List.of(Backend.values());
            Backend backend = backends.get(random.nextInt(backends.size()));
            int segments = 1 + random.nextInt(5);
            int batchSize = 1 + random.nextInt(20);
            int good = Math.max(1, segments * batchSize - random.nextInt(batchSize));
            Set<Integer> bad = new TreeSet<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                bad.add(1 + random.nextInt(good));
            }
            List<String> faults = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                faults.add(FAULTS.get(random.nextInt(FAULTS.size())) + ", \"nth\": " + (1 + random.nextInt(segments)));
            }
            List<Blow> blows = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                blows.add(new Blow(
                        random.nextInt(Running.COLLECTED * segments + 1),
                        FUNCTIONS.get(random.nextInt(FUNCTIONS.size()))));
            }
            if (random.nextInt(5) == 0) {
                blows.add(new Blow(random.nextInt(Running.COLLECTED * segments + 1), EMULATOR));
            }
            return new Drawn(seed, backend, good + bad.size(), bad, batchSize, List.copyOf(faults), blows);
        }

        String table() {
            StringBuilder csv = new StringBuilder("ID1,text1,ID2,text2\n");
            for (int row = 1; row <= rows; row++) {
                csv.append("A").append(row).append(",The first text of pair ").append(row);
                csv.append(bad.contains(row) ? "" : ",B" + row + ",The second text of pair " + row)
                        .append('\n');
            }
            return csv.toString();
        }

        String job() {
            return backend == Backend.OPENAI
                    ? Tables.job(batchSize, "\"metadata\": {\"case\": \"seed " + seed + "\"}")
                    : Tables.job(backend, batchSize);
        }
    }

    /// A running job of a seed.
    private static final class Running {

        static final int COLLECTED = 4;
        private static final int HELP = 5;

        private final Drawn drawn;
        private final String name;
        private final String token;
        private final List<Blow> blows;
        private final List<String> story = new ArrayList<>();
        private DroppedJob job;
        private int helped;
        private boolean over;

        Running(TestStack stack, Drawn drawn) throws Exception {
            this.drawn = drawn;
            this.name = TestStack.name("seed-" + drawn.seed());
            this.job = DroppedJob.on(stack, name);
            this.blows = new ArrayList<>(drawn.blows());
            job.put("pairs.csv", drawn.table());
            token = job.tokenWith(drawn.job());
        }

        String rules() {
            return drawn.faults().stream()
                    .map(fault -> Provider.rule(drawn.backend(), fault, "seed " + drawn.seed(), token))
                    .collect(Collectors.joining(",\n"));
        }

        void start() {
            job.put("job.json", drawn.job());
        }

        void dropAgain(TestStack stack) {
            job = DroppedJob.on(stack, name);
            job.put("pairs.csv", drawn.table());
            job.put("job.json", drawn.job());
        }

        /// From 0 to [#COLLECTED] for each segment.
        int progress() {
            return job.segments().stream()
                    .mapToInt(segment -> switch (DroppedJob.text(segment, "state")) {
                        case "PENDING" -> 0;
                        case "SUBMITTING", "IN_DOUBT" -> 1;
                        case "SUBMITTED" -> 2;
                        case "ENDED" -> 3;
                        default -> COLLECTED;
                    })
                    .sum();
        }

        @Override
        public String toString() {
            return "seed " + drawn.seed() + " (" + name + ", " + drawn + "; " + String.join(", ", story) + ")";
        }
    }

    @BeforeEach
    void start() {
        laptop = new Laptop(
                folder,
                StackOptions.defaults()
                        .withLeaseMarginSeconds(TestStack.LEASE_MARGIN_SECONDS)
                        .withAbsenceGapSeconds(TestStack.ABSENCE_GAP_SECONDS)
                        .withSplitterTimeoutSeconds(SPLITTER_TIMEOUT_SECONDS)
                        .withContext("deniedSeconds", "12")
                        .withContext("incompleteSeconds", "15")
                        .withWaitScale(TestStack.WAIT_SCALE)
                        .withSimulatorArguments("--batch-seconds", "2", "--seed", "7"));
        stack = laptop.up();
    }

    @AfterEach
    void end() {
        laptop.close();
    }

    @Test
    void nothingIsLostOrPaidTwiceWhateverIsKilled() throws Exception {
        Long only = Long.getLong("pairbatch.seed");
        long count = Long.getLong("pairbatch.seeds", SEEDS);
        List<Long> seeds =
                only == null ? LongStream.rangeClosed(1, count).boxed().toList() : List.of(only);
        List<String> failures = new ArrayList<>();
        int killed = 0;
        for (int from = 0; from < seeds.size(); from += SIDE_BY_SIDE) {
            List<Running> jobs = new ArrayList<>();
            for (long seed : seeds.subList(from, Math.min(seeds.size(), from + SIDE_BY_SIDE))) {
                jobs.add(new Running(stack, Drawn.of(seed)));
            }
            faults(jobs);
            jobs.forEach(Running::start);
            live(jobs, failures);
            killed += jobs.stream().mapToInt(running -> running.story.size()).sum();
        }
        assertThat(failures).isEmpty();
        if (only == null) {
            assertThat(killed).as("kills that happened").isGreaterThan((int) count / 2);
        }
    }

    private void faults(List<Running> jobs) {
        stack.provider()
                .faults(jobs.stream()
                        .map(Running::rules)
                        .filter(rules -> !rules.isEmpty())
                        .collect(Collectors.joining(",\n", "[", "]")));
    }

    /// Checks the jobs in turn until all of them have ended. A finished job is checked at once: an emulator that is
    /// killed later loses the content of its table.
    private void live(List<Running> jobs, List<String> failures) {
        Instant end = Instant.now().plus(PATIENCE);
        while (jobs.stream().anyMatch(running -> !running.over)) {
            for (Running running : jobs) {
                if (!running.over && running.job.find().isPresent()) {
                    strike(running, jobs);
                    look(running, failures);
                }
            }
            if (Instant.now().isAfter(end)) {
                jobs.stream()
                        .filter(running -> !running.over)
                        .forEach(running -> failures.add(running + ": not done, but " + state(running)));
                return;
            }
            DroppedJob.pause(Duration.ofMillis(50));
        }
    }

    private static String state(Running running) {
        return running.job.find().map(item -> DroppedJob.text(item, "state")).orElse("NONE");
    }

    private void strike(Running running, List<Running> jobs) {
        if (running.blows.isEmpty()) {
            return;
        }
        int progress = running.progress();
        for (Iterator<Blow> blows = running.blows.iterator(); blows.hasNext(); ) {
            Blow blow = blows.next();
            if (blow.progress() > progress) {
                continue;
            }
            if (blow.victim().equals(EMULATOR)) {
                blows.remove();
                laptop.kill();
                running.story.add("emulator killed at " + progress);
                stack = laptop.up();
                faults(jobs);
                jobs.stream().filter(each -> !each.over).forEach(each -> each.dropAgain(stack));
                return;
            }
            if (Functions.kill(laptop.emulator(), blow.victim())) {
                blows.remove();
                running.story.add(blow.victim() + " killed at " + progress);
            }
        }
    }

    private void look(Running running, List<String> failures) {
        String state = state(running);
        if (state.equals("DONE")) {
            running.over = true;
            try {
                check(running.drawn, running.job);
            } catch (AssertionError e) {
                failures.add(running + ": " + e.getMessage());
            }
        } else if (DroppedJob.isAtRest(state)) {
            running.story.add(state + ": " + running.job.text("error_message"));
            if (++running.helped > Running.HELP || !goOn(running.job).contains("started")) {
                running.over = true;
                failures.add(running + ": does not continue");
            } else {
                String epoch = running.job.text("epoch");
                DroppedJob.await(
                        PATIENCE,
                        running + " to continue",
                        () -> !DroppedJob.isAtRest(state(running))
                                || !running.job.text("epoch").equals(epoch)
                                || state(running).equals("DONE"));
            }
        }
    }

    private String goOn(DroppedJob job) {
        try (LambdaClient lambda = stack.lambda()) {
            return lambda.invoke(r -> r.functionName(stack.deployment().functionName("reviver"))
                            .payload(SdkBytes.fromString("{\"job_id\": \"" + job.id() + "\"}", StandardCharsets.UTF_8)))
                    .payload()
                    .asUtf8String();
        }
    }

    private void check(Drawn drawn, DroppedJob job) {
        Collection<String> good = IntStream.rangeClosed(1, drawn.rows())
                .filter(row -> !drawn.bad().contains(row))
                .mapToObj(row -> "A" + row)
                .toList();
        assertThat(job.judged()).as("observed and failed").containsExactlyInAnyOrderElementsOf(good);
        assertThat(job.records("rejected_rows.csv").stream().map(r -> Integer.valueOf(r.getField(0))))
                .as("rejected")
                .containsExactlyElementsOf(drawn.bad());
        assertThat(job.batchIds())
                .as("batches in the registry")
                .hasSize((good.size() + drawn.batchSize() - 1) / drawn.batchSize())
                .doesNotHaveDuplicates();
        assertThat(stack.provider().batchesOf(job.id()))
                .as("creates at the provider")
                .containsExactlyInAnyOrderElementsOf(job.batchIds());
    }
}
