package io.pairbatch.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;

/// What is known of an execution lags behind.
class ExecutionsTest {

    private final Deque<String> answers = new ArrayDeque<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final Executions executions = new Executions(this::client, "", new Random(1), pauses::add);

    private SfnClient client() {
        return (SfnClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SfnClient.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    String status = answers.remove();
                    if (status.isEmpty()) {
                        throw ExecutionDoesNotExistException.builder().build();
                    }
                    return DescribeExecutionResponse.builder().status(status).build();
                });
    }

    @Test
    void oneThatIsNotKnownYetIsAskedForAgainBeforeItsJobIsTakenFromIt() {
        answers.addAll(List.of("", "", "RUNNING"));
        assertThat(executions.running("arn")).isTrue();
        assertThat(pauses).hasSize(2);
    }

    @Test
    void oneThatDoesNotAppearIsNotThere() {
        answers.addAll(List.of("", "", ""));
        assertThat(executions.running("arn")).isFalse();
        assertThat(answers).isEmpty();
    }

    @Test
    void oneThatHasEndedIsBelievedAtOnce() {
        answers.add("ABORTED");
        assertThat(executions.running("arn")).isFalse();
        assertThat(pauses).isEmpty();
    }
}
