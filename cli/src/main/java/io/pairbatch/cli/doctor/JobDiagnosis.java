package io.pairbatch.cli.doctor;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.job.Advice;
import io.pairbatch.cli.job.FailedPairs;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFault;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.OpenBatch;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.cli.job.Waits;
import io.pairbatch.cli.view.Spans;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.OverdueBatch;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Explains a job's state, what it waits for, what is wrong and what to type next, to readers who do not
/// know Pairbatch.
public final class JobDiagnosis {

    /// A running job says at least this often what it has done, or when it looks next.
    private static final Duration SILENCE = Duration.ofHours(1);

    private JobDiagnosis() {}

    /// The lines to print, wrapped at `width` cells.
    ///
    /// @param failed the pairs of a finished job that have no winner
    public static List<String> of(
            JobSnapshot snapshot, JobFault fault, FailedPairs failed, Deployment deployment, Instant now, int width) {
        return of(snapshot, List.of(), fault, failed, deployment, now, width);
    }

    /// The same of a job that may have several judges.
    ///
    /// @param judges how each of them stands
    public static List<String> of(
            JobSnapshot snapshot,
            List<String> judges,
            JobFault fault,
            FailedPairs failed,
            Deployment deployment,
            Instant now,
            int width) {
        Job job = snapshot.job();
        Advice advice = Advice.of(job, failed, null);
        List<String> lines = new ArrayList<>();
        boolean stopped = job.state().atRest() && job.state() != JobState.DONE;
        if (stopped) {
            lines.addAll(FaultText.of(job, fault, deployment, width));
            causes(fault).forEach(cause -> lines.addAll(FaultText.wrapped(cause, width, 0)));
        } else {
            String is = job.state() == JobState.DONE && job.observed() == 0 ? " " : " is ";
            lines.addAll(FaultText.wrapped("Job " + job.id() + is + job.words() + ".", width, 0));
        }
        lines.add("");
        judges.forEach(judge -> lines.addAll(FaultText.wrapped(judge, width, 2)));
        lines.addAll(FaultText.wrapped(rows(snapshot), width, 0));
        if (snapshot.segments().registered() > 0) {
            lines.addAll(FaultText.wrapped(segments(snapshot.segments()), width, 0));
        }
        snapshot.troubles()
                .forEach(
                        says -> lines.addAll(FaultText.wrapped("The provider's last message about " + says, width, 0)));
        // The advice says the same with the number of pairs.
        Optional<String> lacks = job.costs().lacks(job.id());
        snapshot.notices().stream()
                .filter(notice -> !lacks.equals(Optional.of(notice)))
                .forEach(notice -> lines.addAll(FaultText.wrapped(notice, width, 0)));
        if (!stopped) {
            lines.addAll(FaultText.wrapped(waitsFor(snapshot, advice), width, 0));
            waits(job, snapshot.waits(), now).forEach(wait -> lines.addAll(FaultText.wrapped(wait, width, 0)));
            silence(job, snapshot.waits(), now).ifPresent(text -> lines.addAll(FaultText.wrapped(text, width, 0)));
        }
        if (job.state() == JobState.DONE) {
            Stream.concat(advice.steps().stream(), Advice.sample(job).stream())
                    .forEach(step -> lines.addAll(FaultText.lines(step, width)));
        }
        lines.add("");
        lines.add("Next: " + next(job, advice, deployment));
        return lines;
    }

    /// Cause and remedy of each code.
    private static List<String> causes(JobFault fault) {
        List<String> codes = Stream.concat(
                        Stream.of(fault.code()), fault.problems().stream().map(JobFault.Problem::code))
                .distinct()
                .toList();
        return Arrays.stream(ErrorCode.values())
                .filter(code -> codes.contains(code.code()))
                .map(code -> code.code() + " means: " + code.cause()
                        + (fault.problems().isEmpty() ? " " + code.remedy() : ""))
                .toList();
    }

    private static String rows(JobSnapshot snapshot) {
        Job job = snapshot.job();
        if (job.rowsRead() == 0) {
            return "No row has been counted yet.";
        }
        long left = snapshot.leftOut();
        String rows = plural(job.rowsRead(), "row") + ", " + count(job.rowsRejected()) + " of them rejected"
                + (left == 0 ? "" : " and " + count(left) + " not in the sample");
        return job.state() == JobState.DONE
                ? rows + "; " + count(job.observed()) + " judged and " + count(job.failed()) + " failed."
                : rows + ".";
    }

    private static String segments(SegmentTotals segments) {
        long requests = segments.pairs() + segments.again();
        return plural(segments.registered(), "segment") + ": " + count(segments.pending()) + " to be submitted, "
                + count(segments.inDoubt()) + " in doubt, " + count(segments.open()) + " at the provider, "
                + count(segments.collected()) + " collected"
                + (segments.failed() == 0 ? "" : " (" + count(segments.failed()) + " of them lost)")
                + (segments.unsentSegments() == 0 ? "" : ", " + count(segments.unsentSegments()) + " never sent") + "; "
                + plural(segments.pairs(), "pair") + ": " + count(segments.judged()) + " judged, "
                + count(segments.without()) + " without a winner, "
                + count(segments.pairs() - segments.judged() - segments.without()) + " open; "
                + plural(requests, "request")
                + (segments.again() == 0 ? "" : ", " + count(segments.again()) + " of them in another attempt") + ": "
                + count(segments.answered()) + " answered, "
                + count(segments.unanswered()) + " ended without an answer, "
                + (segments.unsent() == 0 ? "" : count(segments.unsent()) + " never sent, ")
                + count(segments.unended())
                + " still open.";
    }

    private static String waitsFor(JobSnapshot snapshot, Advice advice) {
        Job job = snapshot.job();
        return switch (job.state()) {
            case WAITING_FOR_SPEC ->
                job.isTooDeep()
                        ? "It waits in a folder that is too deep: jobs start in inbox/NAME/ only."
                        : "It waits for job.json, or a file that job.json names, in its folder.";
            case SPLITTING -> "The table is being read and split into batches; nothing has been sent yet.";
            case RUNNING -> running(job, snapshot.segments());
            case MERGING -> "All answers have arrived; the result files are being written.";
            case DONE ->
                job.hasLosses()
                        ? "Too many of its comparisons have no winner: ./pairbatch watch " + job.id()
                                + " says why, with the words of the provider."
                        : advice.steps().isEmpty() && job.left() == 0
                                ? "Nothing is left to do."
                                : "Nothing has to be done.";
            case DUPLICATE -> "Nothing is left to do.";
            default -> "An operator must decide how it continues.";
        };
    }

    private static String running(Job job, SegmentTotals segments) {
        int open = segments.open();
        int pending = segments.pending();
        if (open > 0) {
            return "It waits for "
                    + (job.isPanel() ? "its judges" : Objects.requireNonNullElse(job.backend(), "the provider")) + ": "
                    + (open == 1 ? "1 batch is" : open + " batches are")
                    + " open."
                    + (pending > 0 ? " " + unsent(pending, "more segment") : "");
        }
        return pending > 0 ? unsent(pending, "segment") : "Its next step starts soon.";
    }

    private static String unsent(int number, String noun) {
        return number + " " + noun + (number == 1 ? " is" : "s are") + " not at the provider yet.";
    }

    private static List<String> waits(Job job, Waits waits, Instant now) {
        List<String> lines = new ArrayList<>();
        OpenBatch oldest = waits.oldest();
        if (oldest != null) {
            lines.add("The oldest one is " + oldest.describe() + ".");
        }
        List<OverdueBatch> overdue = waits.overdue(now);
        overdue.forEach(batch -> lines.add("Overdue is " + batch.describe() + "."));
        if (!overdue.isEmpty()) {
            lines.add(
                    "Pairbatch keeps checking what is overdue. If you do not want to wait, cancel it at the provider, or"
                            + " drop the same files with `overdue` set to `cancel`: its answers are collected, and its other"
                            + " pairs are sent again.");
        }
        if (job.state() == JobState.RUNNING && waits.nextLook() != null) {
            lines.add(look(waits.nextLook(), now));
        }
        waits.sentences().forEach(wait -> lines.add(Character.toUpperCase(wait.charAt(0)) + wait.substring(1) + "."));
        return lines;
    }

    private static String look(Instant due, Instant now) {
        Instant at = due.truncatedTo(ChronoUnit.SECONDS);
        if (Spans.isAhead(due, now)) {
            return "The next look at the provider is in " + Spans.of(Duration.between(now, due)) + ", at " + at + ".";
        }
        return Spans.isUsualLook(due, now)
                ? "A look at the provider is under way."
                : "A look at the provider has been due since " + at
                        + ": it is under way, or is tried again because AWS or the provider does not answer.";
    }

    private static Optional<String> silence(Job job, Waits waits, Instant now) {
        Optional<Instant> last = Stream.concat(time(job.updatedAt()).stream(), Stream.ofNullable(waits.nextLook()))
                .max(Comparator.naturalOrder());
        boolean working = job.state() != JobState.DONE && job.state() != JobState.WAITING_FOR_SPEC;
        return last.filter(at -> working && at.isBefore(now.minus(SILENCE)))
                .map(at -> "Nothing has been written since " + at.truncatedTo(ChronoUnit.SECONDS) + ", "
                        + Duration.between(at, now).toHours()
                        + " h ago: its execution may have died. ./pairbatch continue " + job.id()
                        + " continues it; nothing is paid twice.");
    }

    private static Optional<Instant> time(@org.jspecify.annotations.Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // nothing to say about it then
        }
    }

    private static String next(Job job, Advice advice, Deployment deployment) {
        String source = job.sourceKey() == null ? "inbox/NAME/FILE" : job.sourceKey();
        String inBucket = "s3://" + deployment.bucket() + "/" + source;
        String again = "aws s3 cp FILE " + inBucket + "   (the same file again, or ./pairbatch run FILE)";
        String goOn = "./pairbatch continue " + job.id();
        return switch (job.state()) {
            case DONE ->
                // A few pairs without a winner are usual; what was cancelled or had no room is not.
                job.hasLosses() || job.lacksAnswers() || job.costs().needed() != null
                        ? advice.first().orElse("./pairbatch watch " + job.id())
                        : Advice.sample(job).map(Advice.Step::typed).orElse("./pairbatch results " + job.id());
            case SPLITTING, RUNNING, MERGING, CANCELLING, UNKNOWN -> "./pairbatch watch " + job.id();
            case WAITING_FOR_SPEC ->
                job.isTooDeep()
                        ? "aws s3 mv --recursive s3://" + deployment.bucket() + "/" + source + " s3://"
                                + deployment.bucket() + "/inbox/NAME/"
                        : "aws s3 cp job.json s3://" + deployment.bucket() + "/" + folder(source) + "job.json";
            case WAITING_FOR_KEY ->
                deployment.leavesOut(FaultText.backend(job))
                        ? "./pairbatch deploy -c providers="
                                + Backend.codes(deployment.deployed().with(FaultText.backend(job)))
                                + "   (with all other settings), put its key in, then: " + goOn
                        : "aws secretsmanager put-secret-value --secret-id "
                                + deployment.secretArn(FaultText.backend(job))
                                + " --secret-string '{\"api_key\": \"…\"}'   then: " + goOn;
            case WAITING_FOR_DECISION ->
                "./pairbatch resolve " + job.id() + " SEGMENT   (shows what is known, and decides)";
            case FAILED ->
                FaultText.isRefused(job)
                        ? "./pairbatch run FILE   (with a job file that says what the provider takes)"
                        : goOn;
            case CANCELLED -> again;
            case DUPLICATE -> "./pairbatch watch " + job.id() + "   (follows the job that judges the same)";
            case DELETING -> "./pairbatch delete " + job.id() + "   (continues the deletion)";
            case REJECTED -> "./pairbatch run FILE   (corrected; this makes a new job)";
        };
    }

    private static String folder(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    private static String plural(long n, String noun) {
        return count(n) + " " + noun + (n == 1 ? "" : "s");
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
