package io.pairbatch.cli.smoke;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.AwsErrors;
import io.pairbatch.cli.job.Pause;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SubmissionOutcome;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;

/// The inside of a stack on AWS, or on an emulator.
///
/// @param pause between two looks at a function that is being changed
public record AwsWorkings(
        Deployment deployment,
        LambdaClient lambda,
        SfnClient workflows,
        DynamoDbClient dynamo,
        S3Client s3,
        Pause pause)
        implements Workings {

    private static final Pattern PARTS = Pattern.compile("-(\\d+)\"?$");
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /// A change of a function's settings takes seconds.
    private static final int LOOKS = 90;

    private static final String DEPLOYERS =
            "Run this case as somebody who has the right: whoever deploys the stack, or an administrator.";

    /// Nothing is sent yet.
    public static AwsWorkings of(Deployment deployment, Pause pause) {
        return new AwsWorkings(
                deployment,
                Sessions.configured(LambdaClient.builder(), deployment)
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build(),
                Sessions.configured(SfnClient.builder(), deployment)
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build(),
                Sessions.dynamo(deployment),
                Sessions.s3(deployment),
                pause);
    }

    @Override
    public int timeout(String step) {
        String function = deployment.functionName(step);
        return asDeployer(
                "lambda:GetFunctionConfiguration on " + function,
                () -> lambda.getFunctionConfiguration(r -> r.functionName(function))
                        .timeout());
    }

    @Override
    public void timeout(String step, int seconds) {
        String function = deployment.functionName(step);
        asDeployer("lambda:UpdateFunctionConfiguration on " + function, () -> update(function, seconds));
        for (int look = 0; isBeingUpdated(function); look++) {
            if (look == LOOKS) {
                throw new CliException(
                        ExitStatus.UNREACHABLE,
                        "The change of " + function + " has not taken effect.",
                        "Look at the function in the console.");
            }
            waitABit();
        }
    }

    /// Lambda refuses a change while another one is under way.
    private boolean update(String function, int seconds) {
        for (int attempt = 0; true; attempt++) {
            try {
                lambda.updateFunctionConfiguration(r -> r.functionName(function).timeout(seconds));
                return true;
            } catch (ResourceConflictException e) {
                if (attempt == LOOKS) {
                    throw e;
                }
                waitABit();
            }
        }
    }

    private boolean isBeingUpdated(String function) {
        return asDeployer(
                "lambda:GetFunctionConfiguration on " + function,
                () -> lambda.getFunctionConfiguration(r -> r.functionName(function))
                                .lastUpdateStatus()
                        == LastUpdateStatus.IN_PROGRESS);
    }

    private void waitABit() {
        try {
            pause.of(BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<Batch> batches(String jobId) {
        JobRegistry jobs = registry();
        return AwsErrors.explaining(
                "reading the registry",
                () -> new SegmentRegistry(dynamo, deployment.table(), jobs, Clock.systemUTC())
                        .submissions(jobId).stream()
                                .filter(s -> s.outcome() != SubmissionOutcome.REFUSED
                                        && s.outcome() != SubmissionOutcome.ABSENT)
                                .map(s -> new Batch(s.segment(), Objects.requireNonNullElse(s.batchId(), "unknown")))
                                .toList());
    }

    @Override
    public int strays(String jobId) {
        return item(jobId).strays().count();
    }

    @Override
    public String execution(String jobId) {
        return item(jobId).owner();
    }

    private JobItem item(String jobId) {
        return AwsErrors.explaining("reading the registry", () -> registry().find(jobId))
                .orElseThrow(() -> Bench.failed(
                        "Job " + jobId + " is not in the registry any more.", "Look at who has deleted it."));
    }

    private JobRegistry registry() {
        return new JobRegistry(dynamo, deployment.table(), Clock.systemUTC());
    }

    @Override
    public long entered(String execution, String state) {
        return count(
                execution,
                event -> event.stateEnteredEventDetails() != null
                        && event.stateEnteredEventDetails().name().equals(state));
    }

    @Override
    public long ended(String execution) {
        return count(execution, AwsWorkings::isTimeout);
    }

    private static boolean isTimeout(HistoryEvent event) {
        String error = event.taskFailedEventDetails() == null
                ? ""
                : event.taskFailedEventDetails().error() + " "
                        + event.taskFailedEventDetails().cause();
        return error.contains("Timedout") || error.contains("timed out");
    }

    private long count(String execution, Predicate<HistoryEvent> wanted) {
        return asDeployer(
                "states:GetExecutionHistory",
                () -> workflows.getExecutionHistoryPaginator(r -> r.executionArn(execution)).events().stream()
                        .filter(wanted)
                        .count());
    }

    @Override
    public Stored stored(String key) {
        HeadObjectResponse head = AwsErrors.explaining(
                "looking at s3://" + deployment.bucket() + "/" + key,
                () -> s3.headObject(r -> r.bucket(deployment.bucket()).key(key).checksumMode(ChecksumMode.ENABLED)));
        Matcher parts = PARTS.matcher(String.valueOf(head.eTag()));
        return new Stored(
                parts.find() ? Integer.parseInt(parts.group(1)) : 1, Optional.ofNullable(head.checksumCRC32()));
    }

    private static <T> T asDeployer(String right, Supplier<T> call) {
        try {
            return call.get();
        } catch (AwsServiceException e) {
            if (isRefusal(e)) {
                throw new SkippedException("AWS refused " + right + ".", DEPLOYERS);
            }
            throw AwsErrors.explain("asking for " + right, e);
        } catch (SdkException e) {
            throw AwsErrors.explain("asking for " + right, e);
        }
    }

    /// Whether a right is missing.
    static boolean isRefusal(AwsServiceException e) {
        String code = e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
        boolean expired = code.toLowerCase(Locale.ROOT).contains("expired");
        return !expired && (code.contains("AccessDenied") || e.statusCode() == 403);
    }

    @Override
    public void close() {
        lambda.close();
        workflows.close();
        dynamo.close();
        s3.close();
    }
}
