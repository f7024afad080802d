package io.pairbatch.cli.job;

import io.pairbatch.job.JobFiles;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What a job's design compares of its samples, as its split has written it down.
public final class DesignFile {

    private DesignFile() {}

    /// On one line; empty for a job of pairs, and for one whose samples have not been read yet.
    public static Optional<String> words(Bucket bucket, String jobId) throws IOException {
        Optional<InputStream> file = bucket.open(ResultFiles.prefix(jobId) + JobFiles.DESIGN, null);
        return file.isEmpty() ? Optional.empty() : Optional.of(words(file.get()));
    }

    /// The same of a job that was split into a folder.
    public static Optional<String> words(Path folder) throws IOException {
        Path file = folder.resolve(JobFiles.DESIGN);
        return Files.exists(file) ? Optional.of(words(Files.newInputStream(file))) : Optional.empty();
    }

    private static String words(InputStream file) throws IOException {
        try (InputStream in = file) {
            return Json.MAPPER.readTree(in).path("words").asString("");
        }
    }
}
