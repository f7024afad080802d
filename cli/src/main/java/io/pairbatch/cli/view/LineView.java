package io.pairbatch.cli.view;

import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.OpenBatch;
import io.pairbatch.cli.job.SegmentLine;
import io.pairbatch.cli.job.Waits;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.OverdueBatch;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Prints a line for each change, for logs. A growing count gets at most one line per [#SHORTEST_GAP]; its final value
/// and every change of the job's state are printed at once. What is waited for, and until when, it says [#SOON]
/// after the job has begun to wait, then after [#QUIET] without a line, and again every [#STILL_WAITING] while nothing
/// happens.
public final class LineView implements ProgressView {

    private static final Duration SHORTEST_GAP = Duration.ofSeconds(10);

    private static final Duration SOON = Duration.ofSeconds(3);

    /// What nobody asks about.
    private static final Duration SHORT_WAIT = Duration.ofSeconds(10);

    private static final Duration QUIET = Duration.ofMinutes(1);

    private static final Duration STILL_WAITING = Duration.ofMinutes(10);

    /// What can be done about a batch that is overdue.
    static final String OVERDUE = "wait, or cancel it at the provider: its answers are collected";

    private record Told(String text, Instant at) {}

    private final PrintWriter out;
    private final Map<String, Told> told = new HashMap<>();
    private final Set<String> noticesBefore = new HashSet<>();
    private @Nullable Instant lastLine;
    private @Nullable Instant waitsTold;
    private String waitTold = "";
    private @Nullable String note;
    private @Nullable String toldNote;

    public LineView(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void note(@Nullable String message) {
        note = message;
    }

    @Override
    public void before(JobSnapshot snapshot) {
        for (Stage stage : Stage.goingOn(snapshot)) {
            told.put(stage.name(), new Told(stage.text(), Instant.MIN));
        }
        if (snapshot.job().preflight() != null) {
            told.put("preflight:", new Told(Cells.harmless(snapshot.job().preflight()), Instant.MIN));
        }
        snapshot.money().ifPresent(money -> told.put("cost:", new Told(money, Instant.MIN)));
        noticesBefore.addAll(snapshot.notices());
    }

    @Override
    public void show(JobSnapshot snapshot, Instant now) {
        Job job = snapshot.job();
        boolean ending = job.state().atRest();
        if (!ending) {
            tellState(job, now);
        }
        List<Stage> stages = Stage.of(snapshot);
        int last = -1;
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            last = isShown(stage) && isDue(stage.name(), stage.text(), ending || stage.complete(), now) ? i : last;
        }
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            // With a stage those before it: nobody reads of more answers than were submitted.
            if (isShown(stage)) {
                tell(stage.name(), stage.text(), i <= last, now);
            }
            if (job.preflight() != null && stage.name().equals("split")) {
                tell("preflight:", Cells.harmless(job.preflight()), true, now);
            }
        }
        snapshot.money().ifPresent(money -> tell("cost:", money, ending, now));
        for (SegmentLine line : snapshot.lines()) {
            tell(line.name(), Cells.harmless(line.text()), true, now);
        }
        for (String trouble : snapshot.troubles()) {
            int end = trouble.indexOf(": ");
            if (end > 0) {
                tell(
                        "provider on " + trouble.substring(0, end + 1),
                        Cells.harmless(trouble.substring(end + 2)),
                        true,
                        now);
            }
        }
        for (OverdueBatch batch : snapshot.waits().overdue(now)) {
            tell(
                    "overdue: batch " + Cells.harmless(batch.batchId()),
                    Cells.harmless(batch.words()) + "; " + OVERDUE,
                    true,
                    now);
        }
        List<String> notices = snapshot.notices().stream()
                .filter(notice -> !noticesBefore.contains(notice))
                .toList();
        for (int i = 0; i < notices.size(); i++) {
            String what = i == 0 ? "notice:" : "notice " + (i + 1) + ":";
            tell(what, Cells.harmless(notices.get(i)), true, now);
        }
        if (ending) {
            tellState(job, now);
        }
        tellWaits(snapshot, now);
        if (note != null && !Objects.equals(note, toldNote)) {
            line(now, Cells.harmless(note));
        }
        toldNote = note;
    }

    private void tellWaits(JobSnapshot snapshot, Instant now) {
        Instant last = lastLine;
        if (snapshot.job().state() != JobState.RUNNING || last == null) {
            return;
        }
        Waits waits = snapshot.waits();
        String wait = wait(snapshot);
        boolean begins = !wait.equals(waitTold)
                && waits.nextLook() != null
                && now.plus(SHORT_WAIT).isBefore(waits.nextLook());
        boolean onlyWaits = last.equals(waitsTold);
        if (now.isBefore(last.plus(begins ? SOON : onlyWaits ? STILL_WAITING : QUIET))) {
            return;
        }
        OpenBatch oldest = waits.oldest();
        if (oldest != null) {
            int others = snapshot.segments().open() - 1;
            line(
                    now,
                    "waits for " + Objects.requireNonNullElse(snapshot.job().backend(), "the provider") + ": "
                            + Cells.harmless(oldest.describe())
                            + (others > 0 ? ", the oldest of " + (others + 1) : ""));
        }
        waits.sentences(now).forEach(sentence -> line(now, "waits: " + Cells.harmless(sentence)));
        if (waits.nextLook() != null) {
            line(now, look(waits.nextLook(), now));
        }
        // Also when there was nothing to tell.
        lastLine = now;
        waitsTold = now;
        waitTold = wait;
    }

    /// What tells one wait from another: a job that is submitted bit by bit, or looked at every minute, has only one.
    private static String wait(JobSnapshot snapshot) {
        Stage submitted = Stage.of(snapshot).get(1);
        return snapshot.job().words() + (submitted.complete() ? submitted.text() : submitted.begun());
    }

    private static String look(Instant due, Instant now) {
        Instant at = due.truncatedTo(ChronoUnit.SECONDS);
        if (Spans.isAhead(due, now)) {
            return "next look at the provider in " + Spans.of(Duration.between(now, due)) + ", at " + at;
        }
        return Spans.isUsualLook(due, now)
                ? "looking at the provider now"
                : "a look at the provider has been due since " + at;
    }

    private void tellState(Job job, Instant now) {
        tell("job " + job.id(), job.words(), true, now);
    }

    /// Merging is a state of the job, and is printed as one.
    private static boolean isShown(Stage stage) {
        return stage.begun() && !stage.name().equals("merged");
    }

    private boolean isDue(String what, String text, boolean atOnce, Instant now) {
        @Nullable Told last = told.get(what);
        boolean news = last == null || !last.text().equals(text);
        return news && (atOnce || last == null || !now.isBefore(last.at().plus(SHORTEST_GAP)));
    }

    private void tell(String what, String text, boolean atOnce, Instant now) {
        if (isDue(what, text, atOnce, now)) {
            line(now, what + " " + text);
            told.put(what, new Told(text, now));
        }
    }

    private void line(Instant now, String text) {
        out.println(now.truncatedTo(ChronoUnit.SECONDS) + " " + text);
        out.flush();
        lastLine = now;
    }

    @Override
    public void close() {}
}
