package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The files of a job that a user reads, in the bucket and fetched to disk.
public final class ResultFiles {

    private static final Pattern SEGMENT_FILE = Pattern.compile("batch_\\d+_.*");

    /// A fetched file and its size in bytes.
    public record Fetched(String name, long size) {}

    private final Bucket bucket;

    public ResultFiles(Bucket bucket) {
        this.bucket = bucket;
    }

    /// The key prefix of a job's files.
    public static String prefix(String jobId) {
        return "jobs/" + jobId + "/";
    }

    /// Copies the job's files to `folder`, which is created if missing and there are any. Each file appears complete or
    /// not at all.
    ///
    /// @param segments whether to fetch the files of each segment too (requests, raw answers, results)
    public List<Fetched> fetch(String jobId, Path folder, boolean segments) throws IOException {
        List<Bucket.Entry> entries = new ArrayList<>();
        String prefix = prefix(jobId);
        bucket.visit(prefix, entry -> {
            String name = entry.key().substring(prefix.length());
            boolean inSubfolder = name.isEmpty() || name.contains("/");
            if (!inSubfolder && (segments || !SEGMENT_FILE.matcher(name).matches())) {
                entries.add(entry);
            }
        });
        if (!entries.isEmpty()) {
            Files.createDirectories(folder);
        }
        List<Fetched> fetched = new ArrayList<>();
        for (Bucket.Entry entry : entries) {
            String name = entry.key().substring(prefix.length());
            fetched.add(new Fetched(name, fetchOne(entry, folder, name)));
        }
        return fetched;
    }

    private long fetchOne(Bucket.Entry entry, Path folder, String name) throws IOException {
        Path draft = folder.resolve("." + name + ".part");
        try (InputStream in = bucket.open(entry.key(), null).orElseThrow(() -> gone(entry))) {
            long size = Files.copy(in, draft, StandardCopyOption.REPLACE_EXISTING);
            Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            return size;
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private CliException gone(Bucket.Entry entry) {
        return new CliException(
                ExitStatus.UNREACHABLE,
                "s3://" + bucket.name() + "/" + entry.key() + " was deleted while it was being fetched.",
                "The job may be running again; try again when it is done.");
    }
}
