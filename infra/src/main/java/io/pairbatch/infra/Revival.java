package io.pairbatch.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.lambda.IFunction;
import software.amazon.awscdk.services.stepfunctions.IStateMachine;
import software.constructs.Construct;

/// Calls the reviver when an execution has died, and every hour in case an event was lost.
final class Revival extends Construct {

    Revival(Construct scope, IFunction reviver, IStateMachine stateMachine) {
        super(scope, "Revival");
        Rule.Builder.create(this, "ExecutionDied")
                .description("An execution of Pairbatch's workflow has failed, timed out or was aborted")
                .eventPattern(EventPattern.builder()
                        .source(List.of("aws.states"))
                        .detailType(List.of("Step Functions Execution Status Change"))
                        .detail(Map.of(
                                "stateMachineArn", List.of(stateMachine.getStateMachineArn()),
                                "status", List.of("FAILED", "TIMED_OUT", "ABORTED")))
                        .build())
                .targets(List.of(new LambdaFunction(reviver)))
                .build();
        Rule.Builder.create(this, "EveryHour")
                .description("Looks for Pairbatch jobs that no execution works on")
                .schedule(Schedule.rate(Duration.hours(1)))
                .targets(List.of(new LambdaFunction(reviver)))
                .build();
    }
}
