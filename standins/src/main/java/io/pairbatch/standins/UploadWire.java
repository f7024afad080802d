package io.pairbatch.standins;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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

/// What S3 checks of one multipart upload, on the wire of the real client: a part and the upload have the same
/// algorithm
/// for checksums, or none, and the completion carries the checksum of each part. An in-memory client sees none of that,
/// and emulators take anything
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html).
public final class UploadWire implements SdkHttpClient {

    private static final String SUM = "x-amz-checksum-crc32";
    private static final Pattern PART = Pattern.compile("<Part>(.*?)</Part>", Pattern.DOTALL);

    private final List<String> calls = new ArrayList<>();
    private @Nullable String algorithm;

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

    /// The calls so far, each with what it says of checksums; a copied part with its range.
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return answer(request);
            }

            @Override
            public void abort() {
                // It is answered at once.
            }
        };
    }

    private synchronized HttpExecuteResponse answer(HttpExecuteRequest request) throws IOException {
        SdkHttpRequest http = request.httpRequest();
        byte[] body = request.contentStreamProvider().isEmpty() ? new byte[0] : read(request);
        boolean part = http.firstMatchingRawQueryParameter("partNumber").isPresent();
        if (http.rawQueryParameters().containsKey("uploads")) {
            algorithm = http.firstMatchingHeader("x-amz-checksum-algorithm").orElse(null);
            calls.add("create " + algorithm);
            return ok("<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
        }
        if (part && http.firstMatchingHeader("x-amz-copy-source").isPresent()) {
            calls.add("copy "
                    + http.firstMatchingHeader("x-amz-copy-source-range").orElse("all"));
            String sum = algorithm == null ? "" : "<ChecksumCRC32>AAAAAA==</ChecksumCRC32>";
            return ok("<CopyPartResult><ETag>\"e\"</ETag>" + sum + "</CopyPartResult>");
        }
        if (part) {
            String given = given(http, body);
            calls.add("part " + given);
            return (algorithm == null) == given.equals("null") ? ok("") : refused("InvalidRequest");
        }
        if (http.method() == software.amazon.awssdk.http.SdkHttpMethod.POST) {
            return completed(new String(body, StandardCharsets.UTF_8));
        }
        calls.add(http.method() + " " + given(http, body));
        return ok("");
    }

    private HttpExecuteResponse completed(String body) {
        boolean all = true;
        int parts = 0;
        Matcher each = PART.matcher(body);
        while (each.find()) {
            parts++;
            all &= algorithm == null || each.group(1).contains("<ChecksumCRC32>");
        }
        calls.add("complete " + parts);
        return all ? ok("<CompleteMultipartUploadResult/>") : refused("InvalidPart");
    }

    /// In a header, or after the body.
    private static String given(SdkHttpRequest http, byte[] body) {
        String trailer = http.firstMatchingHeader("x-amz-trailer").orElse("");
        boolean header = http.firstMatchingHeader(SUM).isPresent();
        boolean trailing = trailer.toLowerCase(Locale.ROOT).equals(SUM)
                && new String(body, StandardCharsets.ISO_8859_1).contains("\r\n" + SUM + ":");
        return header || trailing ? "CRC32" : "null";
    }

    private static byte[] read(HttpExecuteRequest request) throws IOException {
        try (InputStream in = request.contentStreamProvider().orElseThrow().newStream()) {
            return in.readAllBytes();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static HttpExecuteResponse ok(String body) {
        return response(200, body);
    }

    private static HttpExecuteResponse refused(String code) {
        return response(400, "<Error><Code>" + code + "</Code><Message>checksums</Message></Error>");
    }

    private static HttpExecuteResponse response(int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return HttpExecuteResponse.builder()
                .response(SdkHttpResponse.builder()
                        .statusCode(status)
                        .putHeader("ETag", "\"e\"")
                        .putHeader(SUM, "AAAAAA==")
                        .putHeader("Content-Length", String.valueOf(bytes.length))
                        .build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(bytes)))
                .build();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
