package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// The files of one job on their way into the inbox.
///
/// @param name the job's name
/// @param files in the order in which they are stored; the data file last, so that nothing starts without its spec
public record Drop(String name, List<FileToDrop> files) {

    /// A file of the drop: on disk, or made from the options.
    public sealed interface FileToDrop {

        /// Its name in the folder.
        String name();

        /// SHA-256 of its content, 64 hex digits.
        String fingerprint();

        record OnDisk(String name, String fingerprint, Path path) implements FileToDrop {}

        @SuppressWarnings("ArrayRecordComponent") // never compared; the fingerprint stands for the content
        record InMemory(String name, String fingerprint, byte[] content) implements FileToDrop {}
    }

    /// A folder of the inbox.
    ///
    /// @param prefix its key prefix, `inbox/<name>/`
    /// @param known whether it already holds files of this drop
    public record Folder(String prefix, boolean known) {}

    private static final int MOST_FOLDERS = 99;

    /// Chooses the folder. A folder is one job: one with other files is not used, since its data file with a job.json
    /// that judges otherwise would start an unwanted job.
    ///
    /// @param fixed whether the user gave the name; otherwise `-2`, `-3`, … is tried when it is taken
    public Folder chooseFolder(Bucket bucket, boolean fixed) {
        for (int i = 1; i <= (fixed ? 1 : MOST_FOLDERS); i++) {
            String prefix = "inbox/" + name + (i == 1 ? "" : "-" + i) + "/";
            Set<String> there = namesIn(bucket, prefix);
            if (there.stream().allMatch(file -> isOurs(bucket, prefix, file))) {
                return new Folder(prefix, !there.isEmpty());
            }
        }
        throw CliException.usage(
                "s3://" + bucket.name() + "/inbox/" + name + "/ holds the files of another job.",
                "Choose another name with --name.");
    }

    private static Set<String> namesIn(Bucket bucket, String prefix) {
        Set<String> names = new TreeSet<>();
        bucket.visit(prefix, entry -> names.add(entry.key().substring(prefix.length())));
        return names;
    }

    private boolean isOurs(Bucket bucket, String prefix, String name) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .anyMatch(file -> bucket.fingerprint(prefix + name).equals(Optional.of(file.fingerprint()))
                        || (file instanceof FileToDrop.InMemory spec && judgesTheSame(bucket, prefix + name, spec)));
    }

    private static boolean judgesTheSame(Bucket bucket, String key, FileToDrop.InMemory spec) {
        try (InputStream in = bucket.open(key, null).orElseGet(InputStream::nullInputStream)) {
            return Json.MAPPER.readTree(in) instanceof ObjectNode there
                    && Json.MAPPER.readTree(spec.content()) instanceof ObjectNode ours
                    && JobSpecJson.judged(there).equals(JobSpecJson.judged(ours));
        } catch (IOException | JacksonException e) {
            return false;
        }
    }

    /// The data file's key in a folder.
    public String dataKey(String folder) {
        return folder + files.getLast().name();
    }

    /// Stores the files in `folder`.
    public void into(Bucket bucket, String folder) throws IOException {
        for (FileToDrop file : files) {
            String key = folder + file.name();
            switch (file) {
                case FileToDrop.OnDisk disk -> bucket.put(key, disk.path(), disk.fingerprint());
                case FileToDrop.InMemory memory -> bucket.put(key, memory.content(), memory.fingerprint());
            }
        }
    }
}
