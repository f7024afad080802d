package io.pairbatch.cli.job;

import io.pairbatch.registry.CostForecast;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A job of several judges at one moment: the sums of what their jobs are, and what is said of each after its name.
final class PanelView {

    private final Job panel;
    private final List<JobSnapshot> judges = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private final List<Waits.Wait> waits = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final List<SegmentLine> lines = new ArrayList<>();
    private final JudgeNotices table = new JudgeNotices();
    private final @Nullable Instant nextLook;

    /// @param nextLook when it is next looked how their jobs stand
    PanelView(Job panel, @Nullable Instant nextLook) {
        this.panel = panel;
        this.nextLook = nextLook;
    }

    void notice(String notice) {
        notices.add(notice);
    }

    /// @param ofTable which of its notices are on the table
    void add(String judge, JobSnapshot snapshot, List<String> ofTable) {
        judges.add(snapshot);
        String name = "judge " + judge + ": ";
        Job job = snapshot.job();
        if (job.state().atRest() && job.errorMessage() != null) {
            notices.add(name + job.words() + ", " + firstLine(job.errorMessage()) + "; ./pairbatch doctor " + job.id());
        }
        snapshot.troubles().forEach(trouble -> troubles.add(trouble.replaceFirst(": ", " (" + quoted(judge) + "): ")));
        snapshot.waits().all().forEach(wait -> waits.add(new Waits.Wait(name + wait.sentence(), wait.notableFrom())));
        ofTable.forEach(what -> table.add(judge, what));
        snapshot.notices().stream()
                .filter(notice -> !ofTable.contains(notice))
                .forEach(notice -> notices.add(name + notice));
        snapshot.lines().forEach(line -> lines.add(new SegmentLine(line.segment(), judge, line.text())));
    }

    private static String quoted(String judge) {
        return Matcher.quoteReplacement("judge " + judge);
    }

    /// Whether all judges have read the table: before that nobody knows how much there is.
    private boolean isSplit() {
        return panel.state() == JobState.DONE
                || (judges.size() == panel.judges().size()
                        && judges.stream().allMatch(judge -> judge.job().splitDone()));
    }

    private List<String> allNotices() {
        List<String> all = new ArrayList<>(notices);
        if (isSplit()) {
            all.addAll(table.sentences(judges.size()));
        }
        return all;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse(message);
    }

    JobSnapshot snapshot() {
        SegmentTotals totals = SegmentTotals.NONE;
        CostForecast forecast = CostForecast.NONE;
        for (JobSnapshot judge : judges) {
            totals = totals.plus(judge.segments());
            forecast = forecast.plus(judge.forecast());
        }
        List<OpenBatch> open = judges.stream()
                .flatMap(judge -> judge.waits().first().stream())
                .sorted(Comparator.comparing(OpenBatch::overdueFrom))
                .limit(5)
                .toList();
        OpenBatch oldest = judges.stream()
                .map(judge -> judge.waits().oldest())
                .filter(Objects::nonNull)
                .min(Comparator.comparing(OpenBatch::submittedAt))
                .orElse(null);
        Instant look = Stream.concat(
                        Stream.ofNullable(nextLook),
                        judges.stream().map(judge -> judge.waits().nextLook()).filter(Objects::nonNull))
                .min(Comparator.naturalOrder())
                .orElse(null);
        return new JobSnapshot(
                job(totals),
                totals,
                troubles,
                new Waits(waits, oldest, open, panel.state().atRest() ? null : look),
                allNotices(),
                lines,
                forecast);
    }

    /// Before its end a job of several judges has counted nothing itself.
    private Job job(SegmentTotals totals) {
        Costs costs = Costs.NONE;
        Job most = panel;
        for (JobSnapshot judge : judges) {
            costs = costs.plus(judge.job().costs());
            most = judge.job().rowsRead() > most.rowsRead() ? judge.job() : most;
        }
        int perRow = judges.stream().mapToInt(judge -> judge.job().perRow()).sum();
        return panel.judging(most, costs, isSplit(), Math.max(panel.perRow(), perRow), totals.registered());
    }
}
