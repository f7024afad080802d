package io.pairbatch.cli.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The simulator's options that a stack was last started with, beside its data: another start without any uses them
/// again, so that the same texts are not judged in another way after a crash.
///
/// @param arguments as they were given
/// @param folder where files that they name are looked for
/// @param read what was in the files that it has read, as digests by their paths; none in what older versions wrote
record SimulatorOptions(
        List<String> arguments, String folder, @Nullable Map<String, String> read) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> FILES = Set.of("--qualities", "--faults", "--tls-key", "--tls-certificate");
    /// Those that say what it does. They are read once, when it starts.
    private static final List<String> RULES = List.of("--qualities=", "--faults=");

    SimulatorOptions {
        arguments = List.copyOf(arguments);
    }

    /// What a start uses: what is given, or else what was used before.
    ///
    /// @param stack folder of the stack
    static StackOptions.Simulated of(StackOptions.Simulated given, Path stack, Consumer<String> progress) {
        if (!given.arguments().isEmpty() || !Files.exists(file(stack))) {
            return given;
        }
        SimulatorOptions before = read(stack);
        progress.accept("The simulator has the options of its last start: " + String.join(" ", before.arguments)
                + " (in " + before.folder + "). To start without them: ./pairbatch down, then"
                + " ./pairbatch up --simulator-defaults");
        return new StackOptions.Simulated(before.arguments, given.knows(), Path.of(before.folder));
    }

    /// How the options of the running simulator differ from these; empty if they do not.
    ///
    /// @param given no arguments for what it usually has
    /// @param stack folder of the stack
    static Optional<String> difference(StackOptions.Simulated given, Path stack) {
        SimulatorOptions running =
                Files.exists(file(stack)) ? read(stack) : new SimulatorOptions(List.of(), String.valueOf(stack), null);
        boolean same =
                meaning(running.arguments, Path.of(running.folder)).equals(meaning(given.arguments(), given.folder()));
        return same
                ? Optional.empty()
                : Optional.of("Its simulator has "
                        + (running.arguments.isEmpty()
                                ? "its usual options"
                                : String.join(" ", running.arguments) + " (in " + running.folder + ")")
                        + ", not "
                        + (given.arguments().isEmpty()
                                ? "its usual options"
                                : String.join(" ", given.arguments()) + " (in " + given.folder() + ")")
                        + ".");
    }

    /// That files which the running simulator has read say something else by now; empty if they do not.
    ///
    /// @param stack folder of the stack
    static Optional<String> changed(Path stack) {
        Map<String, String> before = Files.exists(file(stack)) ? read(stack).read() : null;
        if (before == null) {
            return Optional.empty();
        }
        List<String> changed = before.entrySet().stream()
                .filter(file -> !digest(Path.of(file.getKey())).equals(file.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return changed.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(" and ", changed) + (changed.size() == 1 ? " has" : " have")
                        + " changed since the simulator started. It reads "
                        + (changed.size() == 1 ? "it" : "them") + " only then, so what was changed is not in effect.");
    }

    private static Map<String, String> read(StackOptions.Simulated used) {
        Map<String, String> read = new TreeMap<>();
        for (String option : meaning(used.arguments(), used.folder())) {
            RULES.stream().filter(option::startsWith).forEach(rule -> {
                String path = option.substring(rule.length());
                read.put(path, digest(Path.of(path)));
            });
        }
        return read;
    }

    /// A file that is gone is not the one that was read.
    private static String digest(Path file) {
        return Files.isRegularFile(file) ? new Digest().file(file).hex() : "";
    }

    /// The options in one order, with `=` or without, and files by where they are.
    private static List<String> meaning(List<String> arguments, Path folder) {
        List<String> options = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.startsWith("--") || options.isEmpty()) {
                options.add(argument);
            } else {
                options.add(options.removeLast() + "=" + argument);
            }
        }
        options.replaceAll(option -> {
            String[] parts = option.split("=", 2);
            return parts.length == 2 && FILES.contains(parts[0])
                    ? parts[0] + "=" + folder.resolve(parts[1]).normalize()
                    : option;
        });
        options.sort(Comparator.naturalOrder());
        return options;
    }

    /// Remembers what a start has used.
    static void write(StackOptions.Simulated used, Path stack) {
        if (used.arguments().isEmpty()) {
            forget(stack);
        } else {
            SimulatorOptions options =
                    new SimulatorOptions(used.arguments(), used.folder().toString(), read(used));
            Folders.replace(file(stack), JSON.writeValueAsString(options) + "\n");
        }
    }

    /// The next start has the usual options.
    static void forget(Path stack) {
        Folders.deleteFile(file(stack));
    }

    private static SimulatorOptions read(Path stack) {
        try {
            return JSON.readValue(Files.readString(file(stack)), SimulatorOptions.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file(stack), e);
        } catch (JacksonException e) {
            throw new UncheckedIOException(new IOException("cannot read " + file(stack), e));
        }
    }

    private static Path file(Path stack) {
        return stack.resolve("simulator-options.json");
    }
}
