package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pairbatch.cli.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.LambdaClient;

/// A stack is upgraded while jobs run, and taken back to the release before. A few run at any time, begun at different
/// times, so that the change meets them in every state. The release is the newest of `releases.txt`, built from its
/// commit in `.pairbatch/tests`; its own command line deploys it.
@Tag("long")
class UpgradeIT {

    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final int ROWS = 40;
    private static final int PER_SEGMENT = 10;
    private static final int AT_ONCE = 4;
    private static final Duration BETWEEN_DROPS = Duration.ofMillis(1500);
    /// So long that the change meets batches that are being created.
    private static final int LATENCY_MS = 500;
    /// A create may start while 40 s are left: with less, nothing would be submitted.
    private static final int SPLITTER_TIMEOUT_SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    void jobsThatAreUnderWayEndOnceEachWayRound() throws Exception {
        Path release = release();
        StackOptions options = StackOptions.defaults()
                .withLeaseMarginSeconds(TestStack.LEASE_MARGIN_SECONDS)
                .withSplitterTimeoutSeconds(SPLITTER_TIMEOUT_SECONDS);
        try (Laptop laptop = new Laptop(folder, options)) {
            on(
                    release,
                    ("up -- --batch-seconds 3 --error-rate 0 --missing-tag-rate 0 --latency-ms " + LATENCY_MS)
                            .split(" ", -1));
            TestStack stack = laptop.running();
            shortenLeases(stack);

            Dropped upgraded = Dropped.during(stack, "upgraded", laptop::up);
            upgraded.eachEndsOnce(stack);

            Dropped takenBack = Dropped.during(stack, "back", () -> on(release, "up"));
            laptop.up();
            takenBack.eachEndsOnce(stack);
        }
    }

    /// A deployment ends the processes of the functions here, other than on AWS. What a submitter was about to
    /// create is in doubt until its lease ends: after eleven minutes, as the release sets it.
    private static void shortenLeases(TestStack stack) {
        String splitter = stack.deployment().functionName("splitter");
        try (LambdaClient lambda = stack.lambda()) {
            Map<String, String> variables = new HashMap<>(lambda.getFunctionConfiguration(r -> r.functionName(splitter))
                    .environment()
                    .variables());
            variables.put("PAIRBATCH_LEASE_MARGIN_SECONDS", Integer.toString(TestStack.LEASE_MARGIN_SECONDS));
            lambda.updateFunctionConfiguration(r -> r.functionName(splitter)
                    .timeout(SPLITTER_TIMEOUT_SECONDS)
                    .environment(e -> e.variables(variables)));
        }
    }

    /// Jobs that were dropped before and while another version was deployed.
    ///
    /// @param deployed when it was
    private record Dropped(List<DroppedJob> jobs, Instant deployed) {

        static Dropped during(TestStack stack, String prefix, Callable<?> change) throws Exception {
            List<DroppedJob> jobs = new ArrayList<>();
            CountDownLatch changed = new CountDownLatch(1);
            try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
                Future<?> dropping = executor.submit(() -> {
                    do {
                        if (jobs.stream().filter(DroppedJob::isUnderWay).count() < AT_ONCE) {
                            DroppedJob job = DroppedJob.on(stack, TestStack.name(prefix));
                            job.put("job.json", Tables.job(PER_SEGMENT));
                            job.put("pairs.csv", Tables.csv(ROWS));
                            jobs.add(job);
                        }
                    } while (!changed.await(BETWEEN_DROPS.toMillis(), TimeUnit.MILLISECONDS));
                    return null;
                });
                try {
                    change.call();
                } finally {
                    changed.countDown();
                }
                Instant deployed = Instant.now();
                dropping.get();
                return new Dropped(jobs, deployed);
            }
        }

        void eachEndsOnce(TestStack stack) {
            for (DroppedJob job : jobs) {
                assertThat(job.await(TestStack.PATIENCE)).as(job.folder()).isEqualTo("DONE");
                assertThat(job.judged())
                        .as(job.folder())
                        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, ROWS)
                                .mapToObj(i -> "A" + i)
                                .toList());
                assertThat(stack.provider().batchesOf(job.id()))
                        .as(job.folder())
                        .hasSize(ROWS / PER_SEGMENT);
            }
            assertThat(jobs)
                    .as("jobs that the other version has ended")
                    .anyMatch(job -> Instant.parse(job.text("finished_at")).isAfter(deployed));
        }
    }

    /// The checkout of the release, built.
    private Path release() throws IOException, InterruptedException {
        List<String> releases = Files.readAllLines(Path.of("src/test/resources/releases.txt"));
        String[] newest = releases.getLast().split(" ", -1);
        Path checkout = HOME.resolve(".pairbatch/tests/release-" + newest[0]);
        if (!Files.exists(checkout.resolve("pairbatch"))) {
            assumeTrue(
                    run(HOME, List.of("git", "cat-file", "-e", newest[1])) == 0,
                    "skipped: the checkout has no history back to " + newest[0] + ", as a shallow clone has none");
            Files.createDirectories(checkout.getParent());
            String clone = checkout.toString();
            assertThat(run(HOME, List.of("git", "clone", "-q", "--no-checkout", HOME.toString(), clone)))
                    .as(said())
                    .isZero();
            assertThat(run(checkout, List.of("git", "checkout", "-q", newest[1])))
                    .as(said())
                    .isZero();
        }
        on(checkout, "build");
        return checkout;
    }

    private Integer on(Path checkout, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(checkout.resolve("pairbatch").toString()));
        command.addAll(List.of(arguments));
        int exit = run(checkout, command);
        assertThat(exit).as(said()).isZero();
        return exit;
    }

    private int run(Path directory, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.environment().put("PAIRBATCH_STACK", folder.resolve("stack").toString());
        return builder.start().waitFor();
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }
}
