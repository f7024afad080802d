package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.standins.ThrowAwayCa;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real provider with the embedded stack: a second simulator in a separate process, with a certificate of a private
/// authority, and the command line as a user runs it. The key is in the environment and never on disk.
@Tag("long")
@SuppressWarnings("NullAway.Init")
class LiveIT {

    private static final String KEY = "sk-unmistakable-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    private Path home;
    private Process provider;
    private String url;
    private ThrowAwayCa ca;

    /// A separate checkout, as far as the command line can see, so that a developer's running stack is not affected.
    @BeforeEach
    void start() throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("pairbatch.home")).toRealPath();
        home = Files.createDirectories(folder.resolve("home"));
        for (String name : List.of("functions", "infra", "simulator", "statemachine", "tools", "examples")) {
            Files.createSymbolicLink(home.resolve(name), root.resolve(name));
        }
        Path installed = Files.createDirectories(root.resolve(".pairbatch/tools"));
        Files.createSymbolicLink(
                Files.createDirectories(home.resolve(".pairbatch")).resolve("tools"), installed);
        ca = ThrowAwayCa.make(folder.resolve("ca"), "ip:127.0.0.1");
        startProvider(root.resolve("simulator/target/simulator.jar"));
        Files.writeString(folder.resolve("pairs.csv"), Tables.csv(12));
    }

    private void startProvider(Path jar) throws IOException, InterruptedException {
        Path ready = folder.resolve("ready");
        List<String> command = new ArrayList<>(List.of(java(), "-jar", jar.toString()));
        command.addAll(List.of("--data", folder.resolve("provider").toString(), "--ready-file", ready.toString()));
        command.addAll(List.of("--key", KEY, "--batch-seconds", "2", "--error-rate", "0", "--missing-tag-rate", "0"));
        command.addAll(ca.options());
        provider = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("provider.log").toFile())
                .start();
        Instant patience = Instant.now().plus(TestStack.PATIENCE);
        while (!Files.exists(ready) && provider.isAlive() && Instant.now().isBefore(patience)) {
            Thread.sleep(50);
        }
        url = Files.readString(ready).strip() + "/v1";
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        pairbatch("down");
        provider.destroy();
        provider.waitFor();
        try (Stream<Path> files = Files.walk(home, 2)) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    @Test
    void aLiveRunLeavesNoKeyOnDiskHoweverTheStackEnds() throws Exception {
        Ran first = run(
                "run=1",
                "--live-url",
                "openai=" + url,
                "--live-ca",
                ca.certificate().toString());
        assertThat(first.status()).as(first.output()).isZero();
        assertThat(first.output())
                .contains("provider   openai at " + url, "pairs      12", "keeps running until ./pairbatch down")
                .contains("12 rows = 12 judged + 0 failed + 0 rejected");
        assertThat(holders(home.resolve(".pairbatch"))).isEmpty();

        assertThat(pairbatch("down").status()).isZero();
        assertThat(holders(home.resolve(".pairbatch"))).isEmpty();

        Ran second = run(
                "run=2",
                "--live-url",
                "openai=" + url,
                "--live-ca",
                ca.certificate().toString());
        assertThat(second.status()).as(second.output()).isZero();
        // The running stack is reused, with its address and its authority.
        Ran third = run("run=3");
        assertThat(third.status()).as(third.output()).isZero();
        assertThat(third.output()).contains("provider   openai at " + url).doesNotContain("Deploying");

        // A deployment to the running stack makes it save its state while the keys are in the secrets.
        Ran again = pairbatch(
                "up",
                "--live",
                "--live-url",
                "openai=" + url,
                "--live-ca",
                ca.certificate().toString());
        assertThat(again.status()).as(again.output()).isZero();
        assertThat(holders(home.resolve(".pairbatch"))).isEmpty();

        terminateEmulator();
        Path secrets = home.resolve(".pairbatch/stack/state/secretsmanager.json");
        assertThat(secrets).content().contains("api_key");
        assertThat(holders(home.resolve(".pairbatch"))).isEmpty();

        Ran up = pairbatch(
                "up",
                "--live",
                "--live-url",
                "openai=" + url,
                "--live-ca",
                ca.certificate().toString());
        assertThat(up.status()).as(up.output()).isZero();
        Ran jobs = pairbatch("jobs");
        assertThat(jobs.output().lines().filter(line -> line.contains(" done")))
                .as(jobs.output())
                .hasSize(3);
        Ran fourth = run("run=4");
        assertThat(fourth.status()).as(fourth.output()).isZero();
        assertThat(creates()).isEqualTo(4);
    }

    private Ran run(String setting, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "run", "pairs.csv", "--live", "--yes", "--set", "model=gpt-4.1", "--set", "interval_seconds=1"));
        arguments.addAll(List.of("--set", "trait_name=overall_quality", "--set", setting));
        arguments.addAll(List.of(options));
        return pairbatch(arguments.toArray(String[]::new));
    }

    /// A command's output and exit status.
    private record Ran(int status, String output) {}

    private Ran pairbatch(String... arguments) throws IOException, InterruptedException {
        Path jar = Path.of(System.getProperty("pairbatch.home"), "cli/target/cli.jar")
                .toAbsolutePath();
        List<String> command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1", "-jar", jar.toString()));
        command.addAll(List.of(arguments));
        Path printed = Files.createTempFile(folder, "printed", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        builder.environment().put("PAIRBATCH_HOME", home.toString());
        builder.environment().put("OPENAI_API_KEY", KEY);
        int status = builder.start().waitFor();
        return new Ran(status, Files.readString(printed));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// As by a user, or by a shutdown of the machine.
    private void terminateEmulator() throws IOException, InterruptedException {
        JsonNode record = JsonMapper.shared().readTree(home.resolve(".pairbatch/stack/stack.json"));
        long pid = record.path("processes")
                .valueStream()
                .filter(process -> process.path("name").stringValue().equals("emulator"))
                .findFirst()
                .orElseThrow()
                .path("pid")
                .longValue();
        ProcessHandle emulator = ProcessHandle.of(pid).orElseThrow();
        emulator.destroy();
        Instant patience = Instant.now().plus(TestStack.PATIENCE);
        while (emulator.isAlive() && Instant.now().isBefore(patience)) {
            Thread.sleep(50);
        }
        assertThat(emulator.isAlive()).isFalse();
    }

    private long creates() throws IOException {
        try (Stream<String> journal = Files.lines(folder.resolve("provider/journal.jsonl"))) {
            return journal.filter(line -> line.contains("\"op\":\"create\"")).count();
        }
    }

    /// The files below a folder that contain the key: as text in UTF-8 or UTF-16, or as part of base64 data.
    private static List<Path> holders(Path folder) throws IOException {
        List<byte[]> forms = new ArrayList<>(List.of(
                KEY.getBytes(StandardCharsets.UTF_8),
                KEY.getBytes(StandardCharsets.UTF_16LE),
                KEY.getBytes(StandardCharsets.UTF_16BE)));
        for (int before = 0; before < 3; before++) {
            byte[] placed = ("x".repeat(before) + KEY).getBytes(StandardCharsets.UTF_8);
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(placed);
            // The first and last characters also depend on the neighbouring bytes.
            String certain = base64.substring(before == 0 ? 0 : 4, base64.length() - 4);
            forms.add(certain.getBytes(StandardCharsets.US_ASCII));
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> holdsAny(file, forms))
                    .toList();
        }
    }

    private static boolean holdsAny(Path file, List<byte[]> forms) {
        try {
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            return forms.stream().anyMatch(form -> content.contains(new String(form, StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            // Deleted in the meantime: it no longer contains anything.
            return false;
        }
    }
}
