package io.pairbatch.cli.stack;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/// Ends processes together with everything that they started.
final class ProcessTrees {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private ProcessTrees() {}

    /// Asks the roots to end, kills them after the grace, then ends what they left behind. Children are collected until
    /// the roots are gone: the emulator does not end its functions, and may start one while it shuts down.
    ///
    /// @return whether all are gone
    static boolean stop(Collection<ProcessHandle> roots, Duration grace) {
        Set<ProcessHandle> children = new LinkedHashSet<>();
        collect(roots, children);
        roots.forEach(ProcessHandle::destroy);
        if (!awaitEnd(roots, children, grace)) {
            roots.forEach(ProcessHandle::destroyForcibly);
            awaitEnd(roots, children, Duration.ofSeconds(5));
        }
        children.forEach(ProcessHandle::destroy);
        if (!awaitEnd(children, children, Duration.ofSeconds(1))) {
            children.forEach(ProcessHandle::destroyForcibly);
        }
        return awaitEnd(children, children, Duration.ofSeconds(5))
                && roots.stream().noneMatch(ProcessHandle::isAlive);
    }

    private static boolean awaitEnd(
            Collection<ProcessHandle> processes, Set<ProcessHandle> children, Duration patience) {
        Instant deadline = Instant.now().plus(patience);
        while (processes.stream().anyMatch(ProcessHandle::isAlive)) {
            if (Instant.now().isAfter(deadline)) {
                return false;
            }
            collect(Set.copyOf(processes), children);
            sleep(PAUSE);
        }
        return true;
    }

    private static void collect(Collection<ProcessHandle> roots, Set<ProcessHandle> children) {
        roots.forEach(root -> root.descendants().forEach(children::add));
    }

    /// Sleeps for the whole time even if interrupted: an interrupt asks for the end, and this waits for the end.
    static void sleep(Duration pause) {
        Instant until = Instant.now().plus(pause);
        boolean interrupted = false;
        for (Duration left = pause; left.isPositive(); left = Duration.between(Instant.now(), until)) {
            try {
                Thread.sleep(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
