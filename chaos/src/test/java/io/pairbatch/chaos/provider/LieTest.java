package io.pairbatch.chaos.provider;

import static io.pairbatch.chaos.provider.EveryProviderTest.QUICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each lie once, as the client handles it.
class LieTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private static Rig rig(Backend backend) {
        return new Rig(backend, new Judge(7), Limits.USUAL.paged(2), 2).course(QUICK);
    }

    private static void tell(Rig rig, Lie lie) {
        Instant now = rig.clock.now();
        rig.provider.lies().tell(lie, now, now.plus(HOUR));
    }

    private static void wait(Rig rig) {
        rig.clock.sleep(HOUR);
    }

    @ParameterizedTest
    @EnumSource
    void aKnownBatchMayBeUnknownForAWhile(Backend backend) throws Exception {
        Rig rig = rig(backend);
        String id = rig.batch(2);
        tell(rig, Lie.UNKNOWN);
        assertThat(rig.client.retrieve(id).state()).isEqualTo(BatchState.GONE);
        wait(rig);
        assertThat(rig.client.retrieve(id).state()).isEqualTo(BatchState.COMPLETED);
        tell(rig, Lie.UNKNOWN_TO_GATEWAY);
        assertThatThrownBy(() -> rig.client.retrieve(id)).isInstanceOf(RetryableException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aBatchMayBeUnknownOnlyAtItsCreation(Backend backend) throws Exception {
        Rig rig = rig(backend).course(QUICK.lying(Lie.UNKNOWN, Duration.ZERO, Duration.ofMinutes(2)));
        String id = rig.batch(2);
        assertThat(rig.client.retrieve(id).state()).isEqualTo(BatchState.GONE);
        rig.clock.sleep(Duration.ofMinutes(2));
        assertThat(rig.client.retrieve(id).state()).isEqualTo(BatchState.RUNNING);
    }

    @ParameterizedTest
    @EnumSource
    void resultsMayBeLateInSeveralWays(Backend backend) throws Exception {
        for (Lie lie : new Lie[] {Lie.RESULTS_UNKNOWN, Lie.RESULTS_UNKNOWN_TO_GATEWAY, Lie.OUTPUT_SHORT}) {
            Rig rig = rig(backend).course(QUICK.lying(lie, Duration.ZERO, HOUR));
            BatchStatus status = rig.ended(rig.batch(4));
            assertThat(status.completed()).isEqualTo(4);
            switch (lie) {
                case RESULTS_UNKNOWN ->
                    assertThatThrownBy(() -> rig.answers(status))
                            .isInstanceOfSatisfying(
                                    RefusedException.class,
                                    e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
                case OUTPUT_SHORT -> assertThat(rig.answers(status)).hasSize(2);
                default -> assertThatThrownBy(() -> rig.answers(status)).isInstanceOf(RetryableException.class);
            }
            wait(rig);
            assertThat(rig.answers(status)).hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBatchMayNameNoResultsForAWhile(Backend backend) throws Exception {
        Rig rig = rig(backend).course(QUICK.lying(Lie.NO_OUTPUT, Duration.ZERO, HOUR));
        BatchStatus status = rig.ended(rig.batch(4));
        assertThat(status.state()).isEqualTo(BatchState.COMPLETED);
        assertThat(status.completed()).isEqualTo(4);
        // Anthropic's client asks by the batch's id.
        assertThat(status.outputFileId() == null).isEqualTo(backend != Backend.ANTHROPIC);
        wait(rig);
        assertThat(rig.client.retrieve(status.id()).outputFileId()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void aListMayBeEmptyShortOrOutOfOrder(Backend backend) throws Exception {
        Rig rig = rig(backend);
        for (int i = 0; i < 6; i++) {
            rig.batch(1);
            rig.clock.sleep(Duration.ofMinutes(5));
        }
        List<String> truth = rig.listed().stream().map(BatchStatus::id).toList();
        Instant now = rig.clock.now();
        rig.provider.lies().lag(Duration.ofMinutes(12), now, now.plus(HOUR));
        assertThat(rig.listed()).hasSize(4);
        wait(rig);
        tell(rig, Lie.LIST_DISORDER);
        assertThat(rig.listed().stream().map(BatchStatus::id).toList())
                .isNotEqualTo(truth)
                .containsExactlyInAnyOrderElementsOf(truth);
        tell(rig, Lie.LIST_EMPTY);
        assertThat(rig.listed()).isEmpty();
        wait(rig);
        tell(rig, Lie.LIST_LOOP);
        assertThatThrownBy(rig::listed).isInstanceOf(RetryableException.class);
        tell(rig, Lie.NO_LIST);
        assertThatThrownBy(rig::listed)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.KEY));
    }

    @ParameterizedTest
    @EnumSource
    void aBatchMayBeVisibleOnlyToItsOwnKey(Backend backend) throws Exception {
        Rig rig = rig(backend);
        String id = rig.batch(2);
        rig.provider.keys().allow("sk-second", "project");
        tell(rig, Lie.ONLY_OWN_KEY);
        assertThat(rig.client("sk-second", 2).retrieve(id).state()).isEqualTo(BatchState.GONE);
        assertThat(rig.client.retrieve(id).state()).isEqualTo(BatchState.RUNNING);
    }

    @ParameterizedTest
    @EnumSource
    void aStatusMayBeAnEarlierOne(Backend backend) throws Exception {
        Rig rig = rig(backend).course(QUICK.lying(Lie.EARLIER, HOUR, HOUR));
        String id = rig.batch(2);
        assertThat(rig.ended(id).state()).isEqualTo(BatchState.COMPLETED);
        wait(rig);
        assertThat(rig.client.retrieve(id).state()).isEqualTo(BatchState.RUNNING);
        wait(rig);
        assertThat(rig.client.retrieve(id).state()).isEqualTo(BatchState.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource
    void countsMayAllBeZero(Backend backend) throws Exception {
        Rig rig = rig(backend);
        String id = rig.batch(2);
        tell(rig, Lie.NO_COUNTS);
        assertThat(rig.client.retrieve(id).total()).isZero();
        wait(rig);
        assertThat(rig.client.retrieve(id).total()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aBatchMayBeStuckUntilTheProviderIsHealed(Backend backend) throws Exception {
        Rig rig = rig(backend).course(QUICK.lying(Lie.STUCK, Duration.ZERO, HOUR.multipliedBy(10)));
        String id = rig.batch(2);
        wait(rig);
        assertThat(rig.client.retrieve(id).state()).isEqualTo(BatchState.RUNNING);
        rig.provider.heal();
        BatchStatus status = rig.client.retrieve(id);
        assertThat(status.state()).isEqualTo(BatchState.COMPLETED);
        assertThat(Objects.requireNonNull(status.outputFileId())).isNotEmpty();
        assertThat(rig.answers(status)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void aForgottenBatchIsPaidAndNeverSeenAgain(Backend backend) throws Exception {
        Rig rig = rig(backend).course(QUICK.forgetting(HOUR));
        BatchStatus status = rig.ended(rig.batch(2));
        assertThat(rig.answers(status)).hasSize(2);
        wait(rig);
        rig.provider.heal();
        assertThat(rig.client.retrieve(status.id()).state()).isEqualTo(BatchState.GONE);
        assertThat(rig.listed()).isEmpty();
        assertThatThrownBy(() -> rig.answers(status))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
        assertThat(rig.provider.bills()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void aHealedProviderTellsNoLies(Backend backend) throws Exception {
        Rig rig = rig(backend).course(QUICK.lying(Lie.UNLISTED, Duration.ZERO, HOUR));
        rig.batch(2);
        tell(rig, Lie.UNKNOWN);
        assertThat(rig.listed()).isEmpty();
        rig.provider.heal();
        assertThat(rig.listed()).hasSize(1);
    }
}
