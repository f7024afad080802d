package io.pairbatch.cli.stack;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The AWS emulator, on the loopback interface only.
final class Emulator {

    static final String NAME = "emulator";

    static final int USUAL_PORT = 4566;
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration SAVE_PATIENCE = Duration.ofSeconds(60);

    private Emulator() {}

    /// Starts it and waits until it answers.
    ///
    /// @param command the command that runs it
    /// @param folder for its state, objects, log and temporary files
    /// @param keepsState whether state is read at the start and saved at a graceful end
    static URI start(Children children, List<String> command, Path folder, boolean keepsState, double waitScale) {
        // Between choosing a port and listening on it another program may take it.
        for (int attempt = 1; ; attempt++) {
            URI endpoint = URI.create("http://127.0.0.1:" + freePort(keepsState && attempt == 1));
            Path log = folder.resolve("logs/emulator.log");
            Process process =
                    children.start(NAME, command, environment(endpoint, folder, keepsState, waitScale), folder, log);
            if (awaitHealth(process, endpoint)) {
                return endpoint;
            }
            if (process.isAlive() || attempt == 3) {
                throw Logs.failure("The emulator did not start.", log);
            }
        }
    }

    /// Saves the state now, not only at a graceful end: after a hard kill, the files in S3 would belong to no resource.
    static void save(Children children, Path folder, List<RunningProcess> processes) {
        RunningProcess emulator = processes.stream()
                .filter(process -> process.name().equals(NAME))
                .findFirst()
                .orElseThrow();
        Path saved = saved(folder);
        Folders.deleteFile(saved);
        children.run(
                "kill -USR1",
                List.of("kill", "-USR1", Long.toString(emulator.pid())),
                Environments.users(),
                folder,
                folder.resolve("logs/save.log"));
        Instant deadline = Instant.now().plus(SAVE_PATIENCE);
        while (!Files.exists(saved)) {
            if (Instant.now().isAfter(deadline)) {
                throw Logs.failure("The emulator did not save its state.", folder.resolve("logs/emulator.log"));
            }
            ProcessTrees.sleep(Duration.ofMillis(20));
        }
    }

    /// Whether this emulator can save: the signal would end one that an older version has started.
    static boolean canSave(Path folder, List<RunningProcess> processes) {
        try {
            String pid = Files.exists(saved(folder)) ? Files.readString(saved(folder)) : "";
            return processes.stream().anyMatch(process -> pid.equals(Long.toString(process.pid())));
        } catch (IOException e) {
            throw new UncheckedIOException("the emulator's state cannot be read", e);
        }
    }

    private static Path saved(Path folder) {
        return folder.resolve("state/saved");
    }

    private static Map<String, String> environment(URI endpoint, Path folder, boolean keepsState, double waitScale) {
        Map<String, String> values = Environments.aws(endpoint);
        values.put("GATEWAY_PORT", Integer.toString(endpoint.getPort()));
        values.put("BIND_HOST", "127.0.0.1");
        values.put("SFN_WAIT_SCALE", Double.toString(waitScale));
        values.put("SFTP_ENABLED", "0");
        values.put("IOT_MTLS_ENABLED", "0");
        values.put("PYTHONUNBUFFERED", "1");
        // Policies are enforced as on AWS, so that a missing grant is found on this machine.
        values.put("AUTH", "true");
        // Function packages are unpacked there.
        values.put("TMPDIR", Folders.create(folder.resolve("tmp")).toString());
        // No Docker, even if installed: the emulator would ask it for containers at every start.
        values.put("DOCKER_HOST", "unix:///nonexistent/docker.sock");
        values.put("PERSIST_STATE", keepsState ? "1" : "0");
        values.put("STATE_DIR", folder.resolve("state").toString());
        values.put("S3_PERSIST", keepsState ? "1" : "0");
        values.put("S3_DATA_DIR", folder.resolve("s3").toString());
        return values;
    }

    private static boolean awaitHealth(Process process, URI endpoint) {
        Instant deadline = Instant.now().plus(START_PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(deadline)) {
            if (healthy(endpoint)) {
                return true;
            }
            ProcessTrees.sleep(Duration.ofMillis(50));
        }
        return false;
    }

    static boolean healthy(URI endpoint) {
        return answers(endpoint.resolve("/_ministack/health"));
    }

    /// Whether the address answers with 200 within 2 s.
    static boolean answers(URI address) {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection(java.net.Proxy.NO_PROXY);
            connection.setConnectTimeout(2_000);
            connection.setReadTimeout(2_000);
            int status = connection.getResponseCode();
            connection.disconnect();
            return status == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort(boolean usualPreferred) {
        if (usualPreferred && isFree(USUAL_PORT)) {
            return USUAL_PORT;
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new CliException(
                    ExitStatus.UNREACHABLE, "No port is free on 127.0.0.1.", "Stop a program that listens there.", e);
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
