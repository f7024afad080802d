package io.pairbatch.infra;

import io.pairbatch.backend.Backend;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.CfnParameter;
import software.amazon.awscdk.CliCredentialsStackSynthesizer;
import software.amazon.awscdk.DefaultStackSynthesizer;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.StackSynthesizer;
import software.amazon.awscdk.Tags;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PermissionsBoundary;
import software.constructs.Construct;

/// Everything that Pairbatch deploys. The outputs are what the command line needs to find the resources.
final class PairbatchStack extends Stack {

    PairbatchStack(Construct scope, Settings settings) {
        super(scope, settings.stackName(), properties(settings));

        Map<Backend, String> baseUrls = new EnumMap<>(Backend.class);
        for (Backend provider : settings.providers()) {
            baseUrls.put(provider, baseUrl(settings, provider));
        }
        Storage storage = new Storage(this, settings);
        Registry registry = new Registry(this, settings);
        Functions functions = new Functions(
                this, settings, storage, registry, service(settings), baseUrls, caCertificates(settings), deployedAt());
        Alerts alerts = new Alerts(this, settings);
        Workflow workflow = new Workflow(this, settings, functions, alerts.topic());
        new Trigger(this, storage.bucket(), workflow.stateMachine());
        new Revival(this, functions.get(Functions.Step.REVIVER), workflow.stateMachine());
        HttpFrontDoor frontDoor = new HttpFrontDoor(this, settings, functions.get(Functions.Step.API));

        output(
                "BucketName",
                "Drop jobs under inbox/, find results under jobs/",
                storage.bucket().getBucketName());
        output("TableName", "Registry of jobs and segments", registry.table().getTableName());
        if (!settings.defaults().equals("{}")) {
            output("JobDefaults", "Default values for fields that a job does not set", settings.defaults());
        }
        output("StateMachineArn", "The workflow", workflow.stateMachine().getStateMachineArn());
        output("ApiUrl", "The HTTP API; docs/API.md", frontDoor.url());
        output(
                "AlertTopicArn",
                "Notifies about jobs that have ended",
                alerts.topic().getTopicArn());
        output(
                "DeleterFunctionName",
                "Deletes a job, called by `pairbatch delete`",
                functions.get(Functions.Step.DELETER).getFunctionName());
        for (Backend provider : settings.providers()) {
            output(provider.secretOutput(), "Put {\"api_key\": \"…\"} here", storage.keyArn(provider));
        }

        settings.tags().forEach(Tags.of(this)::add);
        if (settings.permissionsBoundary() != null) {
            PermissionsBoundary.of(this)
                    .apply(ManagedPolicy.fromManagedPolicyArn(this, "Boundary", settings.permissionsBoundary()));
        }
    }

    /// Null if the provider that others copy is left out.
    private @Nullable String service(Settings settings) {
        if (!settings.providers().contains(Backend.COPIED)) {
            return null;
        }
        return CfnParameter.Builder.create(this, Backend.COPIED.serviceParameter())
                .type("String")
                .description("Service to use for " + Backend.COPIED_NAME + "; " + Backend.SERVICES_WITHOUT_ADDRESS
                        + " need their address in " + Backend.COPIED.baseUrlParameter())
                .defaultValue(settings.service())
                .allowedValues(Backend.SERVICES)
                .build()
                .getValueAsString();
    }

    private String caCertificates(Settings settings) {
        return CfnParameter.Builder.create(this, "CaCertificates")
                .type("String")
                .description("PEM of certificate authorities to trust in addition to the public ones; empty for none")
                .defaultValue(settings.caCertificates())
                .maxLength(Settings.LONGEST_CERTIFICATES)
                .build()
                .getValueAsString();
    }

    private String deployedAt() {
        return CfnParameter.Builder.create(this, "DeployedAt")
                .type("String")
                .description(
                        "When this deployment begins, in UTC; files that were dropped before it are not started by it."
                                + " Empty: none are looked for")
                .defaultValue("")
                .allowedPattern("|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ")
                .build()
                .getValueAsString();
    }

    private String baseUrl(Settings settings, Backend provider) {
        return CfnParameter.Builder.create(this, provider.baseUrlParameter())
                .type("String")
                .description("Base URL of the " + provider.label() + " API, or of a service that is compatible with it")
                .defaultValue(Objects.requireNonNull(settings.baseUrls().get(provider)))
                .allowedPattern("https?://\\S+")
                .build()
                .getValueAsString();
    }

    private static StackProps properties(Settings settings) {
        // The emulator refuses the bootstrap's publishing role where it enforces policies; it needs no roles to
        // publish.
        StackSynthesizer synthesizer = settings.embedded()
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
