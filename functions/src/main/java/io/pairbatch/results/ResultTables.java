package io.pairbatch.results;

import static io.pairbatch.results.Table.field;

import io.pairbatch.pairing.Repetition;
import io.pairbatch.provider.Answer;
import io.pairbatch.provider.Answer.Tokens;
import io.pairbatch.provider.AnswerColumn;
import io.pairbatch.provider.Provider.Columns;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.VerdictLabels;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The columns of a job's result files (contract 7.6 to 7.8): those of pairwiseLLM in its order, then ours. They depend
/// only on the input's columns, so all segments of a job have the same.
public final class ResultTables {

    /// The columns that `failed_pairs.csv` has after the input's, as far as it has them.
    public static final List<String> FAILED_PAIR_TAIL =
            List.of("order", "repeat", "judge", "error_code", "error_detail");

    private static final String PHASE = "phase";
    private static final String ITER = "iter";

    private final Table<Attempt> results;
    private final Table<Attempt> judgements;
    private final Table<Attempt> failedPairs;
    private final Table<Attempt> failedAttempts;
    private final Table<BatchFailure> batchFailures;
    private final Table<UnmatchedLine> unmatchedLines;

    public ResultTables(ResultSettings settings) {
        this.results = results(settings);
        this.judgements = judgementColumns(settings);
        this.failedPairs = failedPairs(settings);
        this.failedAttempts = failedAttempts(settings);
        this.batchFailures = batchFailures(settings);
        this.unmatchedLines = lineColumns(settings);
    }

    /// `combined_results.csv` and `batch_NN_results.csv` (contract 7.6).
    public Table<Attempt> results() {
        return results;
    }

    /// `judgements.csv.gz`: the winners, without anything that a participant has written.
    public Table<Attempt> judgements() {
        return judgements;
    }

    /// `failed_pairs.csv`: the input's columns, so that it can be dropped again, then the outcome of the pair.
    public Table<Attempt> failedPairs() {
        return failedPairs;
    }

    /// `failed_attempts.csv`: the columns of contract 7.7, then ours.
    public Table<Attempt> failedAttempts() {
        return failedAttempts;
    }

    /// `batch_failures.csv` (contract 7.8).
    public Table<BatchFailure> batchFailures() {
        return batchFailures;
    }

    public Table<UnmatchedLine> unmatchedLines() {
        return unmatchedLines;
    }

    private static Table<Attempt> results(ResultSettings settings) {
        Table.Builder<Attempt> own = Table.columns(settings.formulaGuard());
        if (settings.hasPairUid()) {
            customIdMode(own, settings);
        } else {
            idMode(own, settings);
        }
        receipt(own, settings);
        additions(own, settings);
        Table.Builder<Attempt> all = Table.columns(settings.formulaGuard());
        Set<String> taken = new HashSet<>(own.names());
        for (String column : settings.inputColumns()) {
            if (isCarried(column, settings)) {
                carry(column, freeName(settings.formulaGuard() ? guarded(column) : column, taken), all);
            }
        }
        return all.addAll(own).build();
    }

    private static void idMode(Table.Builder<Attempt> own, ResultSettings settings) {
        pairIds(own).add("ordered_key", a -> a.keys().orderedKey());
        occurrences(own)
                .add(ResultSettings.PAIR_UID, a -> a.keys().pairUid())
                .add("pair_uid_provided", a -> a.keys().pairUidProvided())
                .add("custom_id", a -> a.keys().customId());
        parserColumns(own, settings);
        rawIds(own).add("unordered_key", a -> a.keys().unorderedKey());
    }

    private static void customIdMode(Table.Builder<Attempt> own, ResultSettings settings) {
        pairIds(own)
                .add("unordered_key", a -> a.keys().unorderedKey())
                .add("ordered_key", a -> a.keys().orderedKey());
        occurrences(own).add("pair_uid_provided", a -> a.keys().pairUidProvided());
        parserColumns(own, settings).add("custom_id", a -> a.keys().customId());
        rawIds(own);
    }

    private static Table.Builder<Attempt> pairIds(Table.Builder<Attempt> own) {
        return own.add("A_id", a -> a.pair().id1()).add("B_id", a -> a.pair().id2());
    }

    private static Table.Builder<Attempt> rawIds(Table.Builder<Attempt> own) {
        return own.add("ID1", a -> a.pair().id1()).add("ID2", a -> a.pair().id2());
    }

    private static Table.Builder<Attempt> occurrences(Table.Builder<Attempt> own) {
        return own.add("unordered_occurrence_index", a -> field(a.keys().unorderedIndex()))
                .add("ordered_occurrence_index", a -> field(a.keys().orderedIndex()));
    }

    /// Contract 6.1, without the IDs.
    private static Table.Builder<Attempt> parserColumns(Table.Builder<Attempt> own, ResultSettings settings) {
        Columns columns = columns(settings);
        own.text("model", a -> model(a, settings))
                .text("object_type", answer(Answer::objectType))
                .add("status_code", answer(Answer::statusCode));
        add(own, columns.afterStatus());
        own.text("error_message", answer(Answer::errorMessage)).text("thoughts", answer(Answer::thoughts));
        add(own, columns.afterThoughts());
        own.text("content", answer(Answer::content))
                .add("better_sample", observed(Outcome.Observed::betterSample))
                .add("better_id", observed(Outcome.Observed::betterId))
                .add("prompt_tokens", tokens(Tokens::prompt))
                .add("completion_tokens", tokens(Tokens::completion))
                .add("total_tokens", tokens(Tokens::total));
        add(own, columns.afterTokens());
        return own;
    }

    private static Columns columns(ResultSettings settings) {
        return Providers.of(settings.backend()).columns();
    }

    private static void add(Table.Builder<Attempt> own, List<AnswerColumn> columns) {
        for (AnswerColumn column : columns) {
            if (column.text()) {
                own.text(column.name(), answer(column.value()));
            } else {
                own.add(column.name(), answer(column.value()));
            }
        }
    }

    private static void receipt(Table.Builder<Attempt> own, ResultSettings settings) {
        own.add("backend", a -> settings.backend().code())
                .add("winner_pos", observed(Outcome.Observed::winnerPos))
                .add("received_at", a -> instant(a.receivedAt()));
        for (String column : List.of(PHASE, ITER)) {
            if (!settings.inputColumns().contains(column)) {
                own.add(column, a -> null);
            }
        }
    }

    /// Our own columns.
    private static void additions(Table.Builder<Attempt> own, ResultSettings settings) {
        own.add("row", a -> field(a.pair().row()))
                .add("segment", a -> field(a.segment()))
                .add("attempt", a -> field(a.number()))
                .add("judge", a -> settings.judge());
        repetition(own, settings)
                .text("finish_reason", answer(Answer::finishReason))
                .text("refusal", answer(Answer::refusal));
        own.add("tag_ambiguous", observed(o -> o.ambiguous() ? "TRUE" : "FALSE"));
        settings.rules().labels().ifPresent(labels -> own.add("label", observed(o -> label(labels, o))));
        own.text("provider_error", answer(Answer::providerError));
        add(own, columns(settings).additions());
        own.add("cost", a -> money(a.cost()));
        raw(own, settings);
    }

    /// What the judge has answered, as the job file spells it.
    private static @Nullable String label(VerdictLabels labels, Outcome.Observed observed) {
        return switch (observed.betterSample()) {
            case WinnerTags.Found.FIRST -> labels.first();
            case WinnerTags.Found.SECOND -> labels.second();
            default -> labels.tie();
        };
    }

    /// Last, since it is long.
    private static Table.Builder<Attempt> raw(Table.Builder<Attempt> own, ResultSettings settings) {
        return settings.includeRaw() ? own.text("raw_response", Attempt::raw) : own;
    }

    /// The IDs come after the columns that are read from an answer (contract 7.6).
    private static boolean isCarried(String column, ResultSettings settings) {
        return switch (column) {
            case "ID1", "ID2" -> false;
            case "text1", "text2" -> settings.includeTexts();
            default -> true;
        };
    }

    private static String guarded(String column) {
        return Objects.requireNonNull(FormulaGuard.harmless(column));
    }

    /// A pair column with the same name as one of ours gets `.x`, repeatedly if needed.
    private static String freeName(String column, Set<String> taken) {
        String name = column;
        while (!taken.add(name)) {
            name += ".x";
        }
        return name;
    }

    private static void carry(String column, String name, Table.Builder<Attempt> all) {
        switch (column) {
            case ResultSettings.PAIR_UID -> all.add(name, a -> a.keys().pairUid());
            case ITER -> all.add(name, a -> integer(a.pair().columns().get(ITER)));
            default -> all.text(name, a -> value(a, column));
        }
    }

    /// The texts of a pair that a design has made are none of its columns.
    private static @Nullable String value(Attempt attempt, String column) {
        return switch (column) {
            case "text1" -> attempt.pair().text1();
            case "text2" -> attempt.pair().text2();
            default -> attempt.pair().columns().get(column);
        };
    }

    /// Which of the comparisons of its pair it is; nothing where each pair has one.
    private static Table.Builder<Attempt> repetition(Table.Builder<Attempt> own, ResultSettings settings) {
        return settings.repetition().isAny() ? place(own, settings) : own;
    }

    private static Table.Builder<Attempt> place(Table.Builder<Attempt> own, ResultSettings settings) {
        Repetition repetition = settings.repetition();
        return own.add("order", a -> field(repetition.order(a.pair().row())))
                .add("repeat", a -> field(repetition.repeat(a.pair().row())));
    }

    private static Table<Attempt> judgementColumns(ResultSettings settings) {
        Table.Builder<Attempt> columns = Table.columns();
        columns.add("row", a -> field(a.pair().row()));
        rawIds(columns)
                .add("better_id", observed(Outcome.Observed::betterId))
                .add("winner_pos", observed(Outcome.Observed::winnerPos))
                .add("judge", a -> settings.judge());
        return repetition(columns, settings)
                .add("attempt", a -> field(a.number()))
                .add("cost", a -> money(a.cost()))
                .build();
    }

    private static Table<Attempt> failedPairs(ResultSettings settings) {
        Table.Builder<Attempt> columns = Table.columns();
        for (String column : settings.inputColumns()) {
            if (!FAILED_PAIR_TAIL.contains(column)) {
                columns.add(column, a -> value(a, column));
            }
        }
        return place(columns, settings)
                .add("judge", a -> settings.judge())
                .add("error_code", failed(f -> f.code().code()))
                .add("error_detail", failed(Outcome.Failed::detail))
                .build();
    }

    private static Table<Attempt> failedAttempts(ResultSettings settings) {
        Table.Builder<Attempt> columns = Table.columns(settings.formulaGuard());
        pairIds(columns)
                .add("unordered_key", a -> a.keys().unorderedKey())
                .add("ordered_key", a -> a.keys().orderedKey())
                .add(
                        ResultSettings.PAIR_UID,
                        a -> isDuplicate(a) ? null : a.keys().pairUid())
                .add("pair_uid_provided", a -> isDuplicate(a) ? null : a.keys().pairUidProvided())
                .add("backend", a -> settings.backend().code())
                .text("model", a -> model(a, settings))
                .add("status_code", answer(Answer::statusCode))
                .text("error_message", ResultTables::errorMessage)
                .add("prompt_tokens", tokens(Tokens::prompt))
                .add("completion_tokens", tokens(Tokens::completion))
                .add("total_tokens", tokens(Tokens::total))
                .add("cost", a -> null)
                .add("error_code", failed(f -> f.code().code()))
                .text("error_detail", failed(Outcome.Failed::detail))
                .add("attempted_at", a -> instant(a.receivedAt()))
                .text(PHASE, a -> ofWholeBatch(a, a.pair().columns().get(PHASE)))
                .add(ITER, a -> ofWholeBatch(a, integer(a.pair().columns().get(ITER))));
        columns.add("attempt", a -> field(a.number()))
                .add("final", a -> isDuplicate(a) ? "FALSE" : "TRUE")
                .add("row", a -> field(a.pair().row()))
                .add("segment", a -> field(a.segment()))
                .text("finish_reason", answer(Answer::finishReason))
                .text("refusal", answer(Answer::refusal))
                .text("provider_error", answer(Answer::providerError))
                .add("cause", ResultTables::cause);
        return raw(columns, settings).build();
    }

    private static Table<BatchFailure> batchFailures(ResultSettings settings) {
        return Table.<BatchFailure>columns(settings.formulaGuard())
                .add("segment_index", f -> field(f.segment()))
                .add("provider", f -> settings.backend().code())
                .add("model", f -> settings.model())
                .add("batch_id", BatchFailure::batchId)
                .text("status", BatchFailure::status)
                .text("error_detail", BatchFailure::detail)
                .add("failed_at", f -> instant(f.failedAt()))
                .build();
    }

    private static Table<UnmatchedLine> lineColumns(ResultSettings settings) {
        return Table.<UnmatchedLine>columns(settings.formulaGuard())
                .add("segment", u -> field(u.segment()))
                .add("file", UnmatchedLine::file)
                .add("line", u -> field(u.line()))
                .add("reason", UnmatchedLine::reason)
                .text("custom_id", UnmatchedLine::customId)
                .text("text", UnmatchedLine::start)
                .build();
    }

    private static Function<Attempt, @Nullable String> answer(Function<Answer, @Nullable Object> part) {
        return a -> a.answer() == null ? null : field(part.apply(a.answer()));
    }

    private static Function<Attempt, @Nullable String> tokens(Function<Tokens, @Nullable Object> part) {
        return answer(answer -> part.apply(answer.tokens()));
    }

    private static Function<Attempt, @Nullable String> observed(Function<Outcome.Observed, @Nullable Object> part) {
        return a -> a.outcome() instanceof Outcome.Observed it ? field(part.apply(it)) : null;
    }

    private static Function<Attempt, @Nullable String> failed(Function<Outcome.Failed, @Nullable String> part) {
        return a -> a.outcome() instanceof Outcome.Failed it ? part.apply(it) : null;
    }

    private static @Nullable String cause(Attempt attempt) {
        return attempt.outcome() instanceof Outcome.Failed failed
                ? failed.cause().code()
                : null;
    }

    private static String model(Attempt attempt, ResultSettings settings) {
        Answer answer = attempt.answer();
        return answer == null || answer.model() == null ? settings.model() : answer.model();
    }

    private static @Nullable String errorMessage(Attempt attempt) {
        if (attempt.answer() != null) {
            return attempt.answer().errorMessage();
        }
        return attempt.kind() == Attempt.Kind.PAIR ? Verdicts.MISSING : null;
    }

    private static boolean isDuplicate(Attempt attempt) {
        return attempt.kind() == Attempt.Kind.DUPLICATE;
    }

    private static @Nullable String ofWholeBatch(Attempt attempt, @Nullable String value) {
        return attempt.kind() == Attempt.Kind.WHOLE_BATCH ? value : null;
    }

    /// Whole seconds, UTC (contract 8).
    private static String instant(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static @Nullable String money(@Nullable BigDecimal cost) {
        return cost == null ? null : cost.toPlainString();
    }

    /// `iter` cast to a 32-bit integer towards zero, NA if it is not a number (contract 1.1).
    private static @Nullable String integer(@Nullable String value) {
        if (value == null || value.length() > 40) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(value.strip());
            boolean fits = number.abs().compareTo(BigDecimal.valueOf(1L << 31)) < 0;
            // Rounding in BigDecimal would write out all the zeros of 1e-999999999.
            return fits ? Long.toString(number.longValue()) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
