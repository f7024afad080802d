package io.pairbatch.chaos.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.provider.Course.End;
import io.pairbatch.provider.BatchProvider.Removal;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// OpenAI as its client sees it.
class OpenAiJobTest {

    private static final Course QUICK =
            Course.completing(Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofSeconds(10));

    private final Rig rig = new Rig(Backend.OPENAI).course(QUICK);

    @Test
    void anExpiredBatchHasWhatWasDoneByThen() throws Exception {
        rig.course(QUICK.ending(End.EXPIRED, 0.5));
        BatchStatus status = rig.ended(rig.batch(10));
        assertThat(status.state()).isEqualTo(BatchState.EXPIRED);
        assertThat(status.completed()).isEqualTo(5);
        assertThat(rig.answers(status).values().stream()
                        .filter(answer -> "batch_expired".equals(answer.providerError())))
                .hasSize(5);
        assertThat(rig.provider.bills()).hasSize(5);
    }

    @Test
    void aBatchWithoutRoomFailsAtValidation() throws Exception {
        rig.course(QUICK.failing("token_limit_exceeded", ""));
        BatchStatus status = rig.ended(rig.batch(2));
        assertThat(status.state()).isEqualTo(BatchState.NO_ROOM);
        assertThat(rig.provider.bills()).isEmpty();
    }

    @Test
    void deletedFilesAreGone() throws Exception {
        BatchStatus status = rig.ended(rig.batch(2));
        String output = Objects.requireNonNull(status.outputFileId());
        assertThat(rig.client.deleteFile(output)).isEqualTo(Removal.DONE);
        assertThat(rig.client.deleteFile(output)).isEqualTo(Removal.GONE);
        assertThatThrownBy(() -> rig.client.download(output))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void anInputFileThatIsDeletedBeforeItWasReadFailsTheBatch() throws Exception {
        byte[] lines = rig.lines(1, 2);
        String file = rig.upload(lines);
        CreateOutcome.Created created = (CreateOutcome.Created) rig.create(file, lines, "t");
        rig.client.deleteFile(file);
        assertThat(rig.ended(created.batchId()).errorCode()).isEqualTo("file_not_found");
    }

    @Test
    void aFileIsGoneAfterItsLifetime() throws Exception {
        byte[] lines = rig.lines(1, 2);
        String file = rig.upload(lines);
        rig.clock.sleep(Duration.ofDays(8));
        assertThat(rig.create(file, lines, "t")).isInstanceOf(CreateOutcome.Refused.class);
    }
}
