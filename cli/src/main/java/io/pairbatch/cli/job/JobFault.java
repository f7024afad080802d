package io.pairbatch.cli.job;

import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Why a job stopped, from its `error.json`, or from the registry without that file.
///
/// @param remedy what to do about it
/// @param problems all problems; none when only a message is known
public record JobFault(String code, String message, String remedy, List<Problem> problems) {

    /// One problem. An unknown part is "".
    public record Problem(String code, String where, String found, String expected, String remedy) {}

    /// Error files are a page long; a longer one is not a Pairbatch file.
    private static final int MOST_BYTES = 1 << 20;

    /// Reads what is known about the job's end.
    public static JobFault read(Bucket bucket, Job job) throws IOException {
        Optional<InputStream> file = bucket.open("jobs/" + job.id() + "/" + JobFiles.ERROR, null);
        if (file.isPresent()) {
            try (InputStream in = file.get()) {
                return parse(JsonMapper.shared().readTree(in.readNBytes(MOST_BYTES)));
            } catch (JacksonException e) {
                return ofRegistry(job); // use the registry if the file is unreadable
            }
        }
        return ofRegistry(job);
    }

    private static JobFault ofRegistry(Job job) {
        @Nullable String message = job.errorMessage();
        @Nullable String code = job.errorCode();
        return new JobFault(
                code == null ? "" : code,
                message == null ? "" : message,
                code == null ? "" : ErrorCode.of(code).map(ErrorCode::remedy).orElse(""),
                List.of());
    }

    private static JobFault parse(JsonNode error) {
        List<Problem> problems = new ArrayList<>();
        for (JsonNode problem : error.path("problems")) {
            problems.add(new Problem(
                    text(problem, "code"),
                    text(problem, "where"),
                    text(problem, "found"),
                    text(problem, "expected"),
                    text(problem, "remedy")));
        }
        return new JobFault(text(error, "code"), text(error, "message"), text(error, "remedy"), List.copyOf(problems));
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }
}
