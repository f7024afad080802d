package io.pairbatch.infra;

import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.CfnParameter;
import software.amazon.awscdk.CliCredentialsStackSynthesizer;
import software.amazon.awscdk.DefaultStackSynthesizer;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Tags;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PermissionsBoundary;
import software.constructs.Construct;

/// Everything Pairbatch deploys. The outputs are what the command line needs to find its way.
final class PairbatchStack extends Stack {
    PairbatchStack(Construct scope, Settings settings) {
        super(scope, settings.stackName(), properties(settings));

        var baseUrl = CfnParameter.Builder.create(this, "OpenAiBaseUrl")
                .type("String")
                .description("Base URL of the OpenAI API, or of a service that is compatible with it")
                .defaultValue(settings.openAiBaseUrl())
                .allowedPattern("https?://\\S+")
                .build();

        var storage = new Storage(this, settings);
        var registry = new Registry(this, settings);
        var functions = new Functions(this, settings, storage, registry, baseUrl.getValueAsString());
        var workflow = new Workflow(this, settings, functions);
        new Trigger(this, storage.bucket(), workflow.stateMachine());

        output(
                "BucketName",
                "Drop jobs under inbox/, find results under jobs/",
                storage.bucket().getBucketName());
        output("TableName", "Registry of jobs and segments", registry.table().getTableName());
        output("StateMachineArn", "The workflow", workflow.stateMachine().getStateMachineArn());
        output("OpenAiSecretArn", "Put {\"api_key\": \"…\"} here", storage.openAiKeyArn());

        settings.tags().forEach(Tags.of(this)::add);
        if (settings.permissionsBoundary() != null) {
            PermissionsBoundary.of(this)
                    .apply(ManagedPolicy.fromManagedPolicyArn(this, "Boundary", settings.permissionsBoundary()));
        }
    }

    private static StackProps properties(Settings settings) {
        // The emulator refuses the bootstrap's publishing role where it enforces policies; it needs no roles to
        // publish.
        var synthesizer = settings.embedded()
                ? CliCredentialsStackSynthesizer.Builder.create().build()
                : DefaultStackSynthesizer.Builder.create().build();
        return StackProps.builder()
                .stackName(settings.stackName())
                .description("Pairbatch: judges tables of text pairs with LLM batch APIs")
                .analyticsReporting(false)
                .synthesizer(synthesizer)
                .build();
    }

    private void output(String name, String description, String value) {
        CfnOutput.Builder.create(this, name)
                .description(description)
                .value(value)
                .build();
    }
}
