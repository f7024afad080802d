package io.pairbatch.testing;

import io.pairbatch.backend.Backend;
import io.pairbatch.claim.Claimer;
import io.pairbatch.claim.Contents;
import io.pairbatch.claim.Identities;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.http.Trust;
import io.pairbatch.provider.openai.OpenAiService;
import io.pairbatch.reconcile.AbsenceRule;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.DeletionRegistry;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.NewJob;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.RetryRounds;
import io.pairbatch.split.SplitStep;
import io.pairbatch.split.StandardRules;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.Account;
import io.pairbatch.step.Budget;
import io.pairbatch.step.DeletionMark;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Reckoning;
import io.pairbatch.step.Restoration;
import io.pairbatch.step.Settings;
import io.pairbatch.store.Lanes;
import io.pairbatch.submit.SubmitReport;
import io.pairbatch.submit.Submitter;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.json.JsonMapper;

/// The one place where tests create a job: a small OpenAI job with the fields and segments that a test gives it. Its
/// registry, files, provider and time are in memory, and the provider's lists are trusted.
public final class JobFixture {

    public static final String JOB = "a-0123abcd";

    /// The least time between two looks at a list, and how much longer a lease lasts than its function.
    public static final Duration GAP = Duration.ofSeconds(60);

    /// Tables of tests are short, wrong on purpose, and have a few IDs only.
    private static final String SMALL = """
            {"model": "gpt-4.1", "trait_name": "T", "trait_description": "D",
             "prompt_template": "{TRAIT_NAME} {TRAIT_DESCRIPTION} {SAMPLE_1} {SAMPLE_2}",
             "max_bad_rows": "100%", "texts_per_id": "any"}
            """;

    /// The rules for tags of a job that says nothing of them.
    public static final String TAG_RULES = tagRules();

    public final SettableClock clock;
    public final MemoryStore files;
    public final FakeProvider provider;
    public final Account account;
    public final MemoryTable table = MemoryTable.registry("t");
    public final JobRegistry jobs;
    public final SegmentRegistry segments;
    public final Reconciler reconciler;
    public final Submitter submitter;

    /// Whether the deployment of [#opener] has the simulator in the place of every provider.
    public boolean simulated;

    /// The providers that this deployment has.
    public String providers = Arrays.stream(Backend.values()).map(Backend::code).collect(Collectors.joining(","));

    private final String fields;
    private @Nullable Fence fence;

    public JobFixture() {
        this("");
    }

    /// @param fields JSON such as `"batch_size": 2, "run": 3`
    public JobFixture(String fields) {
        this(fields, new SettableClock());
    }

    private JobFixture(String fields, SettableClock clock) {
        this(fields, clock, new MemoryStore(), new FakeProvider(clock));
    }

    private JobFixture(String fields, SettableClock clock, MemoryStore files, FakeProvider provider) {
        this.fields = fields;
        this.clock = clock;
        this.files = files;
        this.provider = provider;
        account = new Account(provider, "openai#x");
        jobs = new JobRegistry(table, "t", clock);
        segments = new SegmentRegistry(table, "t", jobs, clock);
        reconciler = new Reconciler(segments, new AbsenceRule(GAP, true), clock);
        submitter = new Submitter(segments, reconciler, PriceTable::bundled, GAP, clock, new Random(1));
    }

    /// The same job after its registry was lost: its files and its batches are there.
    public JobFixture afterItsRegistryWasLost() {
        return new JobFixture(fields, clock, files, provider);
    }

    /// Splits the job into segments of one row.
    public OpenJob split(int count) throws IOException, FencedException {
        return split(count, 100);
    }

    /// Splits the job into segments of one row and so many bytes.
    public OpenJob split(int count, long bytes) throws IOException, FencedException {
        return split(IntStream.rangeClosed(1, count)
                .mapToObj(i -> new Segment(i, i, i, 1, bytes, "0" + i))
                .toArray(Segment[]::new));
    }

    /// Claims the job, and splits it into these segments.
    public OpenJob split(Segment... all) throws IOException, FencedException {
        fence = claim(resolved(fields), "arn");
        jobs.claims().limitCost(JOB, Budget.limit(resolved(fields).spec()));
        int rows = Arrays.stream(all).mapToInt(Segment::rows).sum();
        for (Segment segment : all) {
            segments.register(JOB, segment, "openai", "gpt-4.1");
        }
        jobs.recordSplitProgress(fence, rows, rows, 0, all.length, true);
        return open();
    }

    /// A segment of a range of rows, whose input is small.
    public static Segment segment(int index, long firstRow, long lastRow) {
        return new Segment(index, firstRow, lastRow, (int) (lastRow - firstRow + 1), 100, "0" + index);
    }

    /// Claims a job that nobody has claimed yet.
    public Fence claim(ResolvedJob job, String owner) {
        ResolvedJob.Source source = job.source();
        String key = source.key();
        NewJob made = new NewJob(
                job.jobId(),
                key.substring(key.indexOf('/') + 1, key.lastIndexOf('/')),
                job.spec().backend().code(),
                job.spec().model(),
                source.bucket(),
                key,
                Objects.requireNonNullElse(source.version(), ""),
                source.size(),
                clock.instant());
        Claim claim = jobs.claims().claim(made, owner, arn -> true);
        return new Fence(job.jobId(), owner, ((Claim.Mine) claim).job().epoch());
    }

    /// The split job as the registry has it now.
    public OpenJob open() throws IOException, FencedException {
        return open(fields);
    }

    /// The split job as if it had been frozen with these fields.
    public OpenJob open(String fields) throws IOException, FencedException {
        return new OpenJob(fence(), jobs.require(fence()), resolved(fields), files);
    }

    public Fence fence() {
        return Objects.requireNonNull(fence, "the job is not split");
    }

    public SegmentItem segment(int index) {
        return segments.require(JOB, index);
    }

    /// The provider's call that uploads a segment's input.
    public static String upload(int segment) {
        return "upload " + JOB + "-" + JobFiles.input(segment);
    }

    public Deadline within(Duration left) {
        return new Deadline(clock.instant().plus(left), clock);
    }

    /// Submits in a call of ten minutes.
    public SubmitReport submit(OpenJob job) {
        return submitter.submit(job, account, within(Duration.ofMinutes(10)));
    }

    /// Opens jobs whose files are in a bucket `b`; none of them asks a provider.
    public JobOpener opener(S3Client s3) {
        return new JobOpener(
                Settings.from(Map.of(
                        "PAIRBATCH_BUCKET",
                        "b",
                        "PAIRBATCH_TABLE",
                        "t",
                        "PAIRBATCH_PROVIDERS",
                        providers,
                        "PAIRBATCH_SIMULATED",
                        "" + simulated)),
                jobs,
                s3,
                () -> {
                    throw new AssertionError("no key is needed");
                },
                new JsonMapper(),
                Network.trusting(Trust.USUAL));
    }

    /// Claims jobs whose files are in a bucket `b`.
    ///
    /// @param alive whether the execution with this ARN is running
    public Claimer claimer(S3Client s3, RandomGenerator random, Predicate<String> alive) {
        JobOpener opener = opener(s3);
        return new Claimer(
                s3,
                jobs,
                segments,
                opener,
                new Identities(s3, "b", jobs, opener, random),
                new StandardRules(OpenAiService.of(OpenAiService.OPENAI)),
                SpecLayer.empty("none"),
                alive,
                clock);
    }

    /// Claims and splits jobs whose files are in a bucket `b`.
    ///
    /// @param alive whether the execution with this ARN is running
    public SplitStep splitting(S3Client s3, Predicate<String> alive) {
        JobOpener opener = opener(s3);
        return new SplitStep(
                claimer(s3, new Random(1), alive),
                new Contents(s3, "b", jobs, segments, opener),
                opener,
                jobs,
                segments,
                new Restoration(segments),
                new Reckoning(segments, PriceTable.bundled()),
                new RetryRounds(opener, jobs, segments, Lanes.ONE),
                new DeletionMark(new DeletionRegistry(table, "t", clock), Duration.ofMinutes(16), clock),
                clock);
    }

    /// A specification.
    ///
    /// @param fields JSON such as `"batch_size": 2, "run": 3`, or empty
    public static JobSpec spec(String fields) throws IOException {
        return StandardRules.reader().read(List.of(layer("{" + fields + "}"), layer(SMALL)), name -> Optional.empty());
    }

    private static String tagRules() {
        try {
            return spec("").prompt().rules().code();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A frozen job with such a specification.
    public static ResolvedJob resolved(String fields) throws IOException {
        return resolved(JOB, fields);
    }

    /// A frozen job with such a specification; its table is `inbox/a/p.csv`.
    public static ResolvedJob resolved(String jobId, String fields) throws IOException {
        return new ResolvedJob(
                jobId, Instant.EPOCH, "0", new ResolvedJob.Source("b", "inbox/a/p.csv", "v", "e", 1), spec(fields));
    }

    /// A table of pairs.
    public static InputFile table(String name, byte[] bytes) {
        return new InputFile(
                name,
                bytes.length,
                offset -> new ByteArrayInputStream(Arrays.copyOfRange(bytes, (int) offset, bytes.length)));
    }

    /// A table of pairs.
    public static InputFile table(String name, String text) {
        return table(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static SpecLayer layer(String json) throws IOException {
        return SpecLayer.parse("job.json", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
