package io.pairbatch.tests;

import java.util.List;

/// The functions' processes of this test's stack: descendants of the processes that it started.
final class Functions {

    private Functions() {}

    /// The running processes of one function, such as `Splitter`.
    static List<ProcessHandle> running(String function) {
        return running(ProcessHandle.current(), function);
    }

    private static List<ProcessHandle> running(ProcessHandle above, String function) {
        return above.descendants()
                .filter(p -> p.info().commandLine().orElse("").contains("io.pairbatch.lambda." + function + "Handler"))
                .toList();
    }

    /// Kills (SIGKILL) every process of the function. Its parent, the emulator, notices at the next invocation, so
    /// there is no end to wait for.
    ///
    /// @return whether there was one
    static boolean kill(String function) {
        return kill(ProcessHandle.current(), function);
    }

    /// Kills those of one emulator.
    static boolean kill(ProcessHandle emulator, String function) {
        List<ProcessHandle> found = running(emulator, function);
        found.forEach(ProcessHandle::destroyForcibly);
        return !found.isEmpty();
    }
}
