package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The files of one job on their way into the inbox.
///
/// @param name what the job is to be called
/// @param files in the order in which they are stored; the data file last, so that nothing starts without its spec
public record Drop(String name, List<FileToDrop> files) {

    /// A file of the drop: lies on disk, or is made up from the options.
    public sealed interface FileToDrop {

        /// Its name in the folder.
        String name();

        /// SHA-256 of its content, 64 hex digits.
        String fingerprint();

        record OnDisk(String name, String fingerprint, Path path) implements FileToDrop {}

        @SuppressWarnings("ArrayRecordComponent") // never compared; the fingerprint stands for the content
        record InMemory(String name, String fingerprint, byte[] content) implements FileToDrop {}
    }

    private static final int MOST_FOLDERS = 99;

    /// Chooses the folder. A folder is one job: one that holds other files is left alone, since its data file together
    /// with a new job.json would start a job that nobody asked for.
    ///
    /// @param fixed whether the name was asked for; otherwise `-2`, `-3`, … is tried when it is taken
    /// @return the folder's key prefix, `inbox/<name>/`
    public String chooseFolder(Bucket bucket, boolean fixed) {
        for (int i = 1; i <= (fixed ? 1 : MOST_FOLDERS); i++) {
            String folder = "inbox/" + name + (i == 1 ? "" : "-" + i) + "/";
            if (fits(bucket, folder)) {
                return folder;
            }
        }
        throw CliException.usage(
                "s3://" + bucket.name() + "/inbox/" + name + "/ holds the files of another job.",
                "Choose another name with --name.");
    }

    private boolean fits(Bucket bucket, String folder) {
        List<String> names = new ArrayList<>();
        bucket.visit(folder, entry -> names.add(entry.key().substring(folder.length())));
        Map<String, String> ours = new HashMap<>();
        files.forEach(file -> ours.put(file.name(), file.fingerprint()));
        return names.stream()
                .allMatch(name -> ours.containsKey(name)
                        && bucket.fingerprint(folder + name).equals(java.util.Optional.of(ours.get(name))));
    }

    /// Stores the files in `folder`, and returns the data file's key.
    public String into(Bucket bucket, String folder) throws IOException {
        for (FileToDrop file : files) {
            String key = folder + file.name();
            switch (file) {
                case FileToDrop.OnDisk disk -> bucket.put(key, disk.path(), disk.fingerprint());
                case FileToDrop.InMemory memory -> bucket.put(key, memory.content(), memory.fingerprint());
            }
        }
        return folder + files.getLast().name();
    }
}
