package io.pairbatch.cli.stack;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The processes of one stack. Once closed, it starts no more processes, so that an end during a start leaves
/// none behind.
final class Children implements AutoCloseable {

    /// Longest time that the emulator needs to save its state.
    private static final Duration GRACE = Duration.ofSeconds(20);

    /// In a session of its own, a child does not get the terminal's Ctrl-C and outlives the terminal. macOS has no
    /// `setsid` command; Python is always there.
    private static final String NEW_SESSION =
            "import os,sys\ntry: os.setsid()\nexcept OSError: pass\nos.execvp(sys.argv[1],sys.argv[1:])";

    private final Supplier<Path> python;
    private final Consumer<List<RunningProcess>> record;
    private final List<RunningProcess> started = new ArrayList<>();
    private final List<ProcessHandle> handles = new CopyOnWriteArrayList<>();
    private boolean closed;

    /// @param python called at each start
    /// @param record gets all processes whenever one is added
    Children(Supplier<Path> python, Consumer<List<RunningProcess>> record) {
        this.python = python;
        this.record = record;
    }

    /// Starts a process that lives until it is closed or released. What it prints goes to the log file.
    ///
    /// @param environment all of its environment
    synchronized Process start(
            String name, List<String> command, Map<String, String> environment, Path folder, Path log) {
        if (closed) {
            throw new CliException(ExitStatus.UNREACHABLE, "The stack is being stopped.", "Start it again.");
        }
        List<String> whole = new ArrayList<>(List.of(python.get().toString(), "-c", NEW_SESSION));
        whole.addAll(command);
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            ProcessBuilder builder = new ProcessBuilder(whole)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            started.add(RunningProcess.of(name, process.toHandle()));
            handles.add(process.toHandle());
            record.accept(List.copyOf(started));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    /// Runs a command to its end.
    ///
    /// @throws CliException when it fails, with the last lines that it printed
    void run(String name, List<String> command, Map<String, String> environment, Path folder, Path log) {
        Process process = start(name, command, environment, folder, log);
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw Logs.failure(name + " ended with status " + status + ".", log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitStatus.UNREACHABLE, name + " was interrupted.", "Start it again.", e);
        } finally {
            forget(process);
        }
    }

    private synchronized void forget(Process process) {
        if (!process.isAlive()) {
            handles.remove(process.toHandle());
            started.removeIf(each -> each.pid() == process.pid());
            if (!closed) {
                record.accept(List.copyOf(started));
            }
        }
    }

    synchronized List<RunningProcess> running() {
        return List.copyOf(started);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        ProcessTrees.stop(handles, GRACE);
    }
}
