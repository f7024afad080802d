package io.pairbatch.cli.job;

import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.FailureCause;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How many pairs of a finished job have no winner, by cause and error code.
///
/// @param counts of the pairs whose last attempt failed so
/// @param wrongModel whether the provider says that it does not have the model
/// @param tooLong whether it says that a request is too long for the model
public record FailedPairs(Map<Failure, Long> counts, boolean wrongModel, boolean tooLong) {

    public static final FailedPairs NONE = new FailedPairs(Map.of(), false, false);

    /// What [Counter#attempt] reads of `failed_attempts.csv`.
    static final List<String> COLUMNS = List.of("final", "cause", "error_code", "error_detail", "provider_error");

    private static final List<String> BATCH_COLUMNS = List.of("error_detail");
    private static final String UNKNOWN = "NA";

    /// What providers say of a model that they do not have.
    private static final Pattern NO_MODEL = Pattern.compile(
            "model_not_found|DeploymentNotFound|(models?|deployment)\\b.{0,80}\\b(not found|not exist|is not available)"
                    + "|not_found_error.{0,20}\\bmodel",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern LONG = Pattern.compile(
            "context[ _]length|context window|prompt is too long|string_above_max_length|too many tokens"
                    + "|input token count.{0,40}exceeds",
            Pattern.CASE_INSENSITIVE);

    public FailedPairs {
        counts = Map.copyOf(counts);
    }

    /// A cause, which is `NA` where an older version has collected the batch, and an error code.
    public record Failure(String cause, String code) implements Comparable<Failure> {

        /// That of a row that begins with [#COLUMNS].
        static Failure of(@Nullable String[] row) {
            return new Failure(
                    Objects.requireNonNullElse(row[1], UNKNOWN), Objects.requireNonNullElse(row[2], UNKNOWN));
        }

        /// The cause, or the code where there is none.
        String name() {
            return cause.equals(UNKNOWN) ? code : cause;
        }

        /// Whether the provider has refused what was sent: its words then say what is wrong.
        boolean isOfTheRequest() {
            String name = name();
            return name.equals(FailureCause.REQUEST.code()) || name.equals(FailureCause.NOT_SUBMITTED.code());
        }

        boolean isAmong(Collection<String> codes) {
            return codes.contains(cause) || codes.contains(code);
        }

        @Override
        public int compareTo(Failure other) {
            return (cause + " " + code).compareTo(other.cause + " " + other.code);
        }
    }

    /// Reads a job's `failed_attempts.csv`, and what the provider says of its batches; none if there is none.
    public static FailedPairs read(Bucket bucket, String jobId) throws IOException {
        String folder = ResultFiles.prefix(jobId);
        Counter counter = new Counter();
        rows(bucket.open(folder + JobFiles.FAILED_ATTEMPTS, null), COLUMNS, counter::attempt);
        if (counter.ofTheRequest) {
            rows(bucket.open(folder + JobFiles.BATCH_FAILURES, null), BATCH_COLUMNS, row -> counter.batch(row[0]));
        }
        return counter.counted();
    }

    private static void rows(Optional<InputStream> file, List<String> columns, Consumer<@Nullable String[]> each)
            throws IOException {
        if (file.isPresent()) {
            try (InputStream in = file.get()) {
                RecordCounter.csvRows(in, columns, each);
            }
        }
    }

    /// Counts while the files stream by: first the attempts, then the batches that failed.
    static final class Counter {

        private final Map<Failure, Long> counts = new TreeMap<>();
        private boolean ofTheRequest;
        private boolean wrongModel;
        private boolean tooLong;

        /// Counts a row of `failed_attempts.csv`.
        ///
        /// @param row begins with [#COLUMNS]
        void attempt(@Nullable String[] row) {
            if (!"TRUE".equals(row[0])) {
                return;
            }
            Failure failure = Failure.of(row);
            counts.merge(failure, 1L, Long::sum);
            if (failure.isOfTheRequest()) {
                ofTheRequest = true;
                says(row[3]);
                says(row[4]);
            }
        }

        /// Looks at what was said of a batch, where the provider has refused what was sent.
        void batch(@Nullable String detail) {
            if (ofTheRequest) {
                says(detail);
            }
        }

        FailedPairs counted() {
            return new FailedPairs(counts, wrongModel, tooLong);
        }

        private void says(@Nullable String words) {
            if (words != null && !(wrongModel && tooLong)) {
                wrongModel |= NO_MODEL.matcher(words).find();
                tooLong |= LONG.matcher(words).find();
            }
        }
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

    /// How many failed with this cause, or with this code where the cause is not known.
    long named(String name) {
        return counts.entrySet().stream()
                .filter(failure -> failure.getKey().name().equals(name))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /// Each cause that there is; its code where it is not known.
    public List<String> causes() {
        return counts.keySet().stream().map(Failure::name).distinct().sorted().toList();
    }

    /// Those of these causes or codes, or all of them if none is given, such as `12 expired, 3 server_error`. A cause
    /// that was told by several codes has them inside: `66 server_error (37 http_error, 29 timeout)`.
    public String words(Collection<String> codes) {
        return words(name -> codes.isEmpty() || name.isAmong(codes));
    }

    /// Those of other causes and codes.
    public String others(Collection<String> codes) {
        return words(name -> !name.isAmong(codes));
    }

    /// All of them in words, the commonest first: `2 no_tag (the answer names no winner)`.
    public String plain() {
        Map<String, Long> named = new TreeMap<>();
        counts.forEach((failure, count) -> named.merge(failure.name(), count, Long::sum));
        return named.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(each -> String.format(
                        Locale.ROOT,
                        "%,d %s%s",
                        each.getValue(),
                        each.getKey(),
                        FailureCause.wordsOf(each.getKey())
                                .map(words -> " (" + words + ")")
                                .orElse("")))
                .collect(Collectors.joining(", "));
    }

    private String words(Predicate<Failure> which) {
        Map<String, Map<String, Long>> named = new TreeMap<>();
        counts.forEach((failure, count) -> {
            if (which.test(failure)) {
                named.computeIfAbsent(failure.name(), first -> new TreeMap<>()).merge(failure.code(), count, Long::sum);
            }
        });
        return named.entrySet().stream()
                .map(cause -> sum(cause.getValue()) + " " + cause.getKey()
                        + (cause.getValue().size() == 1 ? "" : " (" + commonestFirst(cause.getValue()) + ")"))
                .collect(Collectors.joining(", "));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String commonestFirst(Map<String, Long> codes) {
        return codes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(code -> code.getValue() + " " + code.getKey())
                .collect(Collectors.joining(", "));
    }
}
