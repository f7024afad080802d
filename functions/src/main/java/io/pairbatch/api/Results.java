package io.pairbatch.api;

import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The result files of a finished job, each with a link that is valid for a limited time.
public final class Results {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern SEGMENT_FILE = Pattern.compile("batch_\\d.*");
    /// Sorts after `batch_` followed by any digit.
    private static final String AFTER_SEGMENTS = "batch_:";

    private final JobSearch search;
    private final S3Client s3;
    private final String bucket;
    private final Links links;

    public Results(JobSearch search, S3Client s3, String bucket, Links links) {
        this.search = search;
        this.s3 = s3;
        this.bucket = bucket;
        this.links = links;
    }

    ApiResponse list(String idOrName) {
        JobRecord job = done(search.find(idOrName), idOrName);
        String prefix = "jobs/" + job.jobId() + "/";
        ObjectNode body = JSON.createObjectNode();
        body.put("id", job.jobId()).put("expires_at", links.expiry().toString());
        ArrayNode files = body.putArray("files");
        for (S3Object object : files(prefix)) {
            files.addObject()
                    .put("name", object.key().substring(prefix.length()))
                    .put("bytes", object.size())
                    .put("url", links.read(object.key()));
        }
        return ApiResponse.ok(200, body);
    }

    private static JobRecord done(JobSearch.Found found, String idOrName) {
        JobState state = JobState.WAITING_FOR_SPEC;
        if (found instanceof JobSearch.Found.Registered registered) {
            state = registered.job().state();
            if (state == JobState.DONE) {
                return registered.job();
            }
            if (registered.job().sameAs() != null) {
                throw new ApiException(
                        ApiCode.API_JOB_NOT_DONE,
                        "The job " + idOrName + " is DUPLICATE: its pairs are judged by job "
                                + registered.job().sameAs() + ".");
            }
        }
        throw new ApiException(ApiCode.API_JOB_NOT_DONE, "The job " + idOrName + " is " + state + ".");
    }

    /// The job's own files. Those of its segments, up to 100,000, are skipped without listing them.
    private List<S3Object> files(String prefix) {
        List<S3Object> files = new ArrayList<>();
        String after = prefix;
        while (true) {
            String from = after;
            ListObjectsV2Response page = s3.listObjectsV2(
                    r -> r.bucket(bucket).prefix(prefix).delimiter("/").startAfter(from));
            for (S3Object object : page.contents()) {
                if (SEGMENT_FILE
                        .matcher(object.key().substring(prefix.length()))
                        .matches()) {
                    after = prefix + AFTER_SEGMENTS;
                    break;
                }
                files.add(object);
                after = object.key();
            }
            if (after.equals(from) || (!after.endsWith(AFTER_SEGMENTS) && !Boolean.TRUE.equals(page.isTruncated()))) {
                return files;
            }
        }
    }
}
