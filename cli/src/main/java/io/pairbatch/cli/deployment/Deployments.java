package io.pairbatch.cli.deployment;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.AwsErrors;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Stack;

/// Finds the stack that a command is for.
@FunctionalInterface
public interface Deployments {

    /// The deployed stack with this name; null means the embedded stack that is running.
    Deployment find(@Nullable String stack);

    /// Asks `embedded` for the embedded stack and CloudFormation for any other.
    static Deployments of(Supplier<Optional<Deployment>> embedded) {
        return stack -> stack == null ? embedded.get().orElseThrow(Deployments::noneRunning) : deployed(stack);
    }

    private static CliException noneRunning() {
        return new CliException(
                ExitStatus.UNREACHABLE,
                "No embedded stack is running.",
                "Start one with ./pairbatch up, or name a deployed stack with --stack NAME.");
    }

    private static Deployment deployed(String stack) {
        return AwsErrors.explaining("looking for the stack " + stack, () -> {
            Region region = new DefaultAwsRegionProviderChain().getRegion();
            try (CloudFormationClient client = CloudFormationClient.builder()
                    .region(region)
                    .httpClientBuilder(UrlConnectionHttpClient.builder())
                    .build()) {
                List<Stack> stacks =
                        client.describeStacks(r -> r.stackName(stack)).stacks();
                return of(
                        stack,
                        region.id(),
                        stacks.stream()
                                .flatMap(s -> s.outputs().stream())
                                .collect(Collectors.toMap(Output::outputKey, Output::outputValue)),
                        stacks.stream()
                                .flatMap(s -> s.parameters().stream())
                                .collect(Collectors.toMap(Parameter::parameterKey, Parameter::parameterValue)));
            } catch (CloudFormationException e) {
                if (e.statusCode() == 400 && String.valueOf(e.getMessage()).contains("does not exist")) {
                    throw noStack(stack, region.id());
                }
                throw e;
            }
        });
    }

    private static CliException noStack(String stack, String region) {
        return new CliException(
                ExitStatus.UNREACHABLE,
                "There is no stack " + stack + " in " + region + ".",
                "Check the name, AWS_REGION and AWS_PROFILE.");
    }

    private static Deployment of(
            String stack, String region, Map<String, String> outputs, Map<String, String> parameters) {
        @Nullable String endpoint = System.getenv("AWS_ENDPOINT_URL");
        return new Deployment(
                endpoint == null || endpoint.isBlank() ? null : URI.create(endpoint),
                region,
                output(stack, outputs, "BucketName"),
                output(stack, outputs, "TableName"),
                output(stack, outputs, "StateMachineArn"),
                outputs.get("DeleterFunctionName"),
                Deployment.secretArns(outputs),
                new Deployment.Providers(
                        false,
                        parameters.getOrDefault(Backend.COPIED.serviceParameter(), Backend.COPIED_CODE),
                        Deployment.each(backend -> parameters.getOrDefault(backend.baseUrlParameter(), "")),
                        outputs.getOrDefault("JobDefaults", "{}")));
    }

    private static String output(String stack, Map<String, String> outputs, String name) {
        @Nullable String value = outputs.get(name);
        if (value == null) {
            throw new CliException(
                    ExitStatus.UNREACHABLE,
                    "The stack " + stack + " has no output " + name + ", so it is not a Pairbatch stack.",
                    "Name the stack that `cdk deploy` reported.");
        }
        return value;
    }
}
