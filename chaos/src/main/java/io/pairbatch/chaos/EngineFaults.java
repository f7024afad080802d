package io.pairbatch.chaos;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Faults between Step Functions and Lambda.
final class EngineFaults implements Executions.Faults {

    private static final List<String> ERRORS = List.of(
            "Lambda.ServiceException",
            "Lambda.AWSLambdaException",
            "Lambda.SdkClientException",
            "Lambda.TooManyRequestsException",
            "Lambda.ClientExecutionTimeoutException",
            "Lambda.Unknown");

    private final Scenario scenario;
    private final RandomGenerator random;
    private final Timeline timeline;

    EngineFaults(Scenario scenario, RandomGenerator random, Timeline timeline) {
        this.scenario = scenario;
        this.random = random;
        this.timeline = timeline;
    }

    @Override
    public @Nullable Refusal next(Functions.Name function) {
        if (!timeline.now().isBefore(scenario.healsAt())
                || random.nextDouble() >= scenario.weather().engine()) {
            return null;
        }
        String error = ERRORS.get(random.nextInt(ERRORS.size()));
        return new Refusal(error, !error.equals("Lambda.TooManyRequestsException") && random.nextBoolean());
    }
}
