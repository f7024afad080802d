package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobState;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Stop;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.time.Deadline;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/// Jobs of a provider that the deployment leaves out.
class LeftOutProviderTest {

    private static final String ALL = "openai,anthropic,gemini";
    private static final String OTHERS = "anthropic,gemini";
    private static final String TABLE = "inbox/essays/pairs.csv";

    private final JobFixture fixture = new JobFixture();
    private final MemoryBuckets buckets = new MemoryBuckets(fixture.clock, "b");
    private int executions;

    @BeforeEach
    void drop() {
        put(TABLE, "ID1,text1,ID2,text2\na,x,b,y\n");
        put("inbox/essays/job.json", """
                {"model": "gpt-4.1", "trait_name": "T", "trait_description": "D"}""");
    }

    @Test
    void aNewJobIsRejectedBeforeAnythingIsWritten() throws Exception {
        SplitStep.Result.Stopped stopped = (SplitStep.Result.Stopped) begin(OTHERS);

        assertThat(stopped.why().state()).isEqualTo(JobState.REJECTED);
        assertThat(stopped.why().message())
                .isEqualTo("PROVIDER_NOT_DEPLOYED: the deployment's `providers`: found `anthropic,gemini`, without"
                        + " `openai`, the job's `backend`; expected `openai,anthropic,gemini`");
        assertThat(buckets.objects("b", "jobs/")).isEmpty();
        assertThat(buckets.objects("b", "claims/")).isEmpty();
    }

    @Test
    void theSameFilesStartOnceTheProviderIsBack() throws Exception {
        Fence rejected = ((SplitStep.Result.Stopped) begin(OTHERS)).fence();
        fixture.jobs.stop(rejected, JobState.REJECTED, "PROVIDER_NOT_DEPLOYED", "left out");

        OpenJob job = ((SplitStep.Result.Split) begin(ALL)).job();

        assertThat(job.id()).isNotEqualTo(rejected.jobId());
        assertThat(fixture.segments.all(job.id())).hasSize(1);
    }

    @Test
    void aJobThatIsUnderWayWaitsAndIsTheSameWhenItsFilesAreDroppedAgain() throws Exception {
        OpenJob begun = ((SplitStep.Result.Split) begin(ALL)).job();
        fixture.jobs.stop(begun.fence(), JobState.WAITING_FOR_KEY, "PROVIDER_NOT_DEPLOYED", "left out");

        OpenJob again = ((SplitStep.Result.Split) begin(OTHERS)).job();

        assertThat(again.id()).isEqualTo(begun.id());
        Stop stop = stop(again);
        assertThat(stop.state()).isEqualTo(JobState.WAITING_FOR_KEY);
        assertThat(stop.code()).isEqualTo(ErrorCode.PROVIDER_NOT_DEPLOYED);

        fixture.jobs.stop(again.fence(), JobState.WAITING_FOR_KEY, "PROVIDER_NOT_DEPLOYED", "left out");
        assertThat(((SplitStep.Result.Split) begin(ALL)).job().id()).isEqualTo(begun.id());
    }

    @Test
    void aLostRegistryDoesNotMakeAJobThatIsUnderWayANewOne() throws Exception {
        OpenJob begun = ((SplitStep.Result.Split) begin(ALL)).job();
        fixture.table.clear();

        assertThat(((SplitStep.Result.Split) begin(OTHERS)).job().id()).isEqualTo(begun.id());

        buckets.objects("b", "claims/")
                .toList()
                .forEach(claim -> buckets.deleteObject(r -> r.bucket("b").key(claim.key())));
        fixture.table.clear();
        assertThat(((SplitStep.Result.Split) begin(OTHERS)).job().id())
                .as("found by its folder")
                .isEqualTo(begun.id());
    }

    @Test
    void aJobThatWasCancelledMayEndWithoutTheProvider() throws Exception {
        OpenJob begun = ((SplitStep.Result.Split) begin(ALL)).job();
        fixture.jobs.recordCancelled(begun.fence(), true);
        fixture.providers = OTHERS;
        JobOpener opener = fixture.opener(buckets);
        OpenJob cancelled = opener.open(begun.fence());

        assertThat(opener.account(cancelled, Deadline.NONE)).isNotNull();
        assertThatThrownBy(
                        () -> opener.account(cancelled, Deadline.NONE).other().get())
                .as("there is no other key")
                .hasMessageContaining("PROVIDER_NOT_DEPLOYED");
    }

    private Stop stop(OpenJob job) {
        fixture.providers = OTHERS;
        JobOpener opener = fixture.opener(buckets);
        return Stop.of(Objects.requireNonNull(
                catchThrowableOfType(JobRejectedException.class, () -> opener.account(job, Deadline.NONE))));
    }

    private SplitStep.Result begin(String providers) throws Exception {
        fixture.providers = providers;
        executions++;
        String own = "arn:" + executions;
        return fixture.splitting(buckets, own::equals).begin("b", TABLE, own, Deadline.NONE);
    }

    private void put(String key, String text) {
        buckets.putObject(r -> r.bucket("b").key(key), RequestBody.fromString(text));
    }
}
