package io.pairbatch.chaos.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.provider.Fault.Broken;
import io.pairbatch.chaos.provider.Fault.Progress;
import io.pairbatch.chaos.provider.Fault.Refuse;
import io.pairbatch.provider.BatchProvider.Removal;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Gemini as its client sees it.
class GeminiJobTest {

    private final Rig rig = new Rig(Backend.GEMINI).course(EveryProviderTest.QUICK);

    private long uploads() {
        return rig.provider.journal().seen().stream()
                .filter(seen -> seen.call().operation() == Operation.UPLOAD)
                .count();
    }

    @Test
    void aFileOfSeveralChunksIsUploadedDespiteABreakInTheMiddleOfOne() throws Exception {
        byte[] lines = Json.utf8(Json.text(rig.lines(1, 1)).repeat(1).replace("ein", "ein".repeat(3_500_000)));
        rig.fault(Operation.UPLOAD, Fault.NONE, new Broken(Progress.HALF_SENT, false));
        String file = rig.upload(lines);
        assertThat(rig.create(file, lines, "t")).isInstanceOf(CreateOutcome.Created.class);
        assertThat(rig.provider.batches().iterator().next().items().getFirst().prompt())
                .hasSizeGreaterThan(10_500_000);
        // The start, the broken chunk, the query, the rest of the first chunk's range, the remaining chunks.
        assertThat(uploads()).isEqualTo(5);
    }

    @Test
    void anUploadThatTheProviderLosesIsStartedAgain() throws Exception {
        rig.fault(Operation.UPLOAD, Fault.NONE, new Refuse(Trouble.NOT_FOUND));
        byte[] lines = rig.lines(1, 2);
        assertThat(rig.create(rig.upload(lines), lines, "t")).isInstanceOf(CreateOutcome.Created.class);
        assertThat(uploads()).isEqualTo(4);
    }

    @Test
    void theResponsesFileCannotBeDeletedAndOutlivesItsBatch() throws Exception {
        BatchStatus status = rig.ended(rig.batch(2));
        assertThat(rig.client.deleteFile(Objects.requireNonNull(status.outputFileId())))
                .isEqualTo(Removal.NOT_POSSIBLE);
        assertThat(rig.client.deleteBatch(status.id())).isEqualTo(Removal.DONE);
        assertThat(rig.answers(status)).hasSize(2);
        rig.clock.sleep(Duration.ofDays(43));
        assertThatThrownBy(() -> rig.answers(status)).isInstanceOf(RefusedException.class);
    }

    @Test
    void aFileIsGoneAfterTwoDays() throws Exception {
        byte[] lines = rig.lines(1, 2);
        String file = rig.upload(lines);
        rig.clock.sleep(Duration.ofDays(2));
        assertThat(rig.create(file, lines, "t")).isInstanceOf(CreateOutcome.Refused.class);
    }

    @Test
    void aQueueThatIsFullAfterTheCreateHasNoRoom() throws Exception {
        rig.course(EveryProviderTest.QUICK.failing("token_limit_exceeded", ""));
        assertThat(rig.ended(rig.batch(2)).state()).isEqualTo(BatchState.NO_ROOM);
    }

    @Test
    void aDeletedBatchStops() throws Exception {
        String id = rig.batch(10);
        rig.clock.sleep(Duration.ofSeconds(100));
        assertThat(rig.client.deleteBatch(id)).isEqualTo(Removal.DONE);
        rig.clock.sleep(Duration.ofHours(1));
        assertThat(rig.provider.bills()).hasSizeBetween(3, 6);
    }
}
