package io.pairbatch.cli.stack;

import java.io.PrintWriter;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Parameter;

/// The parameters that a stack was deployed with.
final class DeployedParameters {

    private DeployedParameters() {}

    /// By name; empty if there is no such stack, or it cannot be looked at, which is told.
    static Map<String, String> of(String stack, PrintWriter console) {
        try (CloudFormationClient client = CloudFormationClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            return client.describeStacks(r -> r.stackName(stack)).stacks().stream()
                    .flatMap(s -> s.parameters().stream())
                    .collect(Collectors.toMap(Parameter::parameterKey, Parameter::parameterValue));
        } catch (CloudFormationException e) {
            if (e.statusCode() == 400 && String.valueOf(e.getMessage()).contains("does not exist")) {
                return Map.of();
            }
            return unknown(console, e);
        } catch (SdkException e) {
            return unknown(console, e);
        }
    }

    private static Map<String, String> unknown(PrintWriter console, SdkException e) {
        console.println("Where a deployed stack calls its providers could not be looked at ("
                + e.getClass().getSimpleName()
                + "; it needs cloudformation:DescribeStacks). Compare the addresses below yourself. The secret of a provider that is left out is"
                + " deleted, with the key in it, if the stack had one.");
        return Map.of();
    }
}
