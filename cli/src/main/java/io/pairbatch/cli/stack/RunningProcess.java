package io.pairbatch.cli.stack;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A process as it is written down: its number alone could be another's by now, so its start counts too.
///
/// @param name what it is to us: `emulator`, `simulator`, …
record RunningProcess(String name, long pid, Instant startedAt) {

    /// The system tells starts by the clock of its own boot, which is corrected now and then.
    private static final Duration CLOCK_CORRECTION = Duration.ofSeconds(2);

    static RunningProcess of(String name, ProcessHandle process) {
        return new RunningProcess(
                name, process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
    }

    /// The process if it still runs.
    Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(start -> Duration.between(start, startedAt).abs().compareTo(CLOCK_CORRECTION) < 0)
                        .orElse(false));
    }
}
