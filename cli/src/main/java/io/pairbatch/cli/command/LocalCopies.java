package io.pairbatch.cli.command;

import io.pairbatch.job.JobFiles;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ArrayNode;

/// Folders on this machine that hold what was fetched of a job: `results/JOB`, and other folders in `results` or in the
/// current folder whose `job.json` is the job's. Reads one small file of each folder.
final class LocalCopies {

    /// A frozen job is a page, and a template of 1 MiB at most.
    private static final long MOST_BYTES = 4 << 20;

    private LocalCopies() {}

    /// Each folder as `{path, files}`, relative to the current one.
    ///
    /// @param folder the current folder
    static ArrayNode of(Path folder, String jobId) throws IOException {
        Path results = folder.resolve("results");
        Set<Path> near = new TreeSet<>(Comparator.comparing(Path::toString));
        for (Path parent : Stream.concat(folders(results), folders(folder)).toList()) {
            near.add(parent);
            folders(parent).forEach(near::add);
        }
        Set<Path> copied = new TreeSet<>(Comparator.comparing(Path::toString));
        for (Path candidate : near) {
            if (!candidate.equals(results.resolve(jobId)) && !isOf(candidate, jobId)) {
                continue;
            }
            copied.add(candidate);
            // `results A B` joins those of several jobs in the folder above theirs.
            Path joined = candidate.resolveSibling(JobFiles.COMBINED);
            if (Files.isRegularFile(joined)) {
                copied.add(joined);
                Path failed = candidate.resolveSibling(JobFiles.FAILED_PAIRS);
                if (Files.isRegularFile(failed)) {
                    copied.add(failed);
                }
            }
        }
        ArrayNode copies = Json.MAPPER.createArrayNode();
        for (Path copy : copied) {
            copies.addObject()
                    .put("path", folder.relativize(copy).toString().replace('\\', '/'))
                    .put("files", files(copy));
        }
        return copies;
    }

    private static Stream<Path> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return Stream.empty();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory).toList().stream();
        }
    }

    private static boolean isOf(Path folder, String jobId) {
        Path frozen = folder.resolve(JobFiles.JOB);
        try {
            return Files.isRegularFile(frozen)
                    && Files.size(frozen) <= MOST_BYTES
                    && Json.MAPPER
                            .readTree(Files.readAllBytes(frozen))
                            .path("job_id")
                            .asString("")
                            .equals(jobId);
        } catch (IOException | JacksonException e) {
            return false; // not a frozen job
        }
    }

    private static long files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).count();
        }
    }
}
