package io.pairbatch.cli.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The simulator's options that a stack was last started with, beside its data: another start without any uses them
/// again, so that the same texts are not judged in another way after a crash.
///
/// @param arguments as they were given
/// @param folder where files that they name are looked for
record SimulatorOptions(List<String> arguments, String folder) {

    private static final JsonMapper JSON = JsonMapper.shared();

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

    /// Remembers what a start has used.
    static void write(StackOptions.Simulated used, Path stack) {
        if (used.arguments().isEmpty()) {
            forget(stack);
        } else {
            SimulatorOptions options =
                    new SimulatorOptions(used.arguments(), used.folder().toString());
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
