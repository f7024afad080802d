package io.pairbatch.infra;

import io.pairbatch.backend.Backend;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.AssetCode;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/// The functions: one package, and for each function a role that allows only what its step does.
final class Functions extends Construct {

    /// A step of the workflow, or a function that is called from elsewhere. Memory in MB; at 1,769 MB a function has
    /// one full CPU.
    enum Step {
        SPLITTER("splitter", "SplitterHandler", 1769, 600),
        POLLER("poller", "PollerHandler", 512, 300),
        COLLECTOR("collector", "CollectorHandler", 1769, 900),
        MERGER("merger", "MergerHandler", 512, 900),
        FAILURE_RECORDER("failure-recorder", "FailureRecorderHandler", 512, 60),
        REVIVER("reviver", "ReviverHandler", 512, 300),
        DELETER("deleter", "DeleterHandler", 512, 120),
        /// API Gateway ends a call after 30 s.
        API("api", "ApiHandler", 512, 29);

        /// The steps of the state machine; the others are called from elsewhere.
        static final List<Step> OF_THE_WORKFLOW = List.of(SPLITTER, POLLER, COLLECTOR, MERGER, FAILURE_RECORDER);

        private final String id;
        private final String handler;
        private final int memory;
        private final int seconds;

        Step(String id, String handler, int memory, int seconds) {
            this.id = id;
            this.handler = handler;
            this.memory = memory;
            this.seconds = seconds;
        }
    }

    /// The package's bootstrap sets the same limit where there is no managed runtime.
    private static final String JAVA_OPTIONS = "-Xmx256m -XX:+UseSerialGC";

    private static final List<String> READ_TABLE = List.of("dynamodb:GetItem", "dynamodb:Query");
    private static final List<String> WRITE_TABLE =
            List.of("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem");
    private static final List<String> READ_OBJECTS = List.of("s3:GetObject", "s3:GetObjectVersion");
    private static final List<String> WRITE_OBJECTS = List.of("s3:PutObject", "s3:AbortMultipartUpload");

    private final Settings settings;
    private final Storage storage;
    private final Registry registry;
    private final Map<String, String> environment;
    private final String deployedAt;
    private final Map<Step, Function> functions = new EnumMap<>(Step.class);

    Functions(
            Construct scope,
            Settings settings,
            Storage storage,
            Registry registry,
            @Nullable String service,
            Map<Backend, String> baseUrls,
            String caCertificates,
            String deployedAt) {
        super(scope, "Functions");
        this.deployedAt = deployedAt;
        this.settings = settings;
        this.storage = storage;
        this.registry = registry;
        this.environment = environment(service, baseUrls, caCertificates);
        AssetCode code = Code.fromAsset(settings.functionsZip().toString());
        for (Step step : Step.values()) {
            functions.put(step, function(step, code));
        }
    }

    Function get(Step step) {
        return Objects.requireNonNull(functions.get(step));
    }

    private Map<String, String> environment(
            @Nullable String service, Map<Backend, String> baseUrls, String caCertificates) {
        Map<String, String> values = new HashMap<>(Map.of(
                "PAIRBATCH_BUCKET",
                storage.bucket().getBucketName(),
                "PAIRBATCH_TABLE",
                registry.table().getTableName(),
                "PAIRBATCH_STATE_MACHINE",
                stateMachine(),
                "PAIRBATCH_LEASE_MARGIN_SECONDS",
                Integer.toString(settings.leaseMarginSeconds()),
                "PAIRBATCH_ABSENCE_GAP_SECONDS",
                Integer.toString(settings.absenceGapSeconds()),
                "PAIRBATCH_LISTS_TRUSTED",
                settings.listsTrusted(),
                "PAIRBATCH_CA_CERTIFICATES",
                caCertificates,
                "PAIRBATCH_DEFAULTS",
                settings.defaults(),
                "PAIRBATCH_PREFLIGHT",
                settings.preflight()));
        values.put("PAIRBATCH_REVIVER", name(Step.REVIVER));
        values.put("PAIRBATCH_SIMULATED", settings.simulated());
        values.put("PAIRBATCH_LATE_WRITE_SECONDS", Integer.toString(settings.lateWriteSeconds()));
        values.put("PAIRBATCH_DENIED_SECONDS", Integer.toString(settings.deniedSeconds()));
        values.put("PAIRBATCH_INCOMPLETE_SECONDS", Integer.toString(settings.incompleteSeconds()));
        if (service != null) {
            values.put(Backend.COPIED.setting("SERVICE"), service);
        }
        if (settings.leavesOut()) {
            values.put("PAIRBATCH_PROVIDERS", Backend.codes(settings.providers()));
        }
        for (Backend provider : settings.providers()) {
            values.put(provider.setting("SECRET"), storage.keyArn(provider));
            values.put(provider.setting("BASE_URL"), Objects.requireNonNull(baseUrls.get(provider)));
        }
        if (settings.java() != null) {
            values.put("PAIRBATCH_JAVA", settings.java());
        } else {
            values.put("JAVA_TOOL_OPTIONS", JAVA_OPTIONS);
        }
        return values;
    }

    /// The managed runtime compiles with C1 only, unless the variable says otherwise
    /// (https://docs.aws.amazon.com/lambda/latest/dg/java-customization.html). What runs for minutes pays for the
    /// better compiler many times over.
    private Map<String, String> environment(Step step) {
        Map<String, String> values = new HashMap<>(environment);
        if (step == Step.REVIVER) {
            values.put("PAIRBATCH_DEPLOYED_AT", deployedAt);
        }
        if (settings.embedded() || (step != Step.SPLITTER && step != Step.COLLECTOR)) {
            return values;
        }
        values.put("JAVA_TOOL_OPTIONS", JAVA_OPTIONS + " -XX:+TieredCompilation -XX:TieredStopAtLevel=4");
        return values;
    }

    private Function function(Step step, Code code) {
        String name = name(step);
        LogGroup logs = LogGroup.Builder.create(this, step.id + "-logs")
                .logGroupName("/aws/lambda/" + name)
                .retention(RetentionDays.ONE_MONTH)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        Function.Builder builder = Function.Builder.create(this, step.id)
                .functionName(name)
                .runtime(settings.embedded() ? Runtime.PROVIDED_AL2023 : Runtime.JAVA_25)
                .architecture(Architecture.ARM_64)
                .handler("io.pairbatch.lambda." + step.handler)
                .code(code)
                .memorySize(step.memory)
                .timeout(Duration.seconds(step == Step.SPLITTER ? settings.splitterTimeoutSeconds() : step.seconds))
                .environment(environment(step))
                .logGroup(logs)
                .role(role(step, logs));
        // Answers, and the samples of a design.
        if (step == Step.COLLECTOR || step == Step.SPLITTER) {
            builder.ephemeralStorageSize(Size.gibibytes(4));
        }
        return builder.build();
    }

    private Role role(Step step, LogGroup logs) {
        Role role = Role.Builder.create(this, step.id + "-role")
                .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
                .build();
        allow(role, List.of("logs:CreateLogStream", "logs:PutLogEvents"), List.of(logs.getLogGroupArn()));
        allow(role, READ_TABLE, registry.arns());
        if (step != Step.API) {
            allow(role, WRITE_TABLE, List.of(registry.table().getTableArn()));
        }
        // Without this permission, S3 answers 403 instead of 404 for an object that does not exist.
        allow(role, List.of("s3:ListBucket"), List.of(storage.bucket().getBucketArn()));
        switch (step) {
            case SPLITTER -> {
                allowObjects(role, READ_OBJECTS, "inbox/*", "jobs/*", "library/*", "claims/*");
                allowObjects(role, WRITE_OBJECTS, "jobs/*", "claims/*");
                // A policy that came too late is taken back, and a job that was cancelled goes on.
                allowObjects(role, List.of("s3:DeleteObject"), "jobs/*/policy.json", "jobs/*/registry/cancelled.json");
                // The record that a folder waits for its other files is deleted when its job is claimed.
                allow(
                        role,
                        List.of("dynamodb:DeleteItem"),
                        List.of(registry.table().getTableArn()));
                allowKeys(role);
                allowDescribing(role);
            }
            case POLLER, COLLECTOR -> {
                allowObjects(role, READ_OBJECTS, "jobs/*");
                allowObjects(role, WRITE_OBJECTS, "jobs/*");
                if (step == Step.COLLECTOR) {
                    // What was fetched once more lies there until it has taken the other one's place.
                    allowErasing(role, "jobs/*/again/*");
                }
                allowKeys(role);
            }
            case MERGER -> {
                // The table, whose SHA-256 is in summary.json.
                allowObjects(role, READ_OBJECTS, "inbox/*", "jobs/*");
                allowObjects(role, WRITE_OBJECTS, "jobs/*");
                // keep_jsonl: false.
                allowErasing(role, "jobs/*");
                // provider_retention: delete_after_collect.
                allowKeys(role);
            }
            case REVIVER -> {
                allowObjects(
                        role,
                        READ_OBJECTS,
                        "jobs/*/job.json",
                        "jobs/*/policy.json",
                        "jobs/*/registry/limits.json",
                        "jobs/*/registry/segment_*_again.json",
                        // What was dropped and whose event was lost; until when that was looked for.
                        "inbox/*",
                        "rounds/inbox.json");
                // What a person decides is recorded beside the job.
                allowObjects(
                        role,
                        WRITE_OBJECTS,
                        "jobs/*/policy.json",
                        "jobs/*/registry/segment_*",
                        "jobs/*/registry/cancelled.json",
                        "rounds/inbox.json");
                allowDescribing(role);
                allow(role, List.of("states:StartExecution"), List.of(stateMachine()));
            }
            case FAILURE_RECORDER -> allowObjects(role, WRITE_OBJECTS, "jobs/*");
            case API -> {
                // Links that it signs have its permissions.
                allowObjects(role, READ_OBJECTS, "inbox/*", "tables/*", "library/*", "requests/*", "jobs/*");
                allowObjects(role, List.of("s3:PutObject"), "inbox/*", "requests/*");
                // What is to be done about a job is done by the reviver, as for the command line.
                allow(role, List.of("lambda:InvokeFunction"), List.of(reviver()));
            }
            case DELETER -> {
                allowObjects(role, READ_OBJECTS, "jobs/*", "claims/*");
                // An adopted batch is recorded beside the job before it is cancelled.
                allowObjects(role, WRITE_OBJECTS, "jobs/*");
                allow(
                        role,
                        List.of("s3:ListBucketMultipartUploads"),
                        List.of(storage.bucket().getBucketArn()));
                allowErasing(role, "inbox/*", "jobs/*", "claims/*");
                allow(
                        role,
                        List.of("dynamodb:DeleteItem", "dynamodb:BatchWriteItem"),
                        List.of(registry.table().getTableArn()));
                allowKeys(role);
                allowDescribing(role);
            }
        }
        return role;
    }

    /// With all versions. Deleting one needs both
    /// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html).
    private void allowErasing(Role role, String... patterns) {
        allowObjects(role, List.of("s3:DeleteObject", "s3:DeleteObjectVersion"), patterns);
        allow(role, List.of("s3:ListBucketVersions"), List.of(storage.bucket().getBucketArn()));
    }

    private void allowKeys(Role role) {
        allow(
                role,
                List.of("secretsmanager:GetSecretValue"),
                settings.providers().stream().map(storage::keyArn).toList());
    }

    private static void allow(Role role, List<String> actions, List<String> resources) {
        role.addToPolicy(PolicyStatement.Builder.create()
                .effect(Effect.ALLOW)
                .actions(actions)
                .resources(resources)
                .build());
    }

    private void allowObjects(Role role, List<String> actions, String... patterns) {
        allow(
                role,
                actions,
                Stream.of(patterns).map(storage.bucket()::arnForObjects).toList());
        for (String pattern : patterns) {
            if (pattern.contains("*")) {
                Accepted.wildcard(role, "Resource::<" + storage.bucketId() + ".Arn>/" + pattern, reasonFor(pattern));
            }
        }
    }

    /// Why a policy names these objects by a wildcard: the deployment cannot know their names.
    private static String reasonFor(String pattern) {
        return switch (pattern.substring(0, pattern.indexOf('/'))) {
            case "inbox" -> "Users name the folders and tables that they drop; only this prefix of this bucket.";
            case "jobs" ->
                "A job gets its ID when it is claimed, long after the deployment, and its files lie under it; only the"
                        + " part of this prefix that the step needs.";
            case "library" -> "Users name the templates and traits that they share; only read.";
            case "claims" -> "The name of a claim is the digest of a table and of how it is judged.";
            case "requests" -> "The name of a remembered request is the digest of its Idempotency-Key.";
            case "tables" -> "Users name the tables that their requests refer to; only read.";
            default -> throw new IllegalArgumentException(pattern + " has no reason");
        };
    }

    private void allowDescribing(Role role) {
        allow(role, List.of("states:DescribeExecution"), List.of(states("execution", executions())));
        Accepted.wildcard(
                role,
                "Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:" + executions(),
                "An execution is named when it starts; only those of this stack's workflow, and only described: whoever"
                        + " takes over a job must know whether its owner still runs.");
    }

    private String reviver() {
        return Stack.of(this)
                .formatArn(ArnComponents.builder()
                        .service("lambda")
                        .resource("function")
                        .resourceName(name(Step.REVIVER))
                        .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                        .build());
    }

    private String name(Step step) {
        return settings.stackName() + "-" + step.id;
    }

    private String executions() {
        return settings.stateMachineName() + ":*";
    }

    /// By name: the state machine itself depends on the functions.
    private String stateMachine() {
        return states("stateMachine", settings.stateMachineName());
    }

    private String states(String resource, String name) {
        return Stack.of(this)
                .formatArn(ArnComponents.builder()
                        .service("states")
                        .resource(resource)
                        .resourceName(name)
                        .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                        .build());
    }
}
