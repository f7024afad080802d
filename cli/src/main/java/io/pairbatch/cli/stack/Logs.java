package io.pairbatch.cli.stack;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Reads the ends of log files.
final class Logs {

    private static final int TAIL_BYTES = 4_096;
    private static final int TAIL_LINES = 15;

    private Logs() {}

    /// A failure that shows the end of a log: at most 15 lines and 4 KB of it.
    static CliException failure(String message, Path log) {
        return failure(message, log, 0);
    }

    /// The same without what stood there earlier.
    ///
    /// @param since the log's [#size] before
    static CliException failure(String message, Path log, long since) {
        String tail = String.join("\n  ", tail(log, since));
        return new CliException(
                ExitStatus.UNREACHABLE, message + (tail.isEmpty() ? "" : "\n  " + tail), "Full log: " + log);
    }

    /// A log's size in bytes; 0 where there is none yet.
    static long size(Path log) {
        return log.toFile().length();
    }

    private static List<String> tail(Path log, long since) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(Math.min(since, file.length()), file.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).strip().lines().toList();
            return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        } catch (IOException e) {
            return List.of("(" + log + " cannot be read: " + e.getMessage() + ")");
        }
    }
}
