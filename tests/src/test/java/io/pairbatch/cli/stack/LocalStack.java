package io.pairbatch.cli.stack;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// LocalStack as processes of this machine, as `tools/localstack` pins it; an emulator that differs from the usual one,
/// for tests only. The system property `pairbatch.localstack` is `start` where the tests start one themselves, or the
/// address of one that runs.
public final class LocalStack {

    private static final String WANTED = System.getProperty("pairbatch.localstack", "");
    private static final String STARTED = "start";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String IS_3_13 = "import sys; assert sys.version_info[:2] == (3, 13); print(sys.executable)";

    private final Path sources;
    private final Path home;

    LocalStack(Project project) {
        sources = project.root().resolve("tools/localstack");
        home = project.state().resolve("tools/localstack");
    }

    /// Whether the suites run on LocalStack.
    public static boolean wanted() {
        return !WANTED.isEmpty();
    }

    /// Whether the suites start it: its processes are theirs then, and its mocks.
    public static boolean isOwn() {
        return WANTED.equals(STARTED);
    }

    /// Why there can be none on this machine; empty if there can.
    public static Optional<String> hindrance() {
        return isOwn() && Python.FOUND.isEmpty()
                ? Optional.of("LocalStack needs Python 3.13: none is on the path, with uv or with pyenv")
                : Optional.empty();
    }

    /// Looked for once.
    private static final class Python {

        static final Optional<Path> FOUND = python();
    }

    /// Where it answers.
    ///
    /// @param folder for its files, its log and `mocks.json`, the mocked answers of state machines
    URI start(Children children, Path folder) {
        if (!isOwn()) {
            return URI.create(WANTED);
        }
        install(children);
        Path log = folder.resolve("logs/localstack.log");
        URI endpoint = URI.create("http://127.0.0.1:" + freePort());
        Process process = children.start(
                Emulator.NAME,
                List.of(installed().toString(), "-m", "localstack.runtime.main"),
                environment(endpoint, layOut(folder)),
                folder,
                log);
        Instant end = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(end)) {
            if (Emulator.answers(endpoint.resolve("/_localstack/health"))) {
                return endpoint;
            }
            ProcessTrees.sleep(Duration.ofMillis(100));
        }
        throw Logs.failure("LocalStack did not start.", log);
    }

    private Map<String, String> environment(URI endpoint, Path folder) {
        Map<String, String> values = Environments.minimal();
        // It drops an IPv4 address and listens on all interfaces; this is the same one, written as IPv6.
        values.put("GATEWAY_LISTEN", "[::ffff:127.0.0.1]:" + endpoint.getPort());
        values.put("LOCALSTACK_HOST", endpoint.getAuthority());
        values.put("AWS_ACCESS_KEY_ID", "test");
        values.put("AWS_SECRET_ACCESS_KEY", "test");
        values.put("AWS_DEFAULT_REGION", Environments.REGION);
        values.put("LAMBDA_RUNTIME_EXECUTOR", "processes");
        values.put("PYTHONPATH", sources.resolve("plugin").toString());
        values.put("PYTHONDONTWRITEBYTECODE", "1");
        values.put("PAIRBATCH_JAVA", Programs.java().toString());
        values.put("SFN_MOCK_CONFIG", mocks(folder).toString());
        values.put("DYNAMODB_IN_MEMORY", "1");
        // Nothing outside of this machine is called, and no name server started.
        values.put("DISABLE_EVENTS", "1");
        values.put("ANALYTICS_API", "http://127.0.0.1:9");
        values.put("API_ENDPOINT", "http://127.0.0.1:9");
        values.put("SKIP_SSL_CERT_DOWNLOAD", "1");
        values.put("DNS_ADDRESS", "0");
        values.put("OVERRIDE_IN_DOCKER", "0");
        values.put("DOCKER_HOST", "unix:///nonexistent/docker.sock");
        values.put("FILESYSTEM_ROOT", folder.toString());
        values.put("TMPDIR", Folders.create(folder.resolve("tmp")).toString());
        values.put("HOME", folder.toString());
        return values;
    }

    /// The file of mocked answers of state machines; read at each execution.
    ///
    /// @param folder of the stack
    public static Path mocks(Path folder) {
        return folder.resolve("mocks.json");
    }

    /// Where it looks for programs before it would download them.
    private Path layOut(Path folder) {
        Path libraries = Folders.create(folder.resolve("usr/lib/localstack"));
        try {
            for (String name : List.of("dynamodb-local", "jsonata")) {
                Files.createSymbolicLink(libraries.resolve(name), programs().resolve(name));
            }
            Path java = Folders.create(libraries.resolve("java"));
            Files.createSymbolicLink(java.resolve("21"), Path.of(System.getProperty("java.home")));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path installed() {
        return home.resolve("python/bin/python");
    }

    private Path programs() {
        return sources.resolve("target/programs");
    }

    private void install(Children children) {
        Path requirements = sources.resolve("requirements.txt");
        Path log = home.resolve("install.log");
        once("python", new Digest().file(requirements).hex(), () -> {
            String python = Python.FOUND.orElseThrow().toString();
            Folders.delete(home.resolve("python"));
            run(
                    children,
                    log,
                    List.of(python, "-m", "venv", home.resolve("python").toString()));
            List<String> pip = List.of(installed().toString(), "-m", "pip", "install", "-q", "--require-hashes", "-r");
            run(children, log, with(pip, requirements.toString()));
        });
        Path pom = sources.resolve("pom.xml");
        Path source = sources.resolve("src/main/java/io/pairbatch/localstack/LoopbackTables.java");
        once(
                "programs",
                new Digest().text(programs().toString()).file(pom).file(source).hex(),
                () -> run(children, log, List.of("mvn", "-B", "-q", "-f", pom.toString(), "clean", "package")));
    }

    private static List<String> with(List<String> command, String last) {
        List<String> all = new ArrayList<>(command);
        all.add(last);
        return all;
    }

    private void run(Children children, Path log, List<String> command) {
        children.run(String.join(" ", command), command, Environments.users(), home, log);
    }

    private void once(String name, String key, Runnable install) {
        Path marker = Folders.create(home).resolve(name + ".installed");
        try {
            if (!Files.exists(marker) || !Files.readString(marker).equals(key)) {
                install.run();
                Folders.replace(marker, key);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> python() {
        String pyenv =
                Objects.requireNonNullElse(System.getenv("PYENV_ROOT"), System.getProperty("user.home") + "/.pyenv");
        return Stream.of(
                        said("python3.13", "-c", IS_3_13).stream(),
                        said("uv", "python", "find", "--no-python-downloads", "3.13").stream(),
                        pythons(Path.of(pyenv, "versions")))
                .flatMap(each -> each)
                .filter(path -> said(path, "-c", IS_3_13).isPresent())
                .map(Path::of)
                .findFirst();
    }

    private static Stream<String> pythons(Path versions) {
        if (!Files.isDirectory(versions)) {
            return Stream.empty();
        }
        try (Stream<Path> all = Files.list(versions)) {
            return all.map(version -> version.resolve("bin/python3.13").toString()).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a program prints, if it is there and ends well.
    private static Optional<String> said(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readNBytes(1_024), StandardCharsets.UTF_8).strip();
            boolean ended = process.waitFor(30, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0 && !text.isEmpty() ? Optional.of(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new CliException(ExitStatus.UNREACHABLE, "No port is free on 127.0.0.1.", "Free one.", e);
        }
    }
}
