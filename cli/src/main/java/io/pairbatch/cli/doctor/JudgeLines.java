package io.pairbatch.cli.doctor;

import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.JobSource;
import io.pairbatch.cli.job.PanelJobs;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.registry.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How each of several judges stands, one line each: what it has judged, or what it waits for, and its job.
public final class JudgeLines {

    private JudgeLines() {}

    /// The lines, in the judges' order.
    ///
    /// @param jobs knows their jobs
    public static List<String> of(JobSource jobs, Job panel, Instant now) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < panel.judges().size(); i++) {
            String id = panel.judgeJobs().get(i);
            Optional<JobSnapshot> judging = PanelJobs.judging(jobs, id);
            lines.add("Judge " + panel.judges().get(i) + ": "
                    + judging.map(snapshot -> stands(snapshot, id, now)).orElse("has not begun yet") + ".");
        }
        return lines;
    }

    private static String stands(JobSnapshot snapshot, String id, Instant now) {
        Job job = snapshot.job();
        String judged = job.counted() ? ", " + job.observed() + " judged and " + job.failed() + " failed" : "";
        String which = job.id().equals(id) ? "job " + id : "judged by job " + job.id();
        boolean stopped = job.state().atRest() && job.state() != JobState.DONE;
        return job.words() + judged + waits(snapshot, now) + " (" + which + ")"
                + (stopped ? "; ./pairbatch doctor " + job.id() + " says why, and what to do" : "");
    }

    private static String waits(JobSnapshot snapshot, Instant now) {
        if (snapshot.job().state() != JobState.RUNNING) {
            return "";
        }
        SegmentTotals segments = snapshot.segments();
        List<String> waits = new ArrayList<>();
        if (segments.open() > 0) {
            waits.add("waits for " + (segments.open() == 1 ? "1 batch" : segments.open() + " batches") + " of "
                    + snapshot.job().backend());
        }
        waits.addAll(snapshot.waits().sentences(now));
        return waits.isEmpty() ? "" : ", " + String.join(", ", waits);
    }
}
