package io.pairbatch.cli.job;

import io.pairbatch.backend.Backend;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.FailureCause;
import io.pairbatch.problem.FailureCause.Way;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.provider.catalog.Providers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a person can do about the pairs of a finished job that have no winner: the one place that decides it, for every
/// command that says it. By what kept them from having one ([FailureCause]).
///
/// @param steps what first helps most comes first; none where every pair has a winner, or where it is not known why
public record Advice(List<Step> steps) {

    /// What `retry` sends if nobody names anything.
    private static final List<String> BY_DEFAULT =
            FailureCause.retriedByDefault().stream().map(FailureCause::code).toList();

    /// What `continue` sends of a job that was cancelled.
    private static final Set<String> LACKING = FailureCause.ofCancelled(BY_DEFAULT);

    /// One thing to do.
    ///
    /// @param says for which pairs, and why so
    /// @param command without the name of the program: `retry JOB`
    /// @param pairs how many pairs this sends
    public record Step(String says, String command, long pairs) {

        /// As it is typed.
        public String typed() {
            return "./pairbatch " + command;
        }
    }

    public Advice {
        steps = List.copyOf(steps);
    }

    /// The advice for a job that is done.
    ///
    /// @param copy the folder with its results, as the user would write it; null for where they are put by default
    public static Advice of(Job job, FailedPairs failed, @Nullable String copy) {
        Building building = new Building(job, failed, copy == null ? "results/" + job.id() : copy);
        if (job.cancelled()) {
            building.continued();
        } else {
            building.limited(job.costs().needed());
            building.retried();
        }
        building.named();
        building.changed();
        return new Advice(building.steps);
    }

    /// How a finished job that has judged a sample goes on to the other rows; empty where there are none, and where the
    /// sample has no winner: the others would have none either.
    public static Optional<Step> sample(Job job) {
        long left = job.left();
        return left == 0 || (job.counted() && job.observed() == 0)
                ? Optional.empty()
                : Optional.of(new Step(
                        String.format(
                                Locale.ROOT,
                                left == 1
                                        ? "%,d row is not in the sample. To judge it too:"
                                        : "%,d rows are not in the sample. To judge them too (--limit N for some of"
                                                + " them):",
                                left),
                        "continue " + job.id() + " --limit all",
                        left));
    }

    /// What to type first.
    public Optional<String> first() {
        return steps.stream().map(Step::typed).findFirst();
    }

    private static final class Building {

        private final List<Step> steps = new ArrayList<>();
        private final Job job;
        private final String jobId;
        private final FailedPairs failed;
        private final String folder;
        /// What is left, by name.
        private final Map<String, Long> open = new TreeMap<>();

        private Building(Job job, FailedPairs failed, String folder) {
            this.job = job;
            // What is sent again, or read again, of one judge is of the job that has the judges.
            this.jobId = job.panel() == null ? job.id() : job.panel();
            this.failed = failed;
            this.folder = folder;
            failed.counts().forEach((failure, count) -> open.merge(failure.name(), count, Long::sum));
        }

        private void continued() {
            String words = failed.words(LACKING);
            long pairs = take(LACKING);
            if (pairs > 0) {
                add(
                        pairs(pairs) + (pairs == 1 ? " has" : " have") + " no winner (" + words
                                + "), and nothing is sent, because the job was cancelled. To send " + them(pairs) + ":",
                        "continue " + job.id(),
                        pairs);
            }
        }

        private void limited(@Nullable Long needed) {
            long pairs = take(Set.of(FailureCause.BUDGET_REACHED.code()));
            if (pairs > 0 || needed != null) {
                add(
                        (pairs == 0 ? "Some pairs" : pairs(pairs)) + " had no room in max_cost_usd. To send "
                                + them(pairs) + ", with a higher limit"
                                + (job.isPanel() ? " for the job of that judge (./pairbatch jobs --judges):" : ":"),
                        "continue " + (job.isPanel() ? "JUDGE_JOB" : job.id()) + " --max-cost "
                                + (needed == null ? "USD" : NanoUsd.limit(needed)),
                        pairs);
            }
        }

        private void retried() {
            String words = failed.words(BY_DEFAULT);
            long pairs = take(Set.copyOf(BY_DEFAULT));
            if (pairs > 0) {
                add(
                        pairs(pairs) + " failed for a cause that may pass (" + words + "). To send " + them(pairs)
                                + " again in the same job:",
                        "retry " + jobId,
                        pairs);
            }
        }

        /// Causes that are sent again if somebody names them.
        private void named() {
            for (Map.Entry<String, Long> each : List.copyOf(open.entrySet())) {
                String name = each.getKey();
                Optional<FailureCause> cause = FailureCause.of(name);
                boolean refused =
                        name.equals(FailureCause.NOT_SUBMITTED.code()) && (failed.wrongModel() || failed.tooLong());
                // Of what an older version has collected only the error code is known.
                if (refused || (cause.isPresent() && cause.get().way() != Way.NAMED)) {
                    continue;
                }
                open.remove(name);
                String remedy = read(name, each.getValue())
                        ? "The model may name one when it is asked again."
                        : cause.map(FailureCause::remedy).orElseGet(() -> ofCode(name));
                add(
                        failedWith(each.getValue(), name) + " " + remedy + " To send " + them(each.getValue())
                                + " again:",
                        "retry " + jobId + " --codes " + name,
                        each.getValue());
            }
        }

        /// What may find a winner in an answer that is there. It costs nothing, so it is worth a try before pairs are
        /// paid for again.
        ///
        /// @return whether there is such an answer
        private boolean read(String name, long pairs) {
            boolean both = name.equals(FailureCause.BOTH_TAGS.code());
            boolean answered = both || name.equals(FailureCause.NO_TAG.code());
            if (answered) {
                add(
                        (pairs == 1 ? "1 pair has an answer" : pairs(pairs) + " have answers")
                                + (both
                                        ? " with the tags of both texts. To take the one that it ends with"
                                        : " without a winner's tag. To look for one that is written otherwise")
                                + ", which sends nothing:",
                        "reread " + jobId + (both ? " --ambiguous take" : " --tag-mode tolerant"),
                        pairs);
            }
            return answered;
        }

        private static String ofCode(String name) {
            return Arrays.stream(FailureCode.values())
                    .filter(code -> code.code().equals(name))
                    .map(code -> "It is sent again only if it is named.")
                    .findFirst()
                    .orElse("Read error_detail.");
        }

        /// Causes of which the same request would only fail again.
        private void changed() {
            Map<String, Long> all = new LinkedHashMap<>(open);
            all.forEach((name, pairs) -> {
                FailureCause cause = FailureCause.of(name).orElse(FailureCause.REQUEST);
                if (job.isPanel() || job.panel() != null) {
                    add(
                            failedWith(pairs, name) + " " + remedy(cause)
                                    + " In the job file that is this judge's entry"
                                    + " in `judges`; what the other judges have judged is then taken from this job, and"
                                    + " not paid for again:",
                            "run TABLE --job FILE",
                            pairs);
                    return;
                }
                add(
                        failedWith(pairs, name) + " " + remedy(cause) + " As a job of " + (pairs == 1 ? "its" : "their")
                                + " own:",
                        "run " + folder + "/" + JobFiles.FAILED_PAIRS + setting(cause),
                        pairs);
            });
        }

        private String remedy(FailureCause cause) {
            boolean ofTheRequest = cause == FailureCause.REQUEST || cause == FailureCause.NOT_SUBMITTED;
            if (ofTheRequest && failed.wrongModel()) {
                return "The provider does not have the model" + (job.model() == null ? "" : " " + job.model())
                        + ", or this key may not use it: correct `model` in job.json.";
            }
            if (ofTheRequest && failed.tooLong()) {
                return "The texts are too long for the model: take one that reads more, or shorten them.";
            }
            return cause.remedy();
        }

        private String setting(FailureCause cause) {
            return switch (cause) {
                case REQUEST, NOT_SUBMITTED ->
                    failed.wrongModel()
                            ? " --set model=" + meant().orElse("MODEL")
                            : failed.tooLong() ? " --set model=MODEL" : " --set FIELD=VALUE";
                case REFUSED -> " --set model=MODEL";
                default -> " --set FIELD=VALUE";
            };
        }

        /// The model whose name is most like that of one that the provider does not have.
        private Optional<String> meant() {
            String model = job.model();
            if (model == null || job.backend() == null) {
                return Optional.empty();
            }
            return Arrays.stream(Backend.values())
                    .filter(backend -> backend.code().equals(job.backend()))
                    .findFirst()
                    .map(backend -> Providers.of(backend).known())
                    .filter(known -> !known.has(model))
                    .flatMap(known -> known.nearest(model));
        }

        /// Counts what these causes and codes mean, and takes it from what is left.
        private long take(Set<String> codes) {
            long pairs = 0;
            for (Map.Entry<String, Long> each : Map.copyOf(open).entrySet()) {
                if (codes.contains(each.getKey())) {
                    open.remove(each.getKey());
                    pairs += each.getValue();
                }
            }
            return pairs;
        }

        private void add(String says, String command, long pairs) {
            steps.add(new Step(says, command, pairs));
        }

        private static String failedWith(long pairs, String name) {
            return pairs(pairs) + " failed with " + name
                    + FailureCause.wordsOf(name)
                            .map(words -> " (" + words + ")")
                            .orElse("") + ", which `retry` alone does not send.";
        }
    }

    private static String pairs(long count) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? "pair" : "pairs");
    }

    private static String them(long count) {
        return count == 1 ? "it" : "them";
    }

    /// Whether some of the pairs are to be judged in another way, as a job of their own.
    public boolean makesAJob() {
        return steps.stream().anyMatch(step -> step.command().startsWith("run "));
    }
}
