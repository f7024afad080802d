package io.pairbatch.cli.stack;

import io.pairbatch.cli.deployment.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What is recorded about a stack while it runs, in `stack.json` of its folder.
///
/// @param owner the process that started the stack and ends it; null for a stack that runs until `down`
/// @param processes everything started so far
/// @param simulator base URL of the simulator; null with a live provider or before it listens
/// @param judge how the simulator decides, in a line; null likewise, and in the records of older versions
/// @param waitScale factor on the workflow's waits; null before the stack is complete, and in the records of older
/// versions
/// @param deployment null until the deployment is complete
record StackRecord(
        @Nullable RunningProcess owner,
        List<RunningProcess> processes,
        @Nullable URI simulator,
        @Nullable String judge,
        @Nullable Double waitScale,
        @Nullable Deployment deployment) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static Path file(Path folder) {
        return folder.resolve("stack.json");
    }

    /// The record of a folder; empty when there is none, or none that can be read.
    static Optional<StackRecord> read(Path folder) {
        try {
            return Files.exists(file(folder))
                    ? Optional.of(JSON.readValue(Files.readString(file(folder)), StackRecord.class))
                    : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file(folder), e);
        }
    }

    void write(Path folder) {
        Folders.replace(file(folder), JSON.writeValueAsString(this) + "\n");
    }

    /// The processes that still run.
    List<ProcessHandle> alive() {
        return processes.stream().flatMap(process -> process.handle().stream()).toList();
    }

    /// Whether the stack answers or is still being started. A killed process may stay in the process list for a while.
    boolean answers() {
        URI endpoint = deployment == null ? null : deployment.endpoint();
        return alive(Emulator.NAME) && (endpoint == null || Emulator.healthy(endpoint));
    }

    boolean alive(String name) {
        return processes.stream()
                .filter(process -> process.name().equals(name))
                .anyMatch(process -> process.handle().isPresent());
    }
}
