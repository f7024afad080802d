package io.pairbatch.api;

import io.pairbatch.api.ApiException.Detail;
import io.pairbatch.claim.SpecCheck;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.registry.JobState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Accepts a job: checks everything that can be checked without its table, creates its folder in the inbox, and returns
/// where to upload the table, or copies it there. The job then starts like any dropped folder.
public final class NewJobs {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    /// What S3 can safely copy within the 30 s that a call may take.
    private static final long MAX_COPY = 1L << 30;
    /// The largest PUT that S3 accepts.
    private static final long MAX_UPLOAD = 5L << 30;
    /// Users' uploads, and a place for tables that are only submitted over the API.
    private static final List<String> SOURCES = List.of("inbox/", "tables/");

    private final SpecCheck specs;
    private final InboxFiles inbox;
    private final Folders folders;
    private final Links links;

    public NewJobs(SpecCheck specs, InboxFiles inbox, Folders folders, Links links) {
        this.specs = specs;
        this.inbox = inbox;
        this.folders = folders;
        this.links = links;
    }

    ApiResponse post(ApiRequest request, String caller) throws IOException {
        Order order = Order.read(ApiBody.parsed(request));
        Order.Source source = order.source();
        if (source != null) {
            allowed(source);
        }
        checked(order);
        if (source != null) {
            copyable(source);
        }
        String folder = made(folders.of(request, caller, order.slug()), order);
        String table = InboxFiles.key(folder, order.table());
        return answer(folder, source == null ? uploading(folder, table) : copied(folder, source, table));
    }

    /// Creates the folder, or whatever is missing in it.
    private String made(Folders.Folder folder, Order order) {
        String spec = JSON.writeValueAsString(order.spec().fields());
        if (!inbox.putNew(InboxFiles.key(folder.name(), InboxFiles.JOB_FILE), spec) && !folder.repeated()) {
            throw new ApiException(ApiCode.API_UNAVAILABLE, "The generated folder name is already taken.");
        }
        order.files().forEach((name, text) -> inbox.putNew(InboxFiles.key(folder.name(), name), text));
        return folder.name();
    }

    private static ApiResponse answer(String folder, ObjectNode body) {
        boolean upload = body.has("upload");
        return ApiResponse.ok(upload ? 201 : 202, body).with("location", "/jobs/" + folder);
    }

    private ObjectNode uploading(String folder, String table) {
        ObjectNode body = body(folder, JobState.WAITING_FOR_SPEC);
        ObjectNode upload = body.putObject("upload");
        upload.put("method", "PUT").put("url", links.upload(table));
        upload.putObject("headers").put("If-None-Match", "*");
        upload.put("expires_at", links.expiry().toString()).put("max_bytes", MAX_UPLOAD);
        return body;
    }

    private ObjectNode copied(String folder, Order.Source source, String table) {
        // For a repeated request, the table is already there: a second version would start the job again.
        if (inbox.size(table).isEmpty()) {
            inbox.copy(source.key(), table);
        }
        return body(folder, JobState.SPLITTING);
    }

    private ObjectNode body(String folder, JobState state) {
        return JSON.createObjectNode()
                .put("name", folder)
                .put("state", state.name())
                .put("job", "/jobs/" + folder)
                .put("inbox", "s3://" + inbox.bucket() + "/" + InboxFiles.key(folder, ""));
    }

    /// Checks the request and its specification, and reports all problems together.
    private void checked(Order order) throws IOException {
        List<Detail> problems = new ArrayList<>(order.problems());
        Set<String> named = specs.filesNamed(order.spec());
        for (String file : order.files().keySet()) {
            if (!named.contains(file)) {
                problems.add(Order.wrong("files", "`" + file + "`, which `spec` does not name", "files that it names"));
            }
        }
        if (named.contains(order.table())) {
            problems.add(Order.wrong("file", "the name of the prompt template", "another name"));
        }
        try {
            specs.check(order.spec(), file -> beside(order.files(), file));
        } catch (JobRejectedException e) {
            e.problems().stream().map(Detail::of).forEach(problems::add);
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
    }

    private static Optional<java.io.InputStream> beside(Map<String, String> files, String name) {
        @Nullable String text = files.get(name);
        return text == null
                ? Optional.empty()
                : Optional.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void allowed(Order.Source source) {
        if (!source.bucket().equals(inbox.bucket())) {
            throw new ApiException(ApiCode.API_SOURCE_NOT_ALLOWED, "The bucket does not belong to this deployment.");
        }
        if (SOURCES.stream().noneMatch(prefix -> source.key().startsWith(prefix))) {
            throw new ApiException(
                    ApiCode.API_SOURCE_NOT_ALLOWED,
                    "The key does not begin with " + String.join(" or ", SOURCES) + ".");
        }
    }

    private void copyable(Order.Source source) {
        OptionalLong size = inbox.size(source.key());
        if (size.isEmpty()) {
            throw new ApiException(ApiCode.API_SOURCE_NOT_FOUND, "No object has this key.");
        }
        if (size.getAsLong() > MAX_COPY) {
            throw new ApiException(
                    ApiCode.API_SOURCE_TOO_LARGE, "It has " + size.getAsLong() + " bytes; 1 GiB at most.");
        }
    }
}
