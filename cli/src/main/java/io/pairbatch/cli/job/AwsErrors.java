package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.OutageException;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// Turns the SDK's exceptions into one sentence and a remedy.
public final class AwsErrors {

    private AwsErrors() {}

    /// Runs `call` and explains what it throws.
    ///
    /// @param action what is being done, as it follows "while": `reading the registry`
    public static <T> T explaining(String action, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw explain(action, e);
        }
    }

    /// The exception to throw instead of `e`.
    public static CliException explain(String action, SdkException e) {
        return e instanceof AwsServiceException service ? ofService(action, service) : ofClient(action, e);
    }

    private static CliException ofService(String action, AwsServiceException e) {
        String code = e.awsErrorDetails() == null
                ? Integer.toString(e.statusCode())
                : e.awsErrorDetails().errorCode();
        String lower = code.toLowerCase(Locale.ROOT);
        if (e.isThrottlingException() || e.statusCode() >= 500) {
            return new OutageException(
                    "AWS answered " + code + " while " + action + ".", "Wait a little and try again.", e);
        }
        if (lower.contains("expired")) {
            return unreachable(
                    "The AWS credentials have expired.", "Sign in again, for example with `aws sso login`.", e);
        }
        if (lower.contains("accessdenied") || e.statusCode() == 403 || e.statusCode() == 401) {
            return unreachable(
                    "AWS refused access while " + action + " (" + code + ").",
                    "Use credentials of the stack's account that may read its bucket and table.",
                    e);
        }
        if (lower.contains("resourcenotfound") || lower.contains("nosuchbucket")) {
            return unreachable(
                    "The stack's bucket or table does not exist (" + code + ").",
                    "Check the stack's name and the region, or start the embedded stack with ./pairbatch up.",
                    e);
        }
        return unreachable(
                "AWS answered " + code + " while " + action + ": " + detail(e),
                "Run the command again with --debug for the whole error.",
                e);
    }

    private static CliException ofClient(String action, SdkException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("Unable to load credentials")) {
            return unreachable(
                    "No AWS credentials were found.",
                    "Sign in with `aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
                    e);
        }
        if (message.contains("Unable to load region")) {
            return unreachable("No AWS region is set.", "Set AWS_REGION to the region of the stack.", e);
        }
        return new OutageException(
                "No answer while " + action + " (" + rootCause(e) + ").",
                "Check the network; for the embedded stack, ./pairbatch up starts it.",
                e);
    }

    private static String detail(AwsServiceException e) {
        @Nullable
        String message =
                e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
        return message == null || message.isBlank() ? "no further message." : message.strip();
    }

    private static String rootCause(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        @Nullable String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }

    private static CliException unreachable(String message, String remedy, Throwable cause) {
        return new CliException(ExitStatus.UNREACHABLE, message, remedy, cause);
    }
}
