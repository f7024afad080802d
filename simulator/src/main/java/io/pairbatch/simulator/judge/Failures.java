package io.pairbatch.simulator.judge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which pairs failed in which batches, so that one that is sent again gets another draw. Only a batch that was over
/// when
/// the next one was made counts, so the draw does not depend on which of two is worked on first. On disk, so that a
/// restarted simulator gives the same answers; in memory it holds the failed pairs.
final class Failures {

    private record Failure(String batch, long due) {}

    private final Path file;
    private final Map<Long, List<Failure>> failures = new HashMap<>();

    Failures(Path data) throws IOException {
        file = data.resolve("failures.txt");
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split(" ", -1);
                // The last line may be cut off.
                if (parts.length == 4 && parts[3].equals(".")) {
                    add(Long.parseUnsignedLong(parts[0], 16), new Failure(parts[1], Long.parseLong(parts[2])));
                }
            }
        }
    }

    /// How often the pair had failed when this batch was made.
    synchronized int before(long pair, Asked asked) {
        return (int) failures.getOrDefault(pair, List.of()).stream()
                .filter(failure -> !failure.batch().equals(asked.batch()) && failure.due() <= asked.made())
                .count();
    }

    /// The pair failed in this batch. A batch that is worked on again says so again.
    synchronized void note(long pair, Asked asked) {
        Failure failure = new Failure(asked.batch(), asked.due());
        if (asked.batch().isEmpty() || failures.getOrDefault(pair, List.of()).contains(failure)) {
            return;
        }
        add(pair, failure);
        try {
            Files.writeString(
                    file,
                    Long.toHexString(pair) + " " + failure.batch() + " " + failure.due() + " .\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(long pair, Failure failure) {
        failures.computeIfAbsent(pair, none -> new ArrayList<>(1)).add(failure);
    }
}
