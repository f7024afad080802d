package io.pairbatch.step;

import io.pairbatch.backend.Backend;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.Keeping;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.provider.http.Network;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.NewObject;
import io.pairbatch.store.S3Body;
import io.pairbatch.store.S3JobStore;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import tools.jackson.databind.json.JsonMapper;

/// Opens jobs and their providers.
public final class JobOpener {

    private static final String NO_KEY = "none";

    private final Settings settings;
    private final JobRegistry registry;
    private final S3Client s3;
    private final ProviderKeys keys;
    private final Network network;

    public JobOpener(
            Settings settings,
            JobRegistry registry,
            S3Client s3,
            Supplier<SecretsManagerClient> secrets,
            JsonMapper json,
            Network network) {
        this.settings = settings;
        this.registry = registry;
        this.s3 = s3;
        this.keys = new ProviderKeys(secrets, json);
        this.network = network;
    }

    /// The job's table from byte `offset` on, in the version that was claimed.
    ///
    /// @throws JobRejectedException `INPUT_NOT_FOUND` if it is gone, or has been replaced
    public InputStream openSource(ResolvedJob.Source source, long offset) throws IOException {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(source.bucket()).key(source.key());
        if (isVersioned(source)) {
            request.versionId(source.version());
        }
        try {
            return S3Body.open(s3, request.build(), offset, answer -> check(source, answer));
        } catch (NoSuchKeyException e) {
            throw notFound(source, "nothing");
        } catch (S3Exception e) {
            if (e.awsErrorDetails() != null
                    && "NoSuchVersion".equals(e.awsErrorDetails().errorCode())) {
                throw notFound(source, "no version " + source.version());
            }
            throw e;
        }
    }

    /// Whether a job's table is there, as the job began with it.
    public boolean isThere(ResolvedJob job) throws IOException {
        try (InputStream in = openSource(job.source(), 0)) {
            return in.available() >= 0;
        } catch (JobRejectedException e) {
            return false;
        }
    }

    private static boolean isVersioned(ResolvedJob.Source source) {
        return source.version() != null && !source.version().isEmpty();
    }

    /// The next call must find the same table that an earlier call has read.
    private static void check(ResolvedJob.Source source, GetObjectResponse answer) {
        long size = S3Body.size(answer);
        boolean same = (size < 0 || size == source.size())
                && (answer.eTag() == null || answer.eTag().equals(source.etag()));
        if (same) {
            return;
        }
        String found = "a file of " + size + " bytes with the ETag " + answer.eTag();
        if (isVersioned(source)) {
            // A version never changes: the response is wrong.
            throw new RetryableException("S3 answered for " + source.key() + " with " + found, null);
        }
        throw notFound(source, found);
    }

    private static JobRejectedException notFound(ResolvedJob.Source source, String found) {
        return new JobRejectedException(new Problem(
                ErrorCode.INPUT_NOT_FOUND,
                source.key(),
                found,
                "the table that the job started with, of " + source.size() + " bytes with the ETag " + source.etag()));
    }

    /// The job as it was frozen, if it ever was, its work done as the latest drop says.
    public Optional<ResolvedJob> frozen(String jobId) throws IOException {
        JobStore store = store(jobId);
        Optional<InputStream> file = store.open(JobFiles.JOB);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = file.get();
                InputStream policy = store.open(JobFiles.POLICY).orElse(null)) {
            return Optional.of(ResolvedJob.read(in, policy, Providers::options));
        }
    }

    /// Freezes a job, once.
    ///
    /// @return false when it is frozen already
    public boolean freeze(ResolvedJob job) throws IOException {
        // A few kilobytes, and a template of 1 MiB at most.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        job.write(bytes);
        String key = "jobs/" + job.jobId() + "/" + JobFiles.JOB;
        return NewObject.put(s3, settings.bucket(), key, bytes.toByteArray());
    }

    /// Takes away the commit mark of an earlier end, before the job's files are written anew. A call that was given up,
    /// and goes on when another has ended the job, finds it ending or ended, or another mark than it saw: it leaves
    /// that alone.
    ///
    /// @throws FencedException if the job is not ours any more
    public void withdrawSummary(Fence fence) throws FencedException {
        String key = "jobs/" + fence.jobId() + "/" + JobFiles.SUMMARY;
        String mark;
        try {
            mark = s3.headObject(r -> r.bucket(settings.bucket()).key(key)).eTag();
        } catch (NoSuchKeyException e) {
            return;
        }
        if (registry.require(fence).state() == JobState.RUNNING) {
            NewObject.delete(s3, settings.bucket(), key, mark);
        }
    }

    /// Whether the simulator stands in for every provider here.
    public boolean simulated() {
        return settings.simulated();
    }

    /// The providers that this deployment has.
    public DeployedProviders providers() {
        return settings.providers();
    }

    public JobStore store(String jobId) {
        return new S3JobStore(s3, settings.bucket(), jobId);
    }

    /// Opens the job that `fence` acts for.
    public OpenJob open(Fence fence) throws FencedException, IOException {
        JobItem item = registry.require(fence);
        ResolvedJob resolved = frozen(fence.jobId())
                .orElseThrow(() -> new RetryableException("job.json of " + fence.jobId() + " is not there", null));
        return new OpenJob(fence, item, resolved, new OwnedStore(store(fence.jobId()), registry, fence));
    }

    /// What the job's provider accepts.
    public ProviderFormat format(OpenJob job) {
        return Providers.format(job.resolved().spec().backend(), settings.service());
    }

    /// How long the service that stands for a provider keeps what is not deleted there.
    ///
    /// @param provider its code
    public Keeping keeping(String provider) {
        return Arrays.stream(Backend.values())
                .filter(backend -> backend.code().equals(provider))
                .findFirst()
                .map(backend -> Providers.service(backend, settings.service()).keeping())
                .orElse(Keeping.UNKNOWN);
    }

    /// Opens the job's provider with the deployment's key.
    ///
    /// @param deadline no call to the provider takes longer
    /// @throws JobRejectedException `KEY_MISSING`; `PROVIDER_NOT_DEPLOYED`; `PROVIDER_CHANGED` if the job was begun
    /// with the simulator and the
    /// deployment has none, or the other way round
    public Account account(OpenJob job, Deadline deadline) {
        Boolean simulated = job.resolved().simulated();
        if (simulated != null && simulated != settings.simulated()) {
            throw new JobRejectedException(
                    new Problem(ErrorCode.PROVIDER_CHANGED, "the provider", who(settings.simulated()), who(simulated)));
        }
        JobSpec spec = job.resolved().spec();
        Set<String> tried = new HashSet<>();
        return account(spec, key(job), tried, network.until(deadline));
    }

    private static String who(boolean simulated) {
        return simulated ? "the simulator" : "the provider itself";
    }

    /// A job whose answers are read again, or that was cancelled, sends nothing: it may do without a key.
    private String key(OpenJob job) {
        try {
            return keys.read(settings.secret(job.resolved().spec().backend()));
        } catch (JobRejectedException e) {
            if (job.item().rereading() || job.item().cancelled()) {
                return NO_KEY;
            }
            throw e;
        }
    }

    private Account account(JobSpec spec, String key, Set<String> tried, Network within) {
        tried.add(key);
        Backend backend = spec.backend();
        Service service = Providers.service(backend, settings.service());
        String queue = Providers.of(backend).queuesByModel() ? "#" + spec.model() : "";
        String window = service.account() + "#" + fingerprint(key) + queue;
        return new Account(
                service.connect(spec, settings.baseUrl(backend), key, within),
                window,
                once(() -> other(spec, tried, within)));
    }

    /// The chain of accounts stays the same after it was walked once.
    private static Supplier<Optional<Account>> once(Supplier<Optional<Account>> supplier) {
        List<Optional<Account>> got = new ArrayList<>(1);
        return () -> {
            if (got.isEmpty()) {
                got.add(supplier.get());
            }
            return got.getFirst();
        };
    }

    /// A key may have been replaced since it was read, or be so new that the provider does not know it yet.
    private Optional<Account> other(JobSpec spec, Set<String> tried, Network within) {
        String secret = settings.secret(spec.backend());
        String now = keys.read(secret);
        Optional<String> untried =
                tried.contains(now) ? keys.previous(secret).filter(key -> !tried.contains(key)) : Optional.of(now);
        return untried.map(key -> account(spec, key, tried, within));
    }

    private static String fingerprint(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
