package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.registry.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFinderTest {

    private final FakeTime time = new FakeTime();
    private final MemoryJobSource source = new MemoryJobSource();
    private final List<String> said = new ArrayList<>();
    private final JobFinder finder = new JobFinder(source, time, time);

    @Test
    void takesTheNewestJobOfAFile() {
        source.list(Jobs.named("a-1", Jobs.SOURCE, FakeTime.START))
                .list(Jobs.named("a-2", Jobs.SOURCE, FakeTime.START.plusSeconds(5)))
                .list(Jobs.named("b-1", "inbox/b/pairs.csv", FakeTime.START.plusSeconds(9)));

        assertThat(finder.ofSource(Jobs.SOURCE, null).map(Job::id)).contains("a-2");
    }

    @Test
    void theJobThatHasTheJudgesIsMeantNotThatOfOneOfThem() {
        Job panel = Jobs.of(Jobs.in(JobState.RUNNING), "gpt-4.1", "claude");
        Job claude = Jobs.judgeOf(Jobs.in(JobState.RUNNING), panel, "claude");
        source.list(panel)
                .list(Jobs.judgeOf(Jobs.in(JobState.RUNNING), panel, "gpt-4.1"))
                .list(claude);

        assertThat(finder.ofSource(Jobs.SOURCE, null).map(Job::id)).contains(panel.id());
        assertThat(finder.byPrefix("essays").id()).isEqualTo(panel.id());
        assertThat(finder.byPrefix("essays-cl").id()).isEqualTo(claude.id());
    }

    @Test
    void doesNotLookFurtherBackThanAsked() {
        source.list(Jobs.named("a-1", Jobs.SOURCE, FakeTime.START.minusSeconds(7200)))
                .list(Jobs.named("b-1", "inbox/b/pairs.csv", FakeTime.START.minusSeconds(7000)));

        assertThat(finder.ofSource(Jobs.SOURCE, FakeTime.START.minusSeconds(3600)))
                .isEmpty();
    }

    @Test
    void aJobThatIsBeingDeletedIsNotTheOneOfWhatIsDroppedInItsPlace() throws Exception {
        source.list(Jobs.renamed(Jobs.in(JobState.DELETING), "essays-0badcafe"));
        Pause stack = duration -> {
            time.of(duration);
            source.list(Jobs.in(JobState.SPLITTING)).list(Jobs.renamed(Jobs.in(JobState.DELETING), "essays-1badcafe"));
        };

        assertThat(new JobFinder(source, time, stack)
                        .await(Jobs.SOURCE, FakeTime.START, said::add)
                        .id())
                .isEqualTo(Jobs.ID);
    }

    @Test
    void theJobsOfItsJudgesAreNotWhatWasDropped() {
        source.list(Jobs.ofJudge(Jobs.renamed(Jobs.in(JobState.RUNNING), "essays-gpt-0badcafe"), Jobs.ID))
                .list(Jobs.in(JobState.RUNNING))
                .list(Jobs.ofJudge(Jobs.renamed(Jobs.in(JobState.RUNNING), "essays-claude-1badcafe"), Jobs.ID));

        assertThat(finder.ofSource(Jobs.SOURCE, null).orElseThrow().id()).isEqualTo(Jobs.ID);
        assertThat(finder.byPrefix("essays").id()).isEqualTo(Jobs.ID);
        assertThat(finder.byPrefix("essays-gpt").id()).isEqualTo("essays-gpt-0badcafe");
    }

    @Test
    void waitsForTheJobToAppear() throws Exception {
        Pause stack = duration -> {
            time.of(duration);
            if (time.passed().equals(Duration.ofSeconds(4))) {
                source.list(Jobs.in(JobState.SPLITTING));
            }
        };

        assertThat(new JobFinder(source, time, stack)
                        .await(Jobs.SOURCE, FakeTime.START, said::add)
                        .id())
                .isEqualTo(Jobs.ID);
        assertThat(said).isEmpty();
    }

    @Test
    void saysWhereToLookWhenNoJobAppears() {
        assertThatThrownBy(() -> finder.await(Jobs.SOURCE, FakeTime.START, said::add))
                .hasMessage("The file is in the bucket, but after 5 minutes the stack has made no job from it.")
                .extracting("remedy")
                .asString()
                .contains("every hour");
        assertThat(said)
                .containsExactly("Waiting for S3 to tell the stack of the files, until 5 minutes after the drop");
    }

    @Test
    void understandsTheBeginningOfAnId() {
        source.list(Jobs.named("essays-aa11", "k", FakeTime.START)).list(Jobs.named("poems-bb22", "k", FakeTime.START));

        assertThat(finder.byPrefix("po").id()).isEqualTo("poems-bb22");
    }

    @ParameterizedTest
    @CsvSource({"esays-aa11bb22", "esays", "esays-aa", "Essays-aa11bb22", "essays-aa11bb2x"})
    void namesTheJobThatWasPerhapsMeant(String typed) {
        source.list(Jobs.named("poems-0f0f0f0f", "k", FakeTime.START))
                .list(Jobs.named("essays-aa11bb22", "k", FakeTime.START))
                .list(Jobs.named("tests-00112233", "k", FakeTime.START));

        assertThatThrownBy(() -> finder.byPrefix(typed))
                .hasMessage("There is no job whose id begins with " + typed + ". Perhaps essays-aa11bb22?");
        assertThatThrownBy(() -> finder.byPrefix("nobody")).hasMessage("There is no job whose id begins with nobody.");
    }

    @Test
    void anotherJobOfTheSameNameIsNotWhatAnIdInFullMeans() {
        source.list(Jobs.named("essays-aa11bb22", "k", FakeTime.START));
        assertThatThrownBy(() -> finder.byPrefix("essays-0f0f0f0f"))
                .hasMessage("There is no job whose id begins with essays-0f0f0f0f.")
                .extracting("remedy")
                .asString()
                .contains("deleted-essays-0f0f0f0f.json");
    }

    @Test
    void refusesABeginningThatSeveralJobsShare() {
        source.list(Jobs.named("essays-aa11", "k", FakeTime.START))
                .list(Jobs.named("essays-bb22", "k", FakeTime.START));

        assertThatThrownBy(() -> finder.byPrefix("essays"))
                .hasMessage("Several jobs begin with essays: essays-bb22, essays-aa11.");
    }

    @Test
    void anIdInFullIsMeantItselfAlthoughAnotherBeginsWithIt() {
        source.then(Jobs.snapshot(JobState.DONE))
                .list(Jobs.in(JobState.DONE))
                .list(Jobs.named(Jobs.ID + "0", "k", FakeTime.START));

        assertThat(finder.byPrefix(Jobs.ID).id()).isEqualTo(Jobs.ID);
    }
}
