package io.pairbatch.cli.stack;

import io.pairbatch.cli.fault.CliException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Command line options of a deployment to AWS.
public final class AwsOptions {

    @Option(names = "--stage", paramLabel = "S", description = "Suffix of the stack's name: Pairbatch-S.")
    private @Nullable String stage;

    @Option(
            names = {"-c", "--context"},
            paramLabel = "NAME=VALUE",
            description = "A setting of the deployment (docs/OPERATIONS.md lists them). Can be given several times.")
    private Map<String, String> context = new TreeMap<>();

    /// The CDK context of the app.
    Map<String, String> context(Project project) {
        Map<String, String> values = new TreeMap<>();
        values.put("target", "aws");
        values.put("functionsZip", project.functionsZip().toString());
        values.put("stateMachineFile", project.stateMachine().toString());
        values.putAll(context);
        if (stage != null) {
            if (stage.equals(context.getOrDefault("stage", stage))) {
                values.put("stage", stage);
            } else {
                throw CliException.usage("--stage and -c stage= differ.", "Give one of them.");
            }
        }
        return values;
    }

    /// Whether the deployment names a bucket or a table that an earlier stack has left.
    boolean adopts() {
        return context.containsKey("bucketName") || context.containsKey("tableName");
    }

    /// The name of the stack that is deployed.
    public String stackName() {
        String suffix = stage == null ? context.get("stage") : stage;
        return suffix == null ? "Pairbatch" : "Pairbatch-" + suffix;
    }
}
