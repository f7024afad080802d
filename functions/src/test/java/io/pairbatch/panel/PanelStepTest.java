package io.pairbatch.panel;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.JobTags;
import io.pairbatch.registry.NewJob;
import io.pairbatch.spec.Judge;
import io.pairbatch.step.JudgeJobs;
import io.pairbatch.step.OpenJob;
import io.pairbatch.testing.JobFixture;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PanelStepTest {

    private static final String JUDGES =
            "\"judges\": [{\"name\": \"a\"}, {\"name\": \"b\", \"backend\": \"gemini\", \"model\": \"gemini-2.5-flash\"}]";

    private final JobFixture fixture = new JobFixture();
    private final PanelStep step = new PanelStep(fixture.jobs);
    private final List<ResolvedJob> judges;
    private final ResolvedJob job;
    private Fence panel;

    PanelStepTest() throws Exception {
        job = JobFixture.resolved(JUDGES);
        judges = job.judges(Providers::options);
        panel = claim(job, "panel");
    }

    @BeforeEach
    void started() throws Exception {
        assertThat(step.starts(open()))
                .extracting(ObjectNode::toString)
                .containsExactly("{\"panel\":\"a-0123abcd\",\"judge\":1}", "{\"panel\":\"a-0123abcd\",\"judge\":2}");
    }

    private Fence claim(ResolvedJob one, String owner) {
        NewJob made = new NewJob(
                one.jobId(),
                "a",
                "openai",
                "m",
                "b",
                "inbox/a/p.csv",
                "v",
                1,
                fixture.clock.instant(),
                null,
                JobTags.NONE,
                null,
                false,
                one.spec().judges().stream().map(Judge::name).toList(),
                one.seat() == null ? null : one.seat().panel(),
                one.seat() == null ? null : one.seat().judge());
        Claim claim = fixture.jobs.claims().claim(made, owner, arn -> true);
        return new Fence(one.jobId(), owner, claim.job().epoch());
    }

    private OpenJob open() throws Exception {
        return new OpenJob(panel, fixture.jobs.require(panel), job, fixture.files);
    }

    private Fence begin(int judge) throws Exception {
        Fence fence = claim(judges.get(judge), "judge " + judge);
        fixture.jobs.recordSplitProgress(fence, 1, 1, 0, 1, true);
        return fence;
    }

    private void end(Fence fence, int failed) throws Exception {
        fixture.jobs.finish(fence, fixture.clock.instant(), 1, failed, new TreeMap<>(), null, "", null, null, 0, false);
    }

    @Test
    void itWaitsForEveryJudgeAndMergesThen() throws Exception {
        Fence first = begin(0);
        assertThat(step.look(open(), 0).next()).isEqualTo(PanelStep.Next.WAIT);
        assertThat(step.look(open(), 2).next()).as("the other is started again").isEqualTo(PanelStep.Next.JUDGE);
        Fence second = begin(1);
        end(first, 0);
        assertThat(step.look(open(), 0).next()).isEqualTo(PanelStep.Next.WAIT);
        assertThat(step.judged(open())).isEmpty();
        end(second, 0);
        assertThat(step.look(open(), 0).next()).isEqualTo(PanelStep.Next.MERGE);
        assertThat(step.judged(open()).orElseThrow())
                .extracting(PanelStep.Judged::judge)
                .containsExactly("a", "b");
    }

    @Test
    void aJudgeThatHasStoppedStopsTheJobOnceTheOthersHaveEndedAndGoesOnWithIt() throws Exception {
        Fence first = begin(0);
        Fence second = begin(1);
        fixture.jobs.stop(first, JobState.WAITING_FOR_KEY, "KEY_MISSING", "KEY_MISSING: no key\nand more");
        assertThat(step.look(open(), 0).next()).isEqualTo(PanelStep.Next.WAIT);
        end(second, 0);
        PanelStep.Look stopped = step.look(open(), 0);
        assertThat(stopped.next()).isEqualTo(PanelStep.Next.STOP);
        assertThat(stopped.stop()).isNotNull().satisfies(stop -> {
            assertThat(stop.state()).isEqualTo(JobState.WAITING_FOR_KEY);
            assertThat(stop.message())
                    .isEqualTo("JUDGE_STOPPED: judge a, job " + first.jobId()
                            + ": found that it is waiting for key: KEY_MISSING: no key; expected its end: ./pairbatch"
                            + " doctor " + first.jobId() + " says what to do");
        });

        assertThat(step.starts(open()))
                .extracting(ObjectNode::toString)
                .containsExactly("{\"job_id\":\"" + first.jobId() + "\",\"epoch\":2}");
        assertThat(step.look(open(), 0).next()).as("until it has gone on").isEqualTo(PanelStep.Next.WAIT);
    }

    @Test
    void whereEveryJudgeRejectsTheTableSoDoesTheJob() throws Exception {
        for (int judge : List.of(0, 1)) {
            fixture.jobs.stop(begin(judge), JobState.REJECTED, "INPUT_COLUMNS", "INPUT_COLUMNS: no ID1");
        }
        assertThat(step.look(open(), 0).stop()).isNotNull().satisfies(stop -> {
            assertThat(stop.state()).isEqualTo(JobState.REJECTED);
            assertThat(stop.code().name()).isEqualTo("INPUT_COLUMNS");
        });
        assertThat(step.starts(open())).isEmpty();
    }

    @Test
    void whatIsAskedOfAFinishedJobIsAskedOnceOfEachJudgeThatHasSomethingToDo() throws Exception {
        Fence first = begin(0);
        end(first, 3);
        end(begin(1), 0);
        end(panel, 3);
        List<Integer> epochs = new JudgeJobs(fixture.jobs).next(job, judge -> judge.failed() > 0);
        fixture.jobs
                .claims()
                .askJudges(job.jobId(), "again", panel.epoch() + 1, epochs, "{\"retry\":\"expired\"}", null);
        panel = new Fence(job.jobId(), "again", panel.epoch() + 1);

        String asked = "{\"job_id\":\"" + first.jobId() + "\",\"epoch\":2,\"retry\":\"expired\"}";
        assertThat(step.starts(open())).extracting(ObjectNode::toString).containsExactly(asked);
        assertThat(step.starts(open()))
                .as("whose execution has not begun yet")
                .extracting(ObjectNode::toString)
                .containsExactly(asked);
        assertThat(step.look(open(), 0).next()).isEqualTo(PanelStep.Next.WAIT);
        fixture.jobs.claims().retry(first.jobId(), "retried", 2, "expired", 1);
        assertThat(step.starts(open())).isEmpty();
        assertThat(step.look(open(), 0).next()).isEqualTo(PanelStep.Next.WAIT);
        end(new Fence(first.jobId(), "retried", 2), 0);
        assertThat(step.look(open(), 0).next()).isEqualTo(PanelStep.Next.MERGE);
    }

    @Test
    void anotherJobThatJudgesTheSameStandsForAJudge() throws Exception {
        Fence own = begin(0);
        end(begin(1), 0);
        Fence other = claim(JobFixture.resolved("other-0badcafe", ""), "other");
        fixture.jobs.recordSplitProgress(other, 1, 1, 0, 1, true);
        fixture.jobs.stopAsDuplicate(own, "other-0badcafe", "it judges the same");
        assertThat(step.look(open(), 0).next()).isEqualTo(PanelStep.Next.WAIT);
        fixture.jobs.stop(other, JobState.FAILED, "STALLED", "STALLED: nothing came");
        assertThat(step.look(open(), 0).next()).isEqualTo(PanelStep.Next.STOP);
        assertThat(step.starts(open()))
                .extracting(ObjectNode::toString)
                .containsExactly("{\"job_id\":\"other-0badcafe\",\"epoch\":2}");
        fixture.jobs.claims().take("other-0badcafe", "again", 2);
        end(new Fence("other-0badcafe", "again", 2), 0);
        assertThat(step.judged(open()).orElseThrow())
                .extracting(judged -> judged.judge() + " " + judged.item().jobId())
                .contains("a other-0badcafe");
    }

    @Test
    void aCancelledJobStartsNoJudgeThatHasNotBegun() throws Exception {
        end(begin(0), 0);
        fixture.jobs.claims().cancel(job.jobId());
        assertThat(step.starts(open())).isEmpty();
        assertThat(step.look(open(), 0).next()).isEqualTo(PanelStep.Next.MERGE);
    }
}
