package io.pairbatch.chaos.provider;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// Reads a request's body in the caller's thread: the JDK's publishers deliver on request. A body with another length
/// than its publisher announced breaks the connection, as in the JDK's client.
final class Intake implements Flow.Subscriber<ByteBuffer> {

    private final long most;
    private byte[] bytes;
    private int length;
    private boolean complete;
    private @Nullable Throwable trouble;
    private Flow.@Nullable Subscription subscription;

    private Intake(long most, int expected) {
        this.most = most;
        this.bytes = new byte[expected];
    }

    /// The whole body.
    static byte[] whole(HttpRequest request) throws IOException {
        HttpRequest.BodyPublisher publisher = request.bodyPublisher().orElse(null);
        if (publisher == null || publisher.contentLength() == 0) {
            return new byte[0];
        }
        long told = publisher.contentLength();
        Intake intake = new Intake(Long.MAX_VALUE, (int) Math.max(1024, told));
        intake.take(publisher);
        if (!intake.complete) {
            throw new IllegalStateException("a body that is published by another thread");
        }
        if (told >= 0 && told != intake.length) {
            throw new IOException(
                    told < intake.length
                            ? "Too many bytes in request body. Expected: " + told + ", got: " + intake.length
                            : "Too few bytes returned by the publisher (" + intake.length + "/" + told + ")");
        }
        return intake.bytes.length == intake.length ? intake.bytes : Arrays.copyOf(intake.bytes, intake.length);
    }

    /// What arrives until about half of it is there.
    static byte[] half(HttpRequest request) throws IOException {
        HttpRequest.BodyPublisher publisher = request.bodyPublisher().orElse(null);
        long told = publisher == null ? 0 : publisher.contentLength();
        if (publisher == null || told <= 0) {
            return new byte[0];
        }
        Intake intake = new Intake(told / 2, 1024);
        intake.take(publisher);
        return Arrays.copyOf(intake.bytes, (int) Math.min(intake.length, told / 2));
    }

    private void take(HttpRequest.BodyPublisher publisher) throws IOException {
        publisher.subscribe(this);
        switch (trouble) {
            case null -> {}
            case Error killed -> throw killed;
            default -> throw new IOException(trouble.getMessage(), trouble);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(most == Long.MAX_VALUE ? Long.MAX_VALUE : 1);
    }

    @Override
    public void onNext(ByteBuffer item) {
        int more = item.remaining();
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
        item.get(bytes, length, more);
        length += more;
        if (most == Long.MAX_VALUE || subscription == null) {
            return;
        }
        if (length >= most) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onError(Throwable thrown) {
        trouble = thrown;
    }

    @Override
    public void onComplete() {
        complete = true;
    }
}
