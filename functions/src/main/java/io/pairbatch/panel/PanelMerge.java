package io.pairbatch.panel;

import io.pairbatch.job.JobFiles;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.results.ResultTables;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.OpenJob;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Makes one set of result files of what the judges of a job have judged, and ends the job. `summary.json` comes last,
/// and is the commit mark; merging again writes the same bytes.
public final class PanelMerge {

    private static final List<String> TABLES = List.of(
            JobFiles.COMBINED,
            JobFiles.JUDGEMENTS,
            JobFiles.FAILED_PAIRS,
            JobFiles.FAILED_ATTEMPTS,
            JobFiles.BATCH_FAILURES,
            JobFiles.UNMATCHED_LINES);

    private final JobRegistry registry;
    private final JobOpener jobs;
    private final PanelStep step;

    public PanelMerge(JobRegistry registry, JobOpener jobs, PanelStep step) {
        this.registry = registry;
        this.jobs = jobs;
        this.step = step;
    }

    /// Merges what the judges have judged.
    ///
    /// @return false if one of their jobs has gone on in the meantime
    public boolean merge(OpenJob panel) throws IOException, FencedException {
        Optional<List<PanelStep.Judged>> ended = step.judged(panel);
        if (ended.isEmpty()) {
            return false;
        }
        jobs.withdrawSummary(panel.fence());
        registry.startMerging(panel.fence());
        int changes = registry.require(panel.fence()).policyChanges();
        List<JoinedTable.Part> parts = ended.get().stream()
                .map(judged -> new JoinedTable.Part(
                        judged.judge(), jobs.store(judged.item().jobId())))
                .toList();
        panel.store().delete(JobFiles.ERROR);
        for (String table : TABLES) {
            new JoinedTable(table, parts)
                    .write(
                            panel.store(),
                            table.equals(JobFiles.FAILED_PAIRS) ? ResultTables.FAILED_PAIR_TAIL : List.of());
        }
        PanelSummary summary = new PanelSummary(panel);
        summary.rejected(RejectedRows.write(parts, panel.store()));
        for (JoinedTable.Part part : parts) {
            summary.add(part.judge(), part.store());
        }
        if (!step.judged(panel).equals(ended)) {
            return false;
        }
        Instant finished = summary.finished();
        summary.write(finished);
        registry.recordJudged(
                panel.fence(),
                summary.rows(),
                summary.rows() - summary.rejected(),
                summary.rejected(),
                Math.max(1, summary.perRow()),
                summary.segments());
        return registry.finish(
                panel.fence(),
                finished,
                summary.sum("observed"),
                summary.sum("failed"),
                failures(summary),
                summary.cost().map(BigDecimal::toPlainString).orElse(null),
                panel.resolved().spec().prompt().rules().code(),
                null,
                null,
                changes,
                panel.item().collecting());
    }

    private static SortedMap<String, TableReport.Rows> failures(PanelSummary summary) {
        SortedMap<String, TableReport.Rows> failures = new TreeMap<>();
        summary.failed()
                .properties()
                .forEach(code -> failures.put(
                        code.getKey(), new TableReport.Rows(code.getValue().asLong(), List.of(), "")));
        return failures;
    }
}
