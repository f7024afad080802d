package io.pairbatch.standins;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Request;

/// Makes sure that nothing is ignored that could change a response.
final class Strict {

    private static final int MAX_KEY = 1024;

    /// How the service encrypts its data does not affect what is read.
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("ServerSideEncryption", "SSEKMSKeyId", "SSEKMSEncryptionContext", "BucketKeyEnabled");

    private Strict() {}

    /// Refuses a request with a field that is not supported.
    static void only(S3Request request, Set<String> understood) {
        for (SdkField<?> field : request.sdkFields()) {
            String name = field.memberName();
            if (!understood.contains(name)
                    && isSet(field.getValueOrDefault(request))
                    && !WITHOUT_EFFECT.contains(name)) {
                throw notUnderstood(request, "the field " + name);
            }
        }
    }

    private static boolean isSet(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Collection<?> many -> !many.isEmpty();
            case Map<?, ?> many -> !many.isEmpty();
            default -> true;
        };
    }

    static UnsupportedOperationException notUnderstood(S3Request request, String what) {
        String name = request.getClass().getSimpleName();
        String operation =
                Character.toLowerCase(name.charAt(0)) + name.substring(1, name.length() - "Request".length());
        return new UnsupportedOperationException(operation + " with " + what + " is not supported here");
    }

    /// What the client itself refuses to send, and what the service refuses as too long.
    static String key(@Nullable String key) {
        String named = named("Key", key);
        if (named.length() * 3 > MAX_KEY && named.getBytes(StandardCharsets.UTF_8).length > MAX_KEY) {
            throw Refusals.refusal(Refusals.BAD_REQUEST, "KeyTooLongError", "Your key is too long");
        }
        return named;
    }

    static String named(String member, @Nullable String value) {
        if (value == null) {
            throw SdkClientException.create("Parameter '" + member + "' must not be null");
        }
        if (value.isEmpty()) {
            throw SdkClientException.create(member + " cannot be empty.");
        }
        return value;
    }
}
