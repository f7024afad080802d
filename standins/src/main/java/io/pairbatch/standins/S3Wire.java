package io.pairbatch.standins;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// What the real client sends to S3: method, path, query, headers and body of each call, but for what is another one
/// each time or on each machine. An in-memory client sees none of it, and emulators take anything. Every call is
/// answered with 200.
public final class S3Wire implements SdkHttpClient {

    /// Differ from call to call, or say only which client this is.
    private static final Set<String> LEFT_OUT = Set.of(
            "authorization",
            "amz-sdk-invocation-id",
            "amz-sdk-request",
            "host",
            "user-agent",
            "x-amz-date",
            "x-amz-content-sha256",
            "expect");

    private static final Pattern SIGNATURE = Pattern.compile("chunk-signature=\\w+|x-amz-trailer-signature:\\w+\\r\\n");

    private final List<String> calls = new ArrayList<>();

    /// A client whose requests come here, over HTTPS as to AWS.
    public S3Client client() {
        return S3Client.builder()
                .region(Region.EU_WEST_1)
                .endpointOverride(URI.create("https://s3.invalid"))
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .httpClient(this)
                .build();
    }

    /// Begins a new paragraph of the text.
    ///
    /// @param what the calls that follow are for
    public void next(String what) {
        calls.add("=== " + what + "\n");
    }

    /// The calls so far, in lines.
    public String text() {
        return String.join("", calls);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                calls.add(told(request));
                return answer(request.httpRequest());
            }

            @Override
            public void abort() {
                // It is answered at once.
            }
        };
    }

    private static String told(HttpExecuteRequest request) throws IOException {
        SdkHttpRequest http = request.httpRequest();
        StringBuilder text = new StringBuilder(http.method() + " " + http.encodedPath());
        new TreeMap<>(http.rawQueryParameters())
                .forEach((name, values) -> values.forEach(value -> text.append(text.indexOf("?") < 0 ? '?' : '&')
                        .append(name)
                        .append(value == null || value.isEmpty() ? "" : '=' + value)));
        text.append('\n');
        TreeMap<String, String> headers = new TreeMap<>();
        http.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        headers.keySet().removeAll(LEFT_OUT);
        headers.forEach((name, value) ->
                text.append("  ").append(name).append(": ").append(value).append('\n'));
        if (request.contentStreamProvider().isPresent()) {
            try (InputStream in = request.contentStreamProvider().get().newStream()) {
                text.append(body(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            }
        }
        return text.toString();
    }

    /// Bodies are short in what is looked at here.
    private static String body(String body) {
        String shown = SIGNATURE.matcher(body).replaceAll("");
        StringBuilder lines = new StringBuilder();
        shown.lines().forEach(line -> lines.append("  | ").append(line).append('\n'));
        return lines.toString();
    }

    private static HttpExecuteResponse answer(SdkHttpRequest http) {
        byte[] body = body(http).getBytes(StandardCharsets.UTF_8);
        return HttpExecuteResponse.builder()
                .response(SdkHttpResponse.builder()
                        .statusCode(200)
                        .putHeader("ETag", "\"e\"")
                        .putHeader("Content-Length", String.valueOf(body.length))
                        .build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
                .build();
    }

    private static String body(SdkHttpRequest http) {
        Set<String> query = http.rawQueryParameters().keySet();
        return switch (http.method()) {
            case POST ->
                query.contains("uploads")
                        ? "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
                        : query.contains("delete") ? "<DeleteResult/>" : "<CompleteMultipartUploadResult/>";
            case PUT ->
                http.firstMatchingHeader("x-amz-copy-source").isEmpty()
                        ? ""
                        : query.contains("partNumber")
                                ? "<CopyPartResult><ETag>\"e\"</ETag></CopyPartResult>"
                                : "<CopyObjectResult><ETag>\"e\"</ETag></CopyObjectResult>";
            case GET ->
                query.contains("versions")
                        ? "<ListVersionsResult><Version><Key>jobs/job/f</Key><VersionId>v</VersionId></Version>"
                                + "</ListVersionsResult>"
                        : query.contains("uploads")
                                ? "<ListMultipartUploadsResult><Upload><Key>jobs/job/f</Key><UploadId>u</UploadId>"
                                        + "</Upload></ListMultipartUploadsResult>"
                                : query.contains("list-type") ? "<ListBucketResult/>" : "0123456789";
            default -> "";
        };
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
