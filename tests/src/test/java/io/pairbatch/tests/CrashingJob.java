package io.pairbatch.tests;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.JobId;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Version;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.provider.http.Network;
import io.pairbatch.reconcile.AbsenceRule;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.NewJob;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.SplitCursor;
import io.pairbatch.split.Splitter;
import io.pairbatch.split.StandardRules;
import io.pairbatch.step.Account;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Settings;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.submit.Submitter;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import tools.jackson.databind.json.JsonMapper;

/// A split job with the real table, bucket and provider, whose submission can be made to die at a chosen step. No state
/// machine runs the job, and its clock can be advanced.
final class CrashingJob {

    private static final Duration FUNCTION = Duration.ofSeconds(100);

    /// Where a function dies.
    enum Point {
        BEFORE_UPLOAD,
        AFTER_UPLOAD,
        BEFORE_INTENT,
        AFTER_INTENT,
        BEFORE_CREATE,
        AFTER_CREATE,
        BEFORE_RECORD,
        AFTER_RECORD
    }

    /// Simulates the death of the process: nothing may catch it.
    static final class Crash extends Error {

        private static final long serialVersionUID = 1L;
    }

    private final TestStack stack = TestStack.shared();
    private final DynamoDbClient dynamo = stack.dynamo().build();
    private final Fence fence;
    private Duration ahead = Duration.ZERO;

    private CrashingJob(String jobId) {
        this.fence = new Fence(jobId, "owner of " + jobId, 1);
    }

    static CrashingJob split(int rows, int batchSize) throws Exception {
        return split(Backend.OPENAI, rows, batchSize);
    }

    /// A job of `rows` pairs in segments of `batchSize`, registered and RUNNING.
    static CrashingJob split(Backend backend, int rows, int batchSize) throws Exception {
        String table = Tables.csv(rows);
        String name = TestStack.name("crash");
        ResolvedJob.Source source = new ResolvedJob.Source("none", name + "/pairs.csv", null, name, table.length());
        SpecLayer layer = SpecLayer.parse(
                "job.json",
                new ByteArrayInputStream(Tables.job(backend, batchSize).getBytes(StandardCharsets.UTF_8)));
        JobSpec spec = StandardRules.reader().read(List.of(layer), file -> Optional.empty());
        ResolvedJob resolved =
                new ResolvedJob(JobId.of(name, source, spec), Instant.now(), Version.CURRENT, source, spec);
        CrashingJob job = new CrashingJob(resolved.jobId());
        job.register(resolved, table);
        return job;
    }

    private void register(ResolvedJob resolved, String table) throws Exception {
        String backend = resolved.spec().backend().code();
        String model = resolved.spec().model();
        JobRegistry jobs = jobs(dynamo);
        SegmentRegistry segments = segments(dynamo);
        jobs.claims()
                .claim(
                        new NewJob(id(), "crash", backend, model, "none", "none", "", 1, Instant.now()),
                        fence.owner(),
                        arn -> true);
        JobStore store = opened().store(id());
        try (Draft draft = store.create(JobFiles.JOB)) {
            resolved.write(draft);
            draft.commit();
        }
        byte[] bytes = table.getBytes(StandardCharsets.UTF_8);
        InputFile input = new InputFile("pairs.csv", bytes.length, offset -> {
            ByteArrayInputStream in = new ByteArrayInputStream(bytes);
            in.skipNBytes(offset);
            return in;
        });
        new Splitter(resolved, input, store)
                .run(SplitCursor.START, Deadline.NONE, s -> segments.register(id(), s, backend, model));
        jobs.move(fence, JobState.RUNNING);
    }

    String id() {
        return fence.jobId();
    }

    List<SegmentItem> segments() {
        return segments(dynamo).all(id());
    }

    void later(Duration duration) {
        ahead = ahead.plus(duration);
    }

    /// Submits as a new function would.
    void submit() throws Exception {
        submit(dynamo, provider -> provider);
    }

    /// Submits; the function dies at `point` of the `nth` segment.
    void submitCrashing(Point point, int nth) throws Exception {
        Fuse fuse = new Fuse(point, nth);
        try (DynamoDbClient crashing = stack.dynamo()
                .overrideConfiguration(c -> c.addExecutionInterceptor(fuse))
                .build()) {
            submit(crashing, provider -> new CrashingProvider(provider, fuse));
        }
    }

    void takenOverByAnother() {
        jobs(dynamo).claims().take(id(), "another owner", 2);
    }

    /// Submits like an execution that has not noticed yet that it lost the job.
    void submitAsFormerOwner() throws Exception {
        JobRegistry jobs = jobs(dynamo);
        JobItem item = jobs.find(id()).orElseThrow();
        try (InputStream in = opened().store(id()).open(JobFiles.JOB).orElseThrow()) {
            OpenJob job = new OpenJob(fence, item, ResolvedJob.read(in, Providers::options), opened().store(id()));
            submitter(dynamo).submit(job, opened().account(job, deadline()), deadline());
        }
    }

    /// Two functions of the same execution, as after a timeout whose function keeps running.
    void submitTwiceAtOnce() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            List<Future<?>> both = List.of(
                    executor.submit(() -> {
                        start.await();
                        submit();
                        return null;
                    }),
                    executor.submit(() -> {
                        start.await();
                        submit();
                        return null;
                    }));
            start.countDown();
            for (Future<?> one : both) {
                one.get();
            }
        }
        submit();
    }

    private interface Wrap {

        BatchProvider around(BatchProvider provider);
    }

    private void submit(DynamoDbClient client, Wrap wrap) throws Exception {
        OpenJob job = opened().open(fence);
        Account account = opened().account(job, deadline());
        submitter(client).submit(job, new Account(wrap.around(account.provider()), account.window()), deadline());
    }

    private io.pairbatch.time.Deadline deadline() {
        return new io.pairbatch.time.Deadline(clock().instant().plus(FUNCTION), clock());
    }

    private Submitter submitter(DynamoDbClient client) {
        SegmentRegistry segments = segments(client);
        Reconciler reconciler = new Reconciler(segments, new AbsenceRule(Duration.ofSeconds(60), true), clock());
        return new Submitter(segments, reconciler, PriceTable::bundled, Duration.ofSeconds(60), clock(), new Random());
    }

    private JobOpener opened() {
        Deployment deployment = stack.deployment();
        Settings settings = Settings.from(Map.of(
                "PAIRBATCH_BUCKET", deployment.bucket(),
                "PAIRBATCH_TABLE", deployment.table(),
                "PAIRBATCH_OPENAI_SECRET", deployment.secretArn(Backend.OPENAI),
                "PAIRBATCH_OPENAI_BASE_URL", stack.provider().baseUrl() + "/v1",
                "PAIRBATCH_ANTHROPIC_SECRET", deployment.secretArn(Backend.ANTHROPIC),
                "PAIRBATCH_ANTHROPIC_BASE_URL", stack.provider().baseUrl().toString(),
                "PAIRBATCH_GEMINI_SECRET", deployment.secretArn(Backend.GEMINI),
                "PAIRBATCH_GEMINI_BASE_URL", stack.provider().baseUrl().toString()));
        return new JobOpener(
                settings,
                jobs(dynamo),
                stack.s3(),
                stack::secrets,
                new JsonMapper(),
                Network.trusting(settings.trust()));
    }

    private JobRegistry jobs(DynamoDbClient client) {
        return new JobRegistry(client, stack.deployment().table(), clock());
    }

    private SegmentRegistry segments(DynamoDbClient client) {
        return new SegmentRegistry(client, stack.deployment().table(), jobs(client), clock());
    }

    private Clock clock() {
        return Clock.offset(Clock.system(ZoneOffset.UTC), ahead);
    }

    /// Crashes at its point; also sees the registry's transactions being sent, first the intent, then the record.
    private static final class Fuse implements ExecutionInterceptor {

        private final Point point;
        private final AtomicInteger left;
        private final AtomicInteger transactions = new AtomicInteger();

        Fuse(Point point, int nth) {
            this.point = point;
            this.left = new AtomicInteger(nth);
        }

        void at(Point reached) {
            if (reached == point && left.decrementAndGet() == 0) {
                throw new Crash();
            }
        }

        @Override
        public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
            if (context.request() instanceof TransactWriteItemsRequest) {
                at(transactions.incrementAndGet() % 2 == 1 ? Point.BEFORE_INTENT : Point.BEFORE_RECORD);
            }
        }

        @Override
        public void afterUnmarshalling(Context.AfterUnmarshalling context, ExecutionAttributes attributes) {
            if (context.response() instanceof TransactWriteItemsResponse) {
                at(transactions.get() % 2 == 1 ? Point.AFTER_INTENT : Point.AFTER_RECORD);
            }
        }
    }

    private record CrashingProvider(BatchProvider real, Fuse fuse) implements BatchProvider {

        @Override
        public boolean takesFiles() {
            return real.takesFiles();
        }

        @Override
        public Evidence evidence() {
            return real.evidence();
        }

        @Override
        public Duration createTimeout(long bytes) {
            return real.createTimeout(bytes);
        }

        @Override
        public Duration fileLife() {
            return real.fileLife();
        }

        @Override
        public String upload(String fileName, long bytes, Body body) throws RefusedException {
            fuse.at(Point.BEFORE_UPLOAD);
            String id = real.upload(fileName, bytes, body);
            fuse.at(Point.AFTER_UPLOAD);
            return id;
        }

        @Override
        public CreateOutcome create(NewBatch batch, Duration timeout) {
            fuse.at(Point.BEFORE_CREATE);
            CreateOutcome outcome = real.create(batch, timeout);
            fuse.at(Point.AFTER_CREATE);
            return Objects.requireNonNull(outcome);
        }

        @Override
        public BatchStatus retrieve(String batchId) throws RefusedException {
            return real.retrieve(batchId);
        }

        @Override
        public void list(Instant since, BatchVisitor visitor) throws RefusedException {
            real.list(since, visitor);
        }

        @Override
        public InputStream download(String fileId) throws RefusedException {
            return real.download(fileId);
        }
    }
}
