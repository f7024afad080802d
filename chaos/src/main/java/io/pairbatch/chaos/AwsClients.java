package io.pairbatch.chaos;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/// Wraps AWS clients so that each of their calls is an effect. A call that the SDK turns into another call (a
/// paginator's page, a builder's request) counts as that call.
final class AwsClients {

    private final Effects effects;
    private final Supplier<String> actor;
    private final Supplier<String> tokens;
    private final Runnable after;

    /// @param actor names the current actor
    /// @param tokens draws the SDK's idempotency tokens
    /// @param after called after each call
    AwsClients(Effects effects, Supplier<String> actor, Supplier<String> tokens, Runnable after) {
        this.effects = effects;
        this.actor = actor;
        this.tokens = tokens;
        this.after = after;
    }

    /// The client with its effects.
    ///
    /// @param real whose own methods are the operations; methods inherited from the interface are not effects
    /// themselves
    <C> C wrap(Class<C> type, C real) {
        Map<Method, Boolean> operations = new HashMap<>();
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (operations.computeIfAbsent(method, m -> isOperation(real, m))) {
                return call(type, real, method, arguments);
            }
            return method.isDefault() && method.getDeclaringClass().isInterface()
                    ? InvocationHandler.invokeDefault(proxy, method, arguments)
                    : invoke(real, method, arguments);
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static boolean isOperation(Object real, Method method) {
        if (method.getName().equals("close") || method.getName().equals("serviceName")) {
            return false;
        }
        try {
            return !real.getClass()
                    .getMethod(method.getName(), method.getParameterTypes())
                    .getDeclaringClass()
                    .isInterface();
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /// Some operations return nothing.
    @SuppressWarnings("NullAway")
    private <C> @Nullable Object call(Class<C> type, C real, Method method, Object[] arguments) throws Throwable {
        String service = type.getSimpleName().replace("Client", "").toLowerCase(Locale.ROOT);
        Effect effect = new Effect(service, method.getName(), actor.get());
        Object[] sent = arguments.clone();
        for (int i = 0; i < sent.length; i++) {
            // As the SDK does: a repeated transaction keeps its token.
            if (sent[i] instanceof TransactWriteItemsRequest t && t.clientRequestToken() == null) {
                sent[i] = t.toBuilder().clientRequestToken(tokens.get()).build();
            }
        }
        return effects.act(effect, WORDS, () -> {
            Object answer = invoke(real, method, sent);
            after.run();
            return answer;
        });
    }

    private static @Nullable Object invoke(Object real, Method method, Object[] arguments) {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            switch (e.getTargetException()) {
                case RuntimeException thrown -> throw thrown;
                case Error thrown -> throw thrown;
                default -> throw new IllegalStateException(e);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final Effects.Words<RuntimeException> WORDS = new Effects.Words<>() {
        @Override
        public RuntimeException lost() {
            return SdkClientException.create("Unable to execute HTTP request: Read timed out");
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T cut(T answer, boolean silently) {
            return answer instanceof ResponseInputStream<?> whole ? (T) BrokenBody.of(whole, silently) : answer;
        }

        @Override
        public RuntimeException outage() {
            return AwsServiceException.builder()
                    .message("Please reduce your request rate.")
                    .statusCode(503)
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("SlowDown")
                            .errorMessage("Please reduce your request rate.")
                            .sdkHttpResponse(
                                    SdkHttpResponse.builder().statusCode(503).build())
                            .build())
                    .build();
        }
    };
}
