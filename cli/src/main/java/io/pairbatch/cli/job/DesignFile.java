package io.pairbatch.cli.job;

import io.pairbatch.job.JobFiles;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// What a job's design compares of its samples, as its split has written it down.
public final class DesignFile {

    private DesignFile() {}

    /// On one line; empty for a job of pairs, and for one whose samples have not been read yet.
    public static Optional<String> words(Bucket bucket, String jobId) throws IOException {
        Optional<InputStream> file = bucket.open("jobs/" + jobId + "/" + JobFiles.DESIGN, null);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = file.get()) {
            return Optional.of(Json.MAPPER.readTree(in).path("words").asString(""));
        }
    }
}
