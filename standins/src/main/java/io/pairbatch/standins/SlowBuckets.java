package io.pairbatch.standins;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/// S3 in memory as it is far away: each call takes a while, any number of them are under way at a time, and all are
/// counted. One after the other reaches the buckets. Bytes cost no time.
public final class SlowBuckets {

    private final MemoryBuckets buckets;
    private final Duration latency;
    private final SortedMap<String, Long> calls = new TreeMap<>();

    /// @param latency of each call, from its beginning to its answer
    public SlowBuckets(MemoryBuckets buckets, Duration latency) {
        this.buckets = buckets;
        this.latency = latency;
    }

    /// A client that several threads can use.
    public S3Client client() {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (isOperation(method)) {
                return call(method, arguments);
            }
            return method.isDefault()
                    ? InvocationHandler.invokeDefault(proxy, method, arguments)
                    : invoke(method, arguments);
        };
        return (S3Client)
                Proxy.newProxyInstance(S3Client.class.getClassLoader(), new Class<?>[] {S3Client.class}, handler);
    }

    /// How often each operation was called.
    public Map<String, Long> calls() {
        synchronized (buckets) {
            return new TreeMap<>(calls);
        }
    }

    /// How many calls there were.
    public long count() {
        return calls().values().stream().mapToLong(Long::longValue).sum();
    }

    /// What another method of the interface turns into another call counts as that call.
    private static boolean isOperation(Method method) {
        if (method.getName().equals("close") || method.getName().equals("serviceName")) {
            return false;
        }
        try {
            return !MemoryBuckets.class
                    .getMethod(method.getName(), method.getParameterTypes())
                    .getDeclaringClass()
                    .isInterface();
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    private @Nullable Object call(Method method, Object[] arguments) throws Throwable {
        Thread.sleep(latency);
        synchronized (buckets) {
            calls.merge(method.getName(), 1L, Long::sum);
            return invoke(method, arguments);
        }
    }

    private @Nullable Object invoke(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(buckets, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
