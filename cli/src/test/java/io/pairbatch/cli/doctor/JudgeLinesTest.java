package io.pairbatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.cli.job.Waits;
import io.pairbatch.registry.JobState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeLinesTest {

    @Test
    void eachJudgeHasALineThatSaysHowItStandsAndWhichJobItHas() {
        Job panel = Jobs.of(Jobs.in(JobState.RUNNING), "done", "open", "keyless", "new");
        Job open = Jobs.judgeOf(Jobs.in(JobState.RUNNING), panel, "open");
        Waits waits =
                new Waits(List.of(new Waits.Wait("1 segment waits for room at the provider")), null, Instant.EPOCH);
        MemoryJobSource jobs = new MemoryJobSource()
                .then(new JobSnapshot(Jobs.judgeOf(Jobs.in(JobState.DONE), panel, "done"), SegmentTotals.NONE))
                .then(new JobSnapshot(open, Jobs.collected(1, 87, 2), List.of(), waits, List.of()))
                .then(new JobSnapshot(
                        Jobs.judgeOf(Jobs.in(JobState.WAITING_FOR_KEY), panel, "keyless"), SegmentTotals.NONE))
                .thenNothing();

        List<String> ids = panel.judgeJobs();
        assertThat(JudgeLines.of(jobs, panel, Instant.EPOCH))
                .containsExactly(
                        "Judge done: done, 187 judged and 3 failed (job " + ids.get(0) + ").",
                        "Judge open: running, waits for 3 batches of openai, 1 segment waits for room at the provider"
                                + " (job " + ids.get(1) + ").",
                        "Judge keyless: waiting for key (job " + ids.get(2) + "); ./pairbatch doctor " + ids.get(2)
                                + " says why, and what to do.",
                        "Judge new: has not begun yet.");
    }
}
