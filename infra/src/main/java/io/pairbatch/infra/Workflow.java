package io.pairbatch.infra;

import io.pairbatch.infra.Functions.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.stepfunctions.DefinitionBody;
import software.amazon.awscdk.services.stepfunctions.LogLevel;
import software.amazon.awscdk.services.stepfunctions.LogOptions;
import software.amazon.awscdk.services.stepfunctions.StateMachine;
import software.constructs.Construct;

/// The state machine, deployed from its file unchanged.
final class Workflow extends Construct {

    private final StateMachine stateMachine;

    Workflow(Construct scope, Settings settings, Functions functions, Topic alerts) {
        super(scope, "Workflow");
        LogGroup logs = LogGroup.Builder.create(this, "logs")
                // The prefix keeps the account's log resource policy from growing with every state machine.
                // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
                .logGroupName("/aws/vendedlogs/states/" + settings.stateMachineName())
                .retention(RetentionDays.ONE_MONTH)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        stateMachine = StateMachine.Builder.create(this, "StateMachine")
                .stateMachineName(settings.stateMachineName())
                .definitionBody(DefinitionBody.fromString(definition(settings)))
                .definitionSubstitutions(substitutions(settings, functions, alerts))
                .logs(LogOptions.builder()
                        .destination(logs)
                        .level(LogLevel.ERROR)
                        .includeExecutionData(false)
                        .build())
                .tracingEnabled(false)
                .build();
        Accepted.finding(
                stateMachine,
                "AwsSolutions-SF1",
                "Step Functions itself keeps every event of a standard execution for 90 days after its end, and the"
                        + " registry keeps what was done; the log holds the errors. No level would hold the data of"
                        + " executions.");
        Accepted.finding(
                stateMachine,
                "AwsSolutions-SF2",
                "An execution lasts as long as a batch, up to days, and mostly waits; a trace of that says nothing that"
                        + " the registry and the history do not, and its rights are on all resources.");
        Accepted.wildcard(
                stateMachine.getRole(),
                "Resource::*",
                "CloudWatch's actions for log delivery, which let the workflow write its log, cannot be limited to a"
                        + " resource; AWS documents this policy.");
        List<String> arns = Step.OF_THE_WORKFLOW.stream()
                .map(step -> functions.get(step).getFunctionArn())
                .toList();
        allow("lambda:InvokeFunction", arns);
        allow("sns:Publish", List.of(alerts.getTopicArn()));
        // A long job continues as a new execution before the history limit.
        allow("states:StartExecution", List.of(ownArn(settings)));
    }

    private static String definition(Settings settings) {
        try {
            return Files.readString(settings.stateMachineFile());
        } catch (IOException e) {
            throw new UncheckedIOException("the state machine's definition cannot be read", e);
        }
    }

    private static Map<String, String> substitutions(Settings settings, Functions functions, Topic alerts) {
        return Map.of(
                "Partition", Aws.PARTITION,
                "SplitterArn", functions.get(Step.SPLITTER).getFunctionArn(),
                "PollerArn", functions.get(Step.POLLER).getFunctionArn(),
                "CollectorArn", functions.get(Step.COLLECTOR).getFunctionArn(),
                "MergerArn", functions.get(Step.MERGER).getFunctionArn(),
                "FailureRecorderArn", functions.get(Step.FAILURE_RECORDER).getFunctionArn(),
                "AlertTopicArn", alerts.getTopicArn(),
                "StateMachineName", settings.stateMachineName());
    }

    private String ownArn(Settings settings) {
        return Stack.of(this)
                .formatArn(ArnComponents.builder()
                        .service("states")
                        .resource("stateMachine")
                        .resourceName(settings.stateMachineName())
                        .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                        .build());
    }

    private void allow(String action, List<String> resources) {
        stateMachine.addToRolePolicy(PolicyStatement.Builder.create()
                .effect(Effect.ALLOW)
                .actions(List.of(action))
                .resources(resources)
                .build());
    }

    StateMachine stateMachine() {
        return stateMachine;
    }
}
