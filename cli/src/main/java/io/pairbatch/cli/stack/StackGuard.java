package io.pairbatch.cli.stack;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Guards a stack during its start and, if it is temporary, until it is closed. Records every process as soon as it
/// runs, and ends them all when the start fails, the handle is closed or this process is asked to end.
final class StackGuard implements AutoCloseable {

    private final Path folder;
    private final @Nullable RunningProcess owner;
    private final Consumer<String> progress;
    private final Tools tools;
    private final Children children;
    private final Thread hook = new Thread(this::endAtExit, "stack-end");
    private volatile boolean exiting;

    /// @param owner null for a stack that runs in the background
    StackGuard(Project project, Path folder, @Nullable RunningProcess owner, Consumer<String> progress) {
        this.folder = folder;
        this.owner = owner;
        this.progress = progress;
        this.tools = new Tools(project);
        this.children = new Children(tools::anyPython, this::record);
        Folders.create(folder);
    }

    Tools tools() {
        return tools;
    }

    Children children() {
        return children;
    }

    boolean background() {
        return owner == null;
    }

    /// Runs a start; when it fails, everything has ended before the failure is thrown.
    <T> T during(Callable<T> start) {
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return start.call();
        } catch (Exception e) {
            awaitExit();
            close();
            throw failure(e);
        }
    }

    /// After Ctrl-C the start fails because its processes end: this waits for the exit, and the failure is
    /// not reported.
    private void awaitExit() {
        while (exiting) {
            LockSupport.park();
        }
    }

    private static RuntimeException failure(Exception e) {
        Throwable cause =
                e instanceof ExecutionException wrapped && wrapped.getCause() != null ? wrapped.getCause() : e;
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return cause instanceof CliException told
                ? told
                : new CliException(
                        ExitStatus.INTERNAL, "The stack did not start: " + cause, "Run ./pairbatch doctor.", cause);
    }

    private void record(List<RunningProcess> processes) {
        new StackRecord(owner, processes, null, null, null, null).write(folder);
    }

    void complete(@Nullable URI simulator, @Nullable String judge, double waitScale, Deployment deployment) {
        new StackRecord(owner, children.running(), simulator, judge, waitScale, deployment).write(folder);
    }

    /// From now on the stack runs without this process.
    void release() {
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void endAtExit() {
        exiting = true;
        progress.accept("Stopping the stack");
        end();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The exit has begun, and with it the hook.
            return;
        }
        end();
    }

    private void end() {
        children.close();
        if (owner == null) {
            Folders.delete(folder.resolve("tmp"));
            Folders.deleteFile(StackRecord.file(folder));
        } else {
            Folders.delete(folder);
        }
    }
}
