package io.pairbatch.cli.stack;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// The provider simulator as a process of the stack.
///
/// @param baseUrl base URL of every provider's API
/// @param key the key that it accepts
record Simulator(URI baseUrl, String key) {

    static final String NAME = "simulator";

    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_SAID = 4_096;

    /// Starts it on a free port and waits until it has written its ready file.
    ///
    /// @param folder for its data and log
    /// @param service the service to simulate as [Backend#COPIED]
    static Simulator start(
            Children children, Project project, Path folder, String service, StackOptions.Simulated options) {
        Path ready = folder.resolve("simulator.ready");
        Path log = folder.resolve("logs/simulator.log");
        long logged = Logs.size(log);
        Folders.deleteFile(ready);
        String key = key(folder.resolve("simulator.key"));
        Process process = children.start(
                NAME,
                command(project, folder, key, ready, service, options.arguments(project)),
                Environments.minimal(),
                options.folder(),
                log);
        Instant deadline = Instant.now().plus(START_PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(deadline)) {
            if (Files.exists(ready)) {
                return new Simulator(URI.create(read(ready)), key);
            }
            ProcessTrees.sleep(Duration.ofMillis(20));
        }
        throw Logs.failure("The simulator did not start.", log, logged);
    }

    /// Asks the simulator whether it takes the options, without starting it.
    ///
    /// @throws CliException with what it says, when it does not
    static void check(Project project, Path folder, StackOptions.Simulated options) {
        List<String> arguments = new ArrayList<>(options.arguments(project));
        arguments.add("--check");
        Path ready = folder.resolve("simulator.ready");
        List<String> command = command(project, folder, "sk-check", ready, Backend.COPIED_CODE, arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .directory(options.folder().toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readNBytes(MOST_SAID), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw CliException.usage(
                        "The simulator does not take its options: " + said + " Nothing was started.",
                        "Correct them; ./pairbatch simulate --help lists them.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the simulator cannot be asked about its options", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Address and key of every simulated provider.
    static Map<Backend, StackOptions.Service> services(URI baseUrl, String key, String service) {
        Service standIn = Providers.service(service).orElseThrow();
        return Deployment.each(backend -> new StackOptions.Service(
                baseUrl + Providers.service(backend, standIn).path(), key));
    }

    private static List<String> command(
            Project project, Path folder, String key, Path ready, String service, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Programs.java().toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                project.simulatorJar().toString(),
                "--port",
                "0",
                "--data",
                Folders.create(folder.resolve("simulator")).toString(),
                "--key",
                key,
                "--ready-file",
                ready.toString(),
                "--service",
                service));
        command.addAll(arguments);
        return command;
    }

    /// The file appears complete; it holds the address.
    private static String read(Path ready) {
        try {
            return Files.readString(ready).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + ready, e);
        }
    }

    /// Kept for the next start: a batch whose create was not answered is looked up with the key that sent it.
    private static String key(Path file) {
        if (Files.exists(file)) {
            return read(file);
        }
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        String key = "sk-simulator-" + HexFormat.of().formatHex(bytes);
        Folders.replace(file, key);
        return key;
    }
}
