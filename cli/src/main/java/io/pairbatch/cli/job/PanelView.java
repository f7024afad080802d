package io.pairbatch.cli.job;

import io.pairbatch.registry.CostForecast;
import io.pairbatch.registry.Costs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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
    private final @Nullable Instant nextLook;

    /// @param nextLook when it is next looked how their jobs stand
    PanelView(Job panel, @Nullable Instant nextLook) {
        this.panel = panel;
        this.nextLook = nextLook;
    }

    void notice(String notice) {
        notices.add(notice);
    }

    void add(String judge, JobSnapshot snapshot) {
        judges.add(snapshot);
        String name = "judge " + judge + ": ";
        Job job = snapshot.job();
        if (job.state().atRest() && job.errorMessage() != null) {
            notices.add(name + job.words() + ", " + firstLine(job.errorMessage()) + "; ./pairbatch doctor " + job.id());
        }
        snapshot.troubles().forEach(trouble -> troubles.add(name + trouble));
        snapshot.waits().all().forEach(wait -> waits.add(new Waits.Wait(name + wait.sentence(), wait.notableFrom())));
        snapshot.notices().forEach(notice -> notices.add(name + notice));
        snapshot.lines().forEach(line -> lines.add(new SegmentLine(line.segment(), name + line.text())));
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
                notices,
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
        boolean split = !judges.isEmpty()
                && judges.stream().allMatch(judge -> judge.job().splitDone());
        int perRow = judges.stream().mapToInt(judge -> judge.job().perRow()).sum();
        return panel.judging(most, costs, split, Math.max(panel.perRow(), perRow), totals.registered());
    }
}
