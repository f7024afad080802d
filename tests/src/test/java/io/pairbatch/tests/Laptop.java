package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.stack.EmbeddedStack;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.cli.stack.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/// A stack for one suite, started like `up` starts it: its emulator can be stopped, and its saved state is there after
/// the next start.
final class Laptop implements AutoCloseable {

    private final Project project;
    private final StackOptions options;

    Laptop(Path folder, StackOptions options) {
        this.project = new Project(Project.find().root(), folder.resolve("stack"));
        this.options = options;
    }

    TestStack up() {
        return TestStack.of(EmbeddedStack.up(project, options, text -> {}));
    }

    /// The stack, which has been started.
    TestStack running() {
        return TestStack.of(EmbeddedStack.running(project).orElseThrow());
    }

    /// Only the emulator's own process, by its PID.
    ProcessHandle emulator() {
        try {
            long pid = new JsonMapper()
                            .readTree(Files.readString(project.stack().resolve("stack.json")))
                            .path("processes")
                            .values()
                            .stream()
                            .filter(p -> p.path("name").asString("").equals("emulator"))
                            .findFirst()
                            .orElseThrow()
                            .path("pid")
                            .longValue();
            return ProcessHandle.of(pid).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// SIGTERM: the emulator can save its state.
    void terminate() {
        ProcessHandle emulator = emulator();
        assertThat(emulator.destroy()).isTrue();
        emulator.onExit().join();
    }

    /// SIGKILL: it cannot save its state.
    void kill() {
        ProcessHandle emulator = emulator();
        assertThat(emulator.destroyForcibly()).isTrue();
        emulator.onExit().join();
    }

    @Override
    public void close() {
        EmbeddedStack.down(project);
    }
}
