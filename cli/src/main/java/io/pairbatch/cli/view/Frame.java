package io.pairbatch.cli.view;

import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.OpenBatch;
import io.pairbatch.cli.job.Waits;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.OverdueBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One picture of a job's progress, as lines that never reach the last column (a terminal might wrap them).
final class Frame {

    private static final int LABEL = 12;
    /// Room for the text beside a bar; a longer text shortens every bar.
    private static final int USUAL_TEXT = 27;

    private static final int SHORTEST_BAR = 6;
    private static final int LONGEST_BAR = 40;

    private Frame() {}

    /// The lines.
    ///
    /// @param since when what is shown began; null where nobody saw it
    static List<String> of(
            JobSnapshot snapshot,
            @Nullable String note,
            @Nullable Instant since,
            Instant now,
            int columns,
            Glyphs glyphs) {
        List<String> lines = new ArrayList<>();
        lines.add(headline(snapshot.job(), since, now));
        List<Stage> stages = Stage.of(snapshot);
        int text = stages.stream().mapToInt(stage -> Cells.width(stage.text())).reduce(USUAL_TEXT, Math::max);
        int bar = Math.min(LONGEST_BAR, columns - 1 - LABEL - 2 - text);
        for (Stage stage : stages) {
            lines.add(line(stage, bar, glyphs));
            if (snapshot.job().preflight() != null && stage.name().equals("split")) {
                lines.add(Cells.pad("  preflight", LABEL)
                        + Cells.harmless(snapshot.job().preflight()));
            }
        }
        snapshot.money().ifPresent(money -> lines.add(Cells.pad("  cost", LABEL) + money));
        waits(snapshot, now).forEach(lines::add);
        snapshot.troubles().forEach(trouble -> lines.add("  provider on " + Cells.harmless(trouble)));
        snapshot.notices().forEach(notice -> lines.addAll(Cells.wrapped(notice, columns - 1, 2)));
        if (note != null) {
            lines.add("  " + Cells.harmless(note));
        }
        return lines.stream()
                .map(line ->
                        Cells.cut(line, Math.max(1, columns - 1), glyphs.cut()).stripTrailing())
                .toList();
    }

    /// What the job waits for, and when it looks next.
    private static List<String> waits(JobSnapshot snapshot, Instant now) {
        Job job = snapshot.job();
        if (job.state() != JobState.RUNNING) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        Waits waits = snapshot.waits();
        OpenBatch oldest = waits.oldest();
        String look = waits.nextLook() == null ? "" : look(waits.nextLook(), now);
        if (oldest != null) {
            String status = Objects.requireNonNullElse(job.backend(), "the provider") + ": " + oldest.statusWord();
            int others = snapshot.segments().open() - 1;
            texts.add(look.isEmpty() ? status : status + "; " + look);
            texts.add((oldest.isOverdue(now) ? "overdue: " : "") + oldest.times());
            texts.add(oldest.batchId() + " (segment " + oldest.segment() + ")"
                    + (others > 0 ? ", the oldest of " + (others + 1) : ""));
        } else if (!look.isEmpty()) {
            texts.add(look);
        }
        List<OverdueBatch> overdue = waits.overdue(now);
        overdue.forEach(batch -> texts.add("overdue: " + batch.describe()));
        if (!overdue.isEmpty()) {
            texts.add(LineView.OVERDUE);
        }
        texts.addAll(waits.sentences(now));
        List<String> lines = new ArrayList<>();
        for (String text : texts) {
            lines.add(Cells.pad(lines.isEmpty() ? "  waits" : "", LABEL) + Cells.harmless(text));
        }
        return lines;
    }

    private static String look(Instant due, Instant now) {
        if (Spans.isAhead(due, now)) {
            return "next look in " + Spans.of(Duration.between(now, due));
        }
        return Spans.isUsualLook(due, now)
                ? "looking now"
                : "a look has been due for " + Spans.of(Duration.between(due, now));
    }

    private static String headline(Job job, @Nullable Instant since, Instant now) {
        String judge =
                job.isPanel() ? Cells.harmless(job.whoJudges() + ": " + String.join(", ", job.judges())) : model(job);
        return Stream.of(job.id(), job.words(), elapsed(job, since, now), judge)
                .filter(part -> !part.isEmpty())
                .reduce((a, b) -> a + "  " + b)
                .orElse("");
    }

    private static String model(Job job) {
        return String.join(
                " ",
                Stream.of(job.backend(), job.model())
                        // A job that was rejected before its job.json was read has `unknown` there.
                        .filter(part -> part != null && !part.equals("unknown"))
                        .map(part -> Cells.harmless(part))
                        .toList());
    }

    private static String line(Stage stage, int bar, Glyphs glyphs) {
        String label = Cells.pad("  " + stage.name(), LABEL);
        if (bar < SHORTEST_BAR) {
            return label + stage.text();
        }
        int full = stage.total() == 0 ? 0 : (int) (Math.min(stage.done(), stage.total()) * bar / stage.total());
        return label + glyphs.full().repeat(full) + glyphs.empty().repeat(bar - full) + "  " + stage.text();
    }

    private static String elapsed(Job job, @Nullable Instant since, Instant now) {
        if (since == null) {
            return "";
        }
        Instant end = job.finishedAt() == null ? now : job.finishedAt();
        Duration d = Duration.between(since, end);
        if (d.isNegative()) {
            return "0:00"; // the stack's clock is ahead of ours
        }
        return d.toHours() == 0
                ? String.format(Locale.ROOT, "%d:%02d", d.toMinutesPart(), d.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d:%02d", d.toHours(), d.toMinutesPart(), d.toSecondsPart());
    }
}
