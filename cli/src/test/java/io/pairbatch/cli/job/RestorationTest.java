package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.registry.JobState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestorationTest {

    private final MemoryJobSource jobs = new MemoryJobSource();
    private final MemoryBucket bucket = new MemoryBucket();
    private final FakeTime time = new FakeTime();
    private final List<String> said = new ArrayList<>();

    @Test
    void itIsOverWhenADoneJobIsDoneAgain() throws Exception {
        bucket.put("jobs/" + Jobs.ID + "/summary.json", "{}");
        jobs.then(new JobSnapshot(Jobs.named("other", Jobs.SOURCE, FakeTime.START), SegmentTotals.NONE))
                .then(Jobs.snapshot(JobState.RUNNING))
                .then(Jobs.snapshot(JobState.DONE));

        restore(Jobs.ID);

        assertThat(jobs.questions()).isEqualTo(3);
        assertThat(said).containsExactly("Restoring 1 job (" + Jobs.ID + ") from the files in S3", "Restored it");
    }

    @Test
    void aJobThatWasNotDoneIsRestoredAsSoonAsItIsListed() throws Exception {
        jobs.then(Jobs.snapshot(JobState.RUNNING));

        restore(Jobs.ID);

        assertThat(jobs.questions()).isEqualTo(1);
    }

    @Test
    void whatTakesLongIsNamedAndNotWaitedFor() throws Exception {
        restore("a", "b", "c", "d", "e", "f");

        assertThat(said.getLast()).startsWith("Still restoring 6 jobs (a, b, c, d, e, …); that goes on by itself,");
    }

    @Test
    void nothingIsSaidWhereNothingWasLost() throws Exception {
        restore();

        assertThat(said).isEmpty();
    }

    private void restore(String... ids) throws Exception {
        new Restoration(jobs, bucket, time, time, said::add).await(List.of(ids));
    }
}
