package io.pairbatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.RetryableException;
import io.pairbatch.testing.JobFixture;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// A transaction that was not made for another reason than its conditions says nothing about them.
class TransactionConflictTest {

    private final JobFixture fixture = new JobFixture();
    private @Nullable List<CancellationReason> reasons;
    private final DynamoDbClient table = (DynamoDbClient) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("transactWriteItems") && reasons != null) {
                    throw TransactionCanceledException.builder()
                            .statusCode(400)
                            .cancellationReasons(reasons)
                            .build();
                }
                try {
                    return method.invoke(fixture.table, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
    private final SegmentRegistry segments =
            new SegmentRegistry(table, "t", new JobRegistry(table, "t", fixture.clock), fixture.clock);

    @BeforeEach
    void aJob() throws Exception {
        fixture.split(1);
    }

    private Intent intend() {
        Submission submission = new Submission(
                1, 1, "token", "file", "openai#x", fixture.clock.instant(), null, null, Reservation.NONE);
        return segments.creations()
                .intend(
                        fixture.fence(),
                        fixture.segment(1),
                        submission,
                        fixture.clock.instant().plus(Duration.ofMinutes(2)),
                        fixture.clock.instant().plus(Duration.ofMinutes(1)),
                        null,
                        null);
    }

    private void cancelled(String... codes) {
        reasons = List.of(codes).stream()
                .map(code -> CancellationReason.builder().code(code).build())
                .toList();
    }

    @Test
    void anIntentThatMetSomethingElseIsTriedAgainAndNotGivenUp() {
        for (String code : List.of("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded")) {
            cancelled("None", code, "None");
            assertThatThrownBy(this::intend).as(code).isInstanceOf(RetryableException.class);
        }
        reasons = null;
        assertThat(intend()).isEqualTo(Intent.MINE);
    }

    @Test
    void aConditionThatFailedBesideAConflictProvesNothingEither() {
        cancelled("ConditionalCheckFailed", "TransactionConflict", "None");
        assertThatThrownBy(this::intend).isInstanceOf(RetryableException.class);
        cancelled("None", "ConditionalCheckFailed", "None");
        assertThat(intend()).isEqualTo(Intent.LOST);
    }

    @Test
    void aReasonThatIsNotKnownIsToldAsItIs() {
        cancelled("None", "ItemCollectionSizeLimitExceeded", "None");
        assertThatThrownBy(this::intend).isInstanceOf(TransactionCanceledException.class);
        cancelled();
        assertThatThrownBy(this::intend).isInstanceOf(TransactionCanceledException.class);
    }

    @Test
    void anOutcomeThatMetSomethingElseIsWrittenByTheNextCall() {
        assertThat(intend()).isEqualTo(Intent.MINE);
        Submission submission = segments.submissions(JobFixture.JOB, 1).getLast();
        cancelled("None", "TransactionConflict", "None");
        assertThatThrownBy(() -> segments.creations()
                        .recordCreated(JobFixture.JOB, submission, "batch", SubmissionOutcome.CREATED))
                .isInstanceOf(RetryableException.class);
    }
}
