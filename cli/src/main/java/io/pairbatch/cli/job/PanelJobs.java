package io.pairbatch.cli.job;

import java.util.Optional;

/// The jobs of single judges.
public final class PanelJobs {

    private PanelJobs() {}

    /// The job whose files are a judge's results: its own, or the one that judges the same and stands for it. Empty
    /// before it has begun.
    public static Optional<JobSnapshot> judging(JobSource jobs, String judgeJob) {
        Optional<JobSnapshot> own = jobs.read(judgeJob);
        return own.map(snapshot -> snapshot.job().sameAs()).flatMap(jobs::read).or(() -> own);
    }
}
