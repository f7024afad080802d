package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.registry.JobState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossesTest {

    @ParameterizedTest
    @CsvSource({
        "190, 0, DONE",
        // The demo's.
        "188, 2, DONE",
        "98, 2, DONE",
        "97, 3, LOSSES",
        "9799999, 200001, LOSSES",
        "9800000, 200000, DONE",
        "24, 1, LOSSES",
        "0, 1, NOTHING_JUDGED",
        "0, 0, NOTHING_JUDGED"
    })
    void moreThanTwoPercentAreTooMany(long judged, long lost, Losses.Verdict verdict) {
        assertThat(new LossCounter().losses(judged, lost).verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        // A fifth is not more than a fifth.
        "3, 15, false",
        "3, 14, true",
        "4, 19, true",
        // Too few to tell.
        "1, 1, false",
        "1, 2, false",
        "2, 3, false",
        // No ranking has it any more.
        "2, 2, true",
        "3, 3, true"
    })
    void aTextIsHitByThreeLossesAndMoreThanAFifthOrByTheLossOfAll(long lost, long comparisons, boolean hit) {
        assertThat(new Losses.Text("a", lost, comparisons).isHit()).isEqualTo(hit);
    }

    @Test
    void oneTextThatIsHitIsEnough() {
        Losses.Text text = new Losses.Text("a", 3, 10);

        assertThat(new Losses(997, 3, 0, List.of(), 0, List.of(), List.of(text), 1, 0, FailedPairs.NONE).verdict())
                .isEqualTo(Losses.Verdict.LOSSES);
        assertThat(new Losses(997, 3, 0, List.of(), 0, List.of(), List.of(text), 0, 0, FailedPairs.NONE).verdict())
                .isEqualTo(Losses.Verdict.DONE);
    }

    @Test
    void aJobThatIsDoneSaysSoInTheWordsThatItDeserves() {
        Job done = Jobs.in(JobState.DONE);

        assertThat(Jobs.judged(done, 188, 2).words()).isEqualTo("done");
        assertThat(Jobs.judged(done, 186, 4).words()).isEqualTo("done with losses");
        assertThat(Jobs.judged(done, 0, 190).words()).isEqualTo("ended: nothing judged");
        assertThat(Jobs.judged(Jobs.in(JobState.RUNNING), 0, 4).words()).isEqualTo("running");
        assertThat(Jobs.cancelled(Jobs.judged(done, 186, 4)).words()).isEqualTo("done with losses, cancelled");
        assertThat(Jobs.cancelled(Jobs.in(JobState.RUNNING)).words()).isEqualTo("running, cancelled");
    }
}
