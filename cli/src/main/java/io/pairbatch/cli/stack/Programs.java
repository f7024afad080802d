package io.pairbatch.cli.stack;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the programs that must be installed: Python, Node and npm. The JDK is the one that runs this.
public final class Programs {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

    private Programs() {}

    /// A program and its version.
    record Program(Path path, String version) {}

    /// The program that runs this one.
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /// @throws CliException when there is no Python of at least 3.10
    static Program python() {
        return findPython()
                .orElseThrow(() -> new CliException(
                        ExitStatus.UNREACHABLE,
                        "Python 3.10 or later was not found.",
                        "Install python3 with its venv module, or set PAIRBATCH_PYTHON to it."));
    }

    static Optional<Program> findPython() {
        return candidates(
                        "PAIRBATCH_PYTHON",
                        "python3",
                        "python3.14",
                        "python3.13",
                        "python3.12",
                        "python3.11",
                        "python3.10")
                .filter(program -> atLeast(program.version(), 3, 10))
                .findFirst();
    }

    /// @throws CliException when there is no Node of at least 20
    static Program node() {
        return findNode()
                .orElseThrow(() -> new CliException(
                        ExitStatus.UNREACHABLE,
                        "Node.js 20 or later was not found.",
                        "Install Node.js with npm, or set PAIRBATCH_NODE to node."));
    }

    static Optional<Program> findNode() {
        return candidates("PAIRBATCH_NODE", "node", "nodejs")
                .filter(program -> atLeast(program.version(), 20, 0))
                .findFirst();
    }

    /// @throws CliException when there is none
    static Program npm() {
        return candidates("PAIRBATCH_NPM", "npm")
                .findFirst()
                .orElseThrow(() ->
                        new CliException(ExitStatus.UNREACHABLE, "npm was not found.", "Install Node.js with npm."));
    }

    private static Stream<Program> candidates(String variable, String... names) {
        String set = System.getenv(variable);
        Stream<Path> places =
                set != null ? Stream.of(Path.of(set)) : Arrays.stream(names).flatMap(Programs::onPath);
        return places.map(Programs::program).filter(Objects::nonNull);
    }

    private static Stream<Path> onPath(String name) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
    }

    /// The program if it runs and prints a version. Version managers put shims on the path that refuse to run.
    private static @Nullable Program program(Path path) {
        try {
            Process process = new ProcessBuilder(List.of(path.toString(), "--version"))
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readNBytes(1_024), StandardCharsets.UTF_8).strip();
            boolean ended = process.waitFor(10, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0 ? new Program(path.toAbsolutePath(), text) : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    static boolean atLeast(String version, int major, int minor) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.find()) {
            return false;
        }
        int first = Integer.parseInt(matcher.group(1));
        return first > major || (first == major && Integer.parseInt(matcher.group(2)) >= minor);
    }
}
