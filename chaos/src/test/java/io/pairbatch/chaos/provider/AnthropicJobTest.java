package io.pairbatch.chaos.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.provider.Course.End;
import io.pairbatch.provider.BatchProvider.Removal;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Anthropic as its client sees it.
class AnthropicJobTest {

    private final Rig rig = new Rig(Backend.ANTHROPIC).course(EveryProviderTest.QUICK);

    @Test
    void resultsExistWhenTheWholeBatchHasEnded() throws Exception {
        String id = rig.batch(3);
        rig.clock.sleep(Duration.ofMinutes(3));
        BatchStatus running = rig.client.retrieve(id);
        assertThat(running.total()).isEqualTo(3);
        assertThat(running.completed()).isZero();
        assertThatThrownBy(() -> rig.client.download(id)).isInstanceOf(RefusedException.class);
        assertThat(rig.client.deleteBatch(id)).isEqualTo(Removal.NOT_POSSIBLE);
        assertThat(rig.answers(rig.ended(id))).hasSize(3);
    }

    @Test
    void resultsAreKeptFor29DaysFromTheCreate() throws Exception {
        String id = rig.batch(3);
        rig.clock.sleep(Duration.ofDays(28));
        assertThat(rig.answers(rig.client.retrieve(id))).hasSize(3);
        rig.clock.sleep(Duration.ofDays(1));
        assertThat(rig.client.retrieve(id).state()).isEqualTo(BatchState.FAILED);
        assertThatThrownBy(() -> rig.client.download(id)).isInstanceOf(RefusedException.class);
    }

    @Test
    void requestsThatWereNotProcessedAreReportedAsSuch() throws Exception {
        rig.course(EveryProviderTest.QUICK.ending(End.EXPIRED, 0.25));
        BatchStatus status = rig.ended(rig.batch(8));
        assertThat(status.failed()).isEqualTo(6);
        assertThat(rig.answers(status).values().stream().filter(answer -> "expired".equals(answer.resultType())))
                .hasSize(6);
    }
}
