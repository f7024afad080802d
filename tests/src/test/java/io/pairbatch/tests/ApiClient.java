package io.pairbatch.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The deployed HTTP API, called with SigV4 by the AWS SDK's own signer. The emulator recognises an API by the
/// request's `Host`, so requests go to its address with that name.
///
/// @param user null: the request is unsigned
record ApiClient(@Nullable AwsCredentialsIdentity user) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Set<String> NOT_SENT = Set.of("content-length");

    /// @param status HTTP status
    record Answer(int status, String type, Map<String, List<String>> headers, String body) {

        JsonNode json() {
            return JSON.readTree(body);
        }

        String text(String field) {
            return json().path(field).asString("");
        }
    }

    Answer get(String path) {
        return call("GET", path, Map.of(), "");
    }

    Answer post(String path, String body, String... headers) {
        Map<String, String> all = new java.util.TreeMap<>(Map.of("content-type", "application/json"));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return call("POST", path, all, body);
    }

    Answer call(String method, String path, Map<String, String> headers, String body) {
        SdkHttpFullRequest.Builder wanted = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.fromValue(method))
                .uri(URI.create(TestStack.shared().output("ApiUrl") + path));
        headers.forEach(wanted::putHeader);
        SdkHttpRequest signed = user == null
                ? wanted.putHeader("host", wanted.host() + ":" + wanted.port()).build()
                : signed(wanted.build(), body, user);
        URI address = Objects.requireNonNull(TestStack.shared().deployment().endpoint())
                .resolve(path);
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        signed.headers().forEach((name, values) -> {
            if (!NOT_SENT.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return send(request.build());
    }

    private static SdkHttpRequest signed(SdkHttpRequest request, String body, AwsCredentialsIdentity user) {
        return AwsV4HttpSigner.create()
                .sign(r -> r.identity(user)
                        .request(request)
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "execute-api")
                        .putProperty(
                                AwsV4HttpSigner.REGION_NAME,
                                TestStack.shared().deployment().region()))
                .request();
    }

    /// PUTs to a presigned URL.
    static Answer upload(String url, Map<String, String> headers, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).PUT(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return send(request.build());
    }

    /// GETs a presigned URL.
    static Answer download(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).build());
    }

    private static Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    response.headers().map(),
                    response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
