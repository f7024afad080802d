package io.pairbatch.cli.stack;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A process on record. Its pid may be reused, so its start time is recorded too.
///
/// @param name its role: `emulator`, `simulator`, …
record RunningProcess(String name, long pid, Instant startedAt) {

    /// The system counts start times from its boot, by a clock that is corrected now and then.
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
