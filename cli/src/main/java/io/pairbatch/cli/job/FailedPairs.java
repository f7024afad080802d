package io.pairbatch.cli.job;

import io.pairbatch.job.JobFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// How many pairs of a finished job have no winner, by cause and error code.
///
/// @param counts of the pairs whose last attempt failed so
public record FailedPairs(Map<Failure, Long> counts) {

    private static final List<String> COLUMNS = List.of("final", "cause", "error_code");
    private static final String UNKNOWN = "NA";

    public FailedPairs {
        counts = Map.copyOf(counts);
    }

    /// A cause, which is `NA` where an older version has collected the batch, and an error code.
    public record Failure(String cause, String code) implements Comparable<Failure> {

        /// The cause, or the code where there is none.
        String name() {
            return cause.equals(UNKNOWN) ? code : cause;
        }

        boolean isAmong(Collection<String> codes) {
            return codes.contains(cause) || codes.contains(code);
        }

        @Override
        public int compareTo(Failure other) {
            return (cause + " " + code).compareTo(other.cause + " " + other.code);
        }
    }

    /// Reads a job's `failed_attempts.csv`; none if there is none.
    public static FailedPairs read(Bucket bucket, String jobId) throws IOException {
        Map<Failure, Long> counts = new TreeMap<>();
        Optional<InputStream> file = bucket.open(ResultFiles.prefix(jobId) + JobFiles.FAILED_ATTEMPTS, null);
        if (file.isPresent()) {
            try (InputStream in = file.get()) {
                RecordCounter.csvRows(in, COLUMNS, row -> {
                    if ("TRUE".equals(row[0])) {
                        String cause = Objects.requireNonNullElse(row[1], UNKNOWN);
                        counts.merge(new Failure(cause, Objects.requireNonNullElse(row[2], UNKNOWN)), 1L, Long::sum);
                    }
                });
            }
        }
        return new FailedPairs(counts);
    }

    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /// How many failed with one of these causes or codes.
    public long count(Collection<String> codes) {
        return counts.entrySet().stream()
                .filter(failure -> failure.getKey().isAmong(codes))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /// Each cause that there is; its code where it is not known.
    public List<String> causes() {
        return counts.keySet().stream().map(Failure::name).distinct().sorted().toList();
    }

    /// Those of these causes or codes, or all of them if none is given, such as `12 expired, 3 server_error`.
    public String words(Collection<String> codes) {
        return words(name -> codes.isEmpty() || name.isAmong(codes));
    }

    /// Those of other causes and codes.
    public String others(Collection<String> codes) {
        return words(name -> !name.isAmong(codes));
    }

    private String words(Predicate<Failure> which) {
        Map<String, Long> named = new TreeMap<>();
        counts.forEach((failure, count) -> {
            if (which.test(failure)) {
                named.merge(failure.name(), count, Long::sum);
            }
        });
        return named.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
