package io.pairbatch.api;

import io.pairbatch.claim.SpecCheck;
import io.pairbatch.registry.JobState;
import java.io.IOException;
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

    private final OrderCheck orders;
    private final InboxFiles inbox;
    private final Folders folders;
    private final Links links;

    public NewJobs(SpecCheck specs, InboxFiles inbox, Folders folders, Links links) {
        this.orders = new OrderCheck(specs, inbox.bucket());
        this.inbox = inbox;
        this.folders = folders;
        this.links = links;
    }

    ApiResponse post(ApiRequest request, String caller) throws IOException {
        Order order = Order.read(ApiBody.parsed(request));
        Order.Source source = order.source();
        if (source != null) {
            orders.allowed(source);
        }
        orders.check(order);
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
        if (inbox.stored(table).isEmpty()) {
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

    private void copyable(Order.Source source) {
        long size = inbox.source(source).size();
        if (size > MAX_COPY) {
            throw new ApiException(ApiCode.API_SOURCE_TOO_LARGE, "It has " + size + " bytes; 1 GiB at most.");
        }
    }
}
