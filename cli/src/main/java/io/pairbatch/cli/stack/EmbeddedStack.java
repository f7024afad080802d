package io.pairbatch.cli.stack;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.deployment.StackHandle;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Restoration;
import io.pairbatch.cli.job.Unlisted;
import io.pairbatch.cli.stack.StackOptions.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A whole stack on this machine: the emulator, the provider simulator and the deployed CDK app.
///
/// A temporary one ([#start]) has a folder of its own and is deleted when it is closed, also after Ctrl-C. A background
/// one ([#up]) outlives this process and keeps its jobs until the next `up`.
public final class EmbeddedStack implements StackHandle {

    private static final Duration STOP_GRACE = Duration.ofSeconds(30);

    private final Path folder;
    private final Deployment deployment;
    private final @Nullable URI simulatorUrl;
    private final @Nullable String judge;
    private final @Nullable StackGuard guard;

    private EmbeddedStack(
            Path folder,
            Deployment deployment,
            @Nullable URI simulatorUrl,
            @Nullable String judge,
            @Nullable StackGuard guard) {
        this.folder = folder;
        this.deployment = deployment;
        this.simulatorUrl = simulatorUrl;
        this.judge = judge;
        this.guard = guard;
    }

    /// Starts a temporary stack. Several may run at once.
    ///
    /// @param progress gets each step in a few words
    /// @throws CliException when it cannot be started; everything that was started has ended
    public static EmbeddedStack start(Project project, StackOptions options, Consumer<String> progress) {
        sweep(project);
        RunningProcess self = RunningProcess.of("owner", ProcessHandle.current());
        Path folder = project.temporaryStacks().resolve(self.pid() + "-" + Long.toHexString(System.nanoTime()));
        StackGuard guard = new StackGuard(project, folder, self, progress);
        return guard.during(() -> {
            Started started = new Start(project, folder, options, guard, progress).run();
            return new EmbeddedStack(folder, started.deployment(), started.simulator(), judge(options), guard);
        });
    }

    /// What an `up` asks for that only a start can give.
    ///
    /// @param simulator null where the command line says nothing of it; empty arguments: what the simulator usually has
    /// @param waitScale null where the command line says nothing of it
    /// @param typed the whole command, as a shell takes it
    public record Asked(
            StackOptions.@Nullable Simulated simulator,
            @Nullable Double waitScale,
            String typed) {}

    /// Looks at what is asked for before anything is started or deployed.
    ///
    /// @throws CliException when the simulator does not take its options, or a stack runs with others
    public static void check(Project project, Asked asked) {
        Path folder = project.stack();
        StackOptions.Simulated simulator = asked.simulator();
        if (simulator != null && !simulator.arguments().isEmpty()) {
            Simulator.check(project, folder, simulator);
        }
        Optional<StackRecord> running =
                StackRecord.read(folder).filter(record -> record.deployment() != null && record.answers());
        if (running.isEmpty()) {
            return;
        }
        List<String> others = new ArrayList<>();
        if (simulator != null && running.get().simulator() != null) {
            SimulatorOptions.difference(simulator, folder)
                    .or(() -> SimulatorOptions.changed(folder))
                    .ifPresent(others::add);
        }
        Double scale = running.get().waitScale();
        if (asked.waitScale() != null && scale != null && !scale.equals(asked.waitScale())) {
            others.add("--wait-scale is " + scale + ", not " + asked.waitScale() + ".");
        }
        if (!others.isEmpty()) {
            throw CliException.refused(
                    "The stack is already running, with other options. " + String.join(" ", others)
                            + " Nothing was deployed.",
                    "To start it with these: ./pairbatch down && " + asked.typed());
        }
    }

    /// Starts the stack in the background, or deploys this version to the running one.
    ///
    /// @throws CliException when it cannot be started; everything that was started has ended
    public static EmbeddedStack up(Project project, StackOptions wanted, Consumer<String> progress) {
        Path folder = project.stack();
        Optional<StackRecord> before = StackRecord.read(folder);
        if (before.isPresent()) {
            if (before.get().answers()) {
                return redeploy(project, before.get(), wanted, progress);
            }
            progress.accept("The last stack was not stopped by down: rebuilding its registry from the files in S3");
            down(project);
        }
        StackOptions options = wanted.provider() instanceof StackOptions.Simulated simulated
                ? wanted.withProvider(SimulatorOptions.of(simulated, folder, progress))
                : wanted;
        StackGuard guard = new StackGuard(project, folder, null, progress);
        return guard.during(() -> {
            Started started = new Start(project, folder, options, guard, progress).run();
            guard.release();
            if (options.provider() instanceof StackOptions.Simulated simulated) {
                SimulatorOptions.write(simulated, folder);
            }
            revive(started.deployment(), progress);
            return new EmbeddedStack(folder, started.deployment(), started.simulator(), judge(options), null);
        });
    }

    private static @Nullable String judge(StackOptions options) {
        return options.provider() instanceof StackOptions.Simulated simulated ? simulated.rule() : null;
    }

    private static EmbeddedStack redeploy(
            Project project, StackRecord record, StackOptions options, Consumer<String> progress) {
        URI endpoint = record.deployment() == null ? null : record.deployment().endpoint();
        if (endpoint == null) {
            throw new CliException(
                    ExitStatus.UNREACHABLE, "Another command is starting the stack.", "Wait for it, or end it.");
        }
        progress.accept("The stack is already running: deploying this version to it");
        if (record.simulator() != null) {
            SimulatorOptions.changed(project.stack())
                    .ifPresent(changed -> progress.accept(
                            "note: " + changed + " To have it read anew: ./pairbatch down && ./pairbatch up"));
        }
        Tools tools = new Tools(project);
        try (Children children = new Children(tools::anyPython, processes -> {})) {
            Runtime.getRuntime().addShutdownHook(new Thread(children::close, "deploy-end"));
            tools.installCdk(children, progress);
            Path log = project.stack().resolve("logs/synth.log");
            Path assembly = new Synthesis(project, progress).assembly(children, options, log);
            Map<Backend, Service> services = services(record, options);
            Deployment deployment = new CdkDeployment(project, tools, project.stack())
                    .deploy(children, assembly, endpoint, options, services);
            if (Emulator.canSave(project.stack(), record.processes())) {
                Emulator.save(children, project.stack(), record.processes());
            }
            if (record.simulator() == null) {
                putKeys(endpoint, deployment, services);
            }
            new StackRecord(
                            null,
                            record.processes(),
                            record.simulator(),
                            record.judge(),
                            record.waitScale(),
                            deployment)
                    .write(project.stack());
            revive(deployment, progress);
            return new EmbeddedStack(project.stack(), deployment, record.simulator(), record.judge(), null);
        }
    }

    /// Executions end with their emulator; this continues the jobs, from their files and the registry.
    private static void revive(Deployment deployment, Consumer<String> progress) {
        try (Session session = Sessions.aws(deployment)) {
            List<String> lost = Unlisted.of(session.jobs(), session.bucket());
            List<String> revived = EmulatorClients.revive(deployment, Objects.requireNonNull(deployment.endpoint()));
            List<String> known =
                    revived.stream().filter(id -> !lost.contains(id)).toList();
            if (!known.isEmpty()) {
                progress.accept("Continuing " + String.join(", ", known));
            }
            new Restoration(session.jobs(), session.bucket(), InstantSource.system(), ProcessTrees::sleep, progress)
                    .await(lost);
        } catch (IOException e) {
            throw new UncheckedIOException("the files in S3 cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<Backend, Service> services(StackRecord record, StackOptions options) {
        URI simulator = record.simulator();
        if (simulator == null && options.provider() instanceof StackOptions.Live live) {
            return live.services();
        }
        if (simulator != null && options.provider() instanceof StackOptions.Simulated) {
            return Simulator.services(simulator, "", options.service());
        }
        throw new CliException(
                ExitStatus.USAGE, "The stack runs with another provider.", "Run ./pairbatch down, then up again.");
    }

    /// A provider that is not among the services has its own address from now on, where a key that an earlier start has
    /// put there for another one must not go.
    private static void putKeys(URI endpoint, Deployment deployment, Map<Backend, Service> services) {
        for (Backend backend : Backend.values()) {
            Service service = services.get(backend);
            EmulatorClients.putKey(endpoint, deployment.secretArn(backend), service == null ? "" : service.apiKey());
        }
    }

    /// Puts keys into the secrets of a stack that runs with real providers.
    ///
    /// @throws CliException when it runs with the simulator
    public void putKeys(Map<Backend, String> keys) {
        if (simulatorUrl != null) {
            throw new CliException(
                    ExitStatus.USAGE,
                    "The running stack uses the simulator.",
                    "Run ./pairbatch down, then this again; the next start restores its jobs.");
        }
        keys.forEach((backend, key) -> EmulatorClients.putKey(
                Objects.requireNonNull(deployment.endpoint()), deployment.secretArn(backend), key));
    }

    /// The background stack of this checkout, if it runs.
    public static Optional<EmbeddedStack> running(Project project) {
        return StackRecord.read(project.stack())
                .filter(record -> record.alive(Emulator.NAME))
                .filter(record -> record.deployment() != null)
                .map(record -> new EmbeddedStack(
                        project.stack(),
                        Objects.requireNonNull(record.deployment()),
                        record.simulator(),
                        record.judge(),
                        null));
    }

    /// Ends the background stack: only processes whose pid and start time are on record. Its jobs are kept.
    ///
    /// @return whether there was anything to end
    public static boolean down(Project project) {
        Path folder = project.stack();
        Optional<StackRecord> record = StackRecord.read(folder);
        List<ProcessHandle> alive = record.map(StackRecord::alive).orElseGet(List::of);
        record.map(StackRecord::deployment).ifPresent(EmbeddedStack::blankKeys);
        if (!ProcessTrees.stop(alive, STOP_GRACE)) {
            throw new CliException(
                    ExitStatus.UNREACHABLE, "A process of the stack does not end.", "See " + StackRecord.file(folder));
        }
        Folders.deleteFile(StackRecord.file(folder));
        Folders.delete(folder.resolve("tmp"));
        return !alive.isEmpty();
    }

    /// Has the next start of the background stack use the simulator's usual options.
    public static void forgetSimulatorOptions(Project project) {
        SimulatorOptions.forget(project.stack());
    }

    /// Deletes the background stack's jobs, results and logs.
    public static void purge(Project project) {
        Folders.delete(project.stack());
    }

    /// The emulator saves no keys; a function that still runs must not find one either.
    private static void blankKeys(Deployment deployment) {
        URI endpoint = deployment.endpoint();
        if (endpoint != null && Emulator.healthy(endpoint)) {
            for (Backend backend : Backend.values()) {
                EmulatorClients.putKey(endpoint, deployment.secretArn(backend), "");
            }
        }
    }

    /// Ends what a killed command left behind.
    static void sweep(Project project) {
        if (!Files.isDirectory(project.temporaryStacks())) {
            return;
        }
        try (Stream<Path> folders = Files.list(project.temporaryStacks())) {
            folders.filter(EmbeddedStack::isAbandoned).toList().forEach(folder -> {
                StackRecord.read(folder).ifPresent(record -> ProcessTrees.stop(record.alive(), STOP_GRACE));
                Folders.delete(folder);
            });
        } catch (IOException e) {
            throw new UncheckedIOException("abandoned stacks cannot be removed", e);
        }
    }

    /// The owner is in the record, and in the folder's name before there is a record.
    private static boolean isAbandoned(Path folder) {
        return StackRecord.read(folder)
                .map(StackRecord::owner)
                .map(owner -> owner.handle().isEmpty())
                .orElseGet(() -> !isProcess(folder.getFileName().toString().split("-", 2)[0]));
    }

    private static boolean isProcess(String number) {
        return number.matches("\\d{1,18}")
                && ProcessHandle.of(Long.parseLong(number)).isPresent();
    }

    @Override
    public Deployment deployment() {
        return deployment;
    }

    /// Base URL of the simulator; empty with a live provider.
    public Optional<URI> simulatorUrl() {
        return Optional.ofNullable(simulatorUrl);
    }

    /// How the simulator decides, in a line; empty with a live provider.
    public Optional<String> judge() {
        return Optional.ofNullable(judge);
    }

    /// Logs are under `logs/`, the simulator's journal and data under `simulator/`.
    public Path folder() {
        return folder;
    }

    /// Ends a temporary stack and deletes its folder; does nothing to a background stack.
    @Override
    public void close() {
        if (guard != null) {
            guard.close();
        }
    }

    /// The steps of a start; those that do not depend on each other run in parallel.
    private record Start(
            Project project, Path folder, StackOptions options, StackGuard guard, Consumer<String> progress) {

        Started run() throws ExecutionException, InterruptedException {
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Path> assembly = executor.submit(this::synthesise);
                Future<?> cdk = executor.submit(() -> guard.tools().installCdk(guard.children(), progress));
                Future<URI> endpoint = executor.submit(this::emulator);
                Future<Provider> simulator = executor.submit(this::simulator);
                await(cdk);
                return deploy(await(simulator), await(endpoint), await(assembly));
            }
        }

        /// When one fails, the others are ended; otherwise they would be waited for.
        private <T extends @Nullable Object> T await(Future<T> future) throws ExecutionException, InterruptedException {
            try {
                return future.get();
            } catch (ExecutionException | InterruptedException e) {
                guard.children().close();
                throw e;
            }
        }

        private Path synthesise() {
            Path log = folder.resolve("logs/synth.log");
            return new Synthesis(project, progress).assembly(guard.children(), options, log);
        }

        private URI emulator() {
            guard.tools().installEmulator(guard.children(), progress);
            progress.accept("Starting the emulator");
            URI endpoint = Emulator.start(
                    guard.children(), guard.tools().emulator(), folder, guard.background(), options.waitScale());
            CdkDeployment.createAssetBucket(endpoint);
            return endpoint;
        }

        private Provider simulator() {
            return switch (options.provider()) {
                case StackOptions.Live live -> new Provider(null, live.services());
                case StackOptions.Simulated simulated -> {
                    Simulator simulator =
                            Simulator.start(guard.children(), project, folder, options.service(), simulated);
                    yield new Provider(
                            simulator.baseUrl(),
                            Simulator.services(simulator.baseUrl(), simulator.key(), options.service()));
                }
            };
        }

        private Started deploy(Provider provider, URI endpoint, Path assembly) {
            progress.accept("Deploying the stack");
            Deployment deployment = new CdkDeployment(project, guard.tools(), folder)
                    .deploy(guard.children(), assembly, endpoint, options, provider.services());
            if (guard.background()) {
                Emulator.save(guard.children(), folder, guard.children().running());
            }
            putKeys(endpoint, deployment, provider.services());
            guard.complete(provider.simulator(), judge(options), options.waitScale(), deployment);
            return new Started(deployment, provider.simulator());
        }
    }

    private record Started(Deployment deployment, @Nullable URI simulator) {}

    private record Provider(@Nullable URI simulator, Map<Backend, Service> services) {}
}
