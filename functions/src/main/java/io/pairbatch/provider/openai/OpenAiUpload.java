package io.pairbatch.provider.openai;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchProvider.Body;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.http.ProviderHttp;
import io.pairbatch.text.Hex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Sends an input file: as a form, or, where the service's storage is elsewhere, to the address that the service names
/// for it. The file is streamed.
///
/// @param upload how the service takes files
record OpenAiUpload(OpenAiService.Upload upload, ProviderHttp http) {

    /// As long as any function runs: an upload cannot be resumed, so it has all the time that its function has left.
    private static final Duration TIMEOUT = Duration.ofMinutes(15);
    private static final Duration FORM_TIMEOUT = Duration.ofMinutes(1);
    private static final int CONFLICT = 409;

    /// Returns the id of the file.
    String send(String fileName, long bytes, Body body) throws RefusedException {
        return upload.redirect() ? redirected(fileName, bytes, body) : posted(fileName, bytes, body);
    }

    private String posted(String fileName, long bytes, Body body) throws RefusedException {
        Map<String, String> fields = new TreeMap<>(upload.fields());
        fields.put("purpose", upload.purpose());
        String boundary = boundary();
        byte[] head = (form(boundary, fields)
                        + "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                        + "\"\r\nContent-Type: application/jsonl\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] tail = ("\r\n" + end(boundary)).getBytes(StandardCharsets.UTF_8);
        HttpRequest request = multipart(upload.path(), TIMEOUT, boundary)
                .POST(exactly(
                        head.length + bytes + tail.length,
                        () -> new SequenceInputStream(Collections.enumeration(
                                List.of(new ByteArrayInputStream(head), body.open(), new ByteArrayInputStream(tail))))))
                .build();
        return id(ProviderHttp.object(http.repeated(request, BatchProvider.uploadTime(bytes))), "id");
    }

    /// Together's way (its official client, together 3.1.1): a form announces the file, the answer's `Location` takes
    /// its bytes without our key, and a last call has it looked at. A file that is there already is told by a conflict.
    private String redirected(String fileName, long bytes, Body body) throws RefusedException {
        Map<String, String> fields = new TreeMap<>(upload.fields());
        fields.put("purpose", upload.purpose());
        fields.put("file_name", fileName);
        fields.put("file_type", "jsonl");
        fields.put("checksum", sha256(body));
        String boundary = boundary();
        HttpRequest announce = multipart(upload.path(), FORM_TIMEOUT, boundary)
                .POST(BodyPublishers.ofString(form(boundary, fields) + end(boundary)))
                .build();
        String fileId;
        String location;
        try (ProviderHttp.Exchange answer =
                http.repeated(announce, status -> status / 100 == 2 || status / 100 == 3 || status == CONFLICT)) {
            if (answer.status() == CONFLICT) {
                return id(ProviderHttp.object(answer), "file_id");
            }
            fileId = answer.header("X-Together-File-Id");
            location = answer.header("Location");
        } catch (IOException e) {
            throw new RetryableException("the provider's answer broke off", e);
        }
        if (fileId.isEmpty() || location.isEmpty()) {
            throw new RetryableException("the provider named no place for the file", null);
        }
        put(announce.uri().resolve(URI.create(location)), announce.uri(), bytes, body);
        String looked = upload.path() + "/" + ProviderHttp.encode(fileId) + "/preprocess";
        close(http.repeated(
                http.request(looked, FORM_TIMEOUT).POST(BodyPublishers.noBody()).build()));
        return fileId;
    }

    /// The storage's refusal says nothing of our key.
    private void put(URI address, URI announcedAt, long bytes, Body body) {
        if (announcedAt.getScheme().equals("https") && !address.getScheme().equals("https")) {
            throw new IllegalStateException("the provider wants the file sent in the clear");
        }
        HttpRequest put = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .PUT(exactly(bytes, body))
                .build();
        try {
            close(http.repeated(put, BatchProvider.uploadTime(bytes)));
        } catch (RefusedException e) {
            throw new RetryableException("the provider's storage did not take the file: HTTP " + e.status(), e);
        }
    }

    private HttpRequest.Builder multipart(String path, Duration timeout, String boundary) {
        return http.request(path, timeout).header("Content-Type", "multipart/form-data; boundary=" + boundary);
    }

    private String boundary() {
        return "pairbatch-" + Long.toHexString(http.random().nextLong());
    }

    private static String form(String boundary, Map<String, String> fields) {
        StringBuilder form = new StringBuilder();
        fields.forEach((name, value) -> form.append("--")
                .append(boundary)
                .append("\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
        return form.toString();
    }

    private static String end(String boundary) {
        return "--" + boundary + "--\r\n";
    }

    /// A body whose length is told beforehand.
    private static BodyPublisher exactly(long bytes, Body body) {
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> {
                    try {
                        return body.open();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }),
                bytes);
    }

    private static String sha256(Body body) {
        MessageDigest digest = Hex.sha256();
        try (InputStream in = body.open();
                OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new RetryableException("the input file could not be read", e);
        }
        return Hex.of(digest.digest());
    }

    private static void close(ProviderHttp.Exchange answer) {
        try (answer) {
            answer.stream().readAllBytes();
        } catch (IOException e) {
            throw new RetryableException("the provider's answer broke off", e);
        }
    }

    private static String id(JsonNode object, String field) {
        String id = object.path(field).asString("");
        if (id.isEmpty()) {
            throw new IllegalStateException("the provider's answer has no id");
        }
        return id;
    }
}
