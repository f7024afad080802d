package io.pairbatch.cli.stack;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.stack.StackOptions.Service;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.json.JsonMapper;

/// The stack as it is made for AWS, deployed to a LocalStack by the commands that deploy it to an account, with the
/// simulator in place of the providers.
///
/// @param emulator where LocalStack answers
/// @param simulator where the providers' APIs begin
/// @param folder holds the logs, the simulator's journal and LocalStack's files
public record AwsTemplate(URI emulator, URI simulator, Deployment deployment, Path folder, AutoCloseable guard) {

    /// Starts what is needed and deploys.
    ///
    /// @param options those of a stack with a simulator
    public static AwsTemplate deploy(Project project, StackOptions options) {
        EmbeddedStack.sweep(project);
        RunningProcess self = RunningProcess.of("owner", ProcessHandle.current());
        Path folder = project.temporaryStacks().resolve(self.pid() + "-" + Long.toHexString(System.nanoTime()));
        StackGuard guard = new StackGuard(project, folder, self, text -> {});
        return guard.during(() -> deploy(project, options, folder, guard));
    }

    private static AwsTemplate deploy(Project project, StackOptions options, Path folder, StackGuard guard)
            throws Exception {
        Children children = guard.children();
        StackOptions.Simulated simulated = (StackOptions.Simulated) options.provider();
        CdkDeployment cdk = new CdkDeployment(project, guard.tools(), folder);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Path> assembly = executor.submit(() -> synthesise(project, options, folder, children));
            Future<Simulator> started =
                    executor.submit(() -> Simulator.start(children, project, folder, options.service(), simulated));
            Future<URI> endpoint = executor.submit(() -> {
                URI emulator = new LocalStack(project).start(children, folder);
                guard.tools().installCdk(children, text -> {});
                bootstrap(children, guard.tools(), cdk.environment(emulator), folder);
                return emulator;
            });
            Simulator simulator = started.get();
            Map<Backend, Service> services =
                    Simulator.services(simulator.baseUrl(), simulator.key(), options.service());
            Deployment deployment = cdk.deploy(children, assembly.get(), endpoint.get(), options, services);
            services.forEach((backend, service) ->
                    EmulatorClients.putKey(endpoint.resultNow(), deployment.secretArn(backend), service.apiKey()));
            guard.complete(simulator.baseUrl(), null, options.waitScale(), deployment);
            return new AwsTemplate(endpoint.get(), simulator.baseUrl(), deployment, folder, guard);
        } catch (Exception e) {
            children.close();
            throw e;
        }
    }

    /// Prepares the account, once, for the stacks that are made for it.
    private static void bootstrap(Children children, Tools tools, Map<String, String> environment, Path folder) {
        List<String> command = List.of(
                Programs.node().path().toString(),
                tools.cdk().toString(),
                "bootstrap",
                "aws://000000000000/" + Environments.REGION,
                "--no-notices",
                "--ci",
                "--no-color");
        children.run("cdk bootstrap", command, environment, folder, folder.resolve("logs/bootstrap.log"));
    }

    private static Path synthesise(Project project, StackOptions options, Path folder, Children children) {
        Map<String, String> context = new TreeMap<>(new AwsOptions().context(project));
        context.putAll(options.context());
        context.put("listsTrusted", "true");
        context.put("simulated", "true");
        context.put("leaseMarginSeconds", Integer.toString(options.leaseMarginSeconds()));
        context.put("absenceGapSeconds", Integer.toString(options.absenceGapSeconds()));
        context.put("splitterTimeoutSeconds", Integer.toString(options.splitterTimeoutSeconds()));
        Path assembly = Folders.create(folder.resolve("assembly"));
        new Synthesis(project, text -> {})
                .synthesise(
                        children,
                        JsonMapper.shared().writeValueAsString(context),
                        assembly,
                        folder.resolve("logs/synth.log"));
        return assembly;
    }

    /// Ends LocalStack, its functions and the simulator.
    public void close() {
        try {
            guard.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
