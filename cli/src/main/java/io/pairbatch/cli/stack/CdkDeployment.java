package io.pairbatch.cli.stack;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.stack.StackOptions.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Deploys a cloud assembly to the emulator with the CDK's own command line.
final class CdkDeployment {

    /// Where the CDK's default qualifier publishes assets; a stack of `CliCredentialsStackSynthesizer` needs nothing
    /// else of a bootstrapped account.
    private static final String ASSET_BUCKET = "cdk-hnb659fds-assets-000000000000-" + Environments.REGION;

    private final Project project;
    private final Tools tools;
    private final Path folder;

    CdkDeployment(Project project, Tools tools, Path folder) {
        this.project = project;
        this.tools = tools;
        this.folder = folder;
    }

    static void createAssetBucket(URI endpoint) {
        try (S3Client s3 = EmulatorClients.s3(endpoint)) {
            s3.createBucket(request -> request.bucket(ASSET_BUCKET));
        } catch (BucketAlreadyOwnedByYouException e) {
            // It is from an earlier start whose state was kept.
            return;
        }
    }

    /// Deploys and returns when the stack is complete; requests go only to the emulator.
    Deployment deploy(
            Children children, Path assembly, URI endpoint, StackOptions options, Map<Backend, Service> services) {
        Path log = folder.resolve("logs/deploy.log");
        Path outputs = folder.resolve("outputs.json");
        children.run("cdk deploy", command(assembly, outputs, options, services), environment(endpoint), folder, log);
        return deployment(endpoint, outputs, options, services);
    }

    private List<String> command(Path assembly, Path outputs, StackOptions options, Map<Backend, Service> services) {
        List<String> command = new ArrayList<>(
                List.of(Programs.node().path().toString(), tools.cdk().toString(), "deploy"));
        command.addAll(List.of("--app", assembly.toString()));
        command.addAll(List.of("--method", "direct", "--require-approval", "never", "--progress", "events"));
        command.addAll(List.of("--no-notices", "--no-version-reporting", "--ci", "--no-color"));
        command.addAll(List.of("--outputs-file", outputs.toString()));
        command.addAll(StackParameters.arguments(parameters(options, services)));
        return command;
    }

    private static Map<String, String> parameters(StackOptions options, Map<Backend, Service> services) {
        Map<String, String> values = new TreeMap<>();
        values.put(Backend.COPIED.serviceParameter(), options.service());
        values.put("CaCertificates", options.caCertificates());
        StackParameters.putDeployedAt(values, Instant.now());
        for (Backend backend : Backend.values()) {
            Service service = services.get(backend);
            values.put(backend.baseUrlParameter(), service == null ? backend.url() : service.baseUrl());
        }
        return values;
    }

    Map<String, String> environment(URI endpoint) {
        Map<String, String> values = Environments.aws(endpoint);
        values.put("CDK_DISABLE_VERSION_CHECK", "1");
        values.put("CDK_DISABLE_CLI_TELEMETRY", "true");
        // Caches and settings of its own, apart from the user's deployments.
        values.put("CDK_HOME", project.state().resolve("cdk").toString());
        values.put("HOME", project.state().resolve("cdk").toString());
        return values;
    }

    private static Deployment deployment(
            URI endpoint, Path outputs, StackOptions options, Map<Backend, Service> services) {
        try {
            Map<String, Map<String, String>> stacks =
                    JsonMapper.shared().readValue(Files.readString(outputs), new TypeReference<>() {});
            Map<String, String> values = stacks.values().iterator().next();
            return new Deployment(
                    endpoint,
                    Environments.REGION,
                    output(values, "BucketName"),
                    output(values, "TableName"),
                    output(values, "StateMachineArn"),
                    output(values, "DeleterFunctionName"),
                    Deployment.secretArns(values),
                    ProviderAddresses.of(options, services, values.getOrDefault("JobDefaults", "{}")));
        } catch (IOException e) {
            throw new UncheckedIOException("the deployment's outputs cannot be read", e);
        }
    }

    private static String output(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new CliException(
                    ExitStatus.INTERNAL, "The stack has no output " + name + ".", "Deploy the stack of this version.");
        }
        return value;
    }
}
