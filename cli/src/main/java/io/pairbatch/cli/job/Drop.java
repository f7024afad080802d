package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.job.JobFiles;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// The files of one job on their way into the inbox.
///
/// @param name the job's name
/// @param files in the order in which they are stored; the data file last, so that nothing starts without its spec
/// @param said where its fields come from
public record Drop(String name, List<FileToDrop> files, Said said) {

    private static final Pattern FIELD = Pattern.compile("^" + Pattern.quote(JobFiles.JOB) + ", field `([^`]*)`");

    /// Where the fields of a job come from, for messages: whatever the job file is called, it is dropped as `job.json`.
    ///
    /// @param jobFile as the user has named it; empty if there is none
    /// @param set fields that `--set` gives
    public record Said(String jobFile, Set<String> set) {

        public Said {
            set = Set.copyOf(set);
        }

        /// A place in the job file, by what the user has typed.
        ///
        /// @param where such as ``job.json, field `model` ``; any other place stays as it is
        public String place(String where) {
            Matcher field = FIELD.matcher(where);
            if (field.find()) {
                String name = field.group(1);
                List<String> options = options(name);
                if (jobFile.isEmpty() || !options.isEmpty()) {
                    return "--set " + (options.isEmpty() ? name : String.join(" and --set ", options))
                            + where.substring(field.end());
                }
            }
            boolean own = where.equals(JobFiles.JOB) || where.startsWith(JobFiles.JOB + ",");
            return own && !jobFile.isEmpty() ? jobFile + where.substring(JobFiles.JOB.length()) : where;
        }

        /// What was typed of a field, of the whole that it is a member of, or else of its members.
        private List<String> options(String field) {
            int dot = field.indexOf('.');
            if (set.contains(field)) {
                return List.of(field);
            }
            return dot > 0 && set.contains(field.substring(0, dot))
                    ? List.of(field.substring(0, dot))
                    : set.stream()
                            .filter(option -> option.startsWith(field + "."))
                            .sorted()
                            .toList();
        }

        /// The same refusal, by what the user has typed.
        public JobRejectedException told(JobRejectedException e) {
            return new JobRejectedException(e.problems().stream()
                    .map(problem -> problem.at(place(problem.where())))
                    .toList());
        }
    }

    /// A file of the drop: on disk, or made from the options.
    public sealed interface FileToDrop {

        /// Its name in the folder.
        String name();

        /// SHA-256 of its content, 64 hex digits.
        String fingerprint();

        /// A file on disk.
        ///
        /// @param copyOf what it is a copy of, in UTF-8; null if it is the user's own file
        record OnDisk(
                String name,
                String fingerprint,
                Path path,
                @Nullable Converted copyOf) implements FileToDrop {

            /// It as a table, told by what the user has typed.
            public InputFile input() throws IOException {
                return copyOf == null
                        ? OfflineSplit.input(path)
                        : OfflineSplit.copyOf(copyOf.table(), copyOf.charset(), path);
            }
        }

        @SuppressWarnings("ArrayRecordComponent") // never compared; the fingerprint stands for the content
        record InMemory(String name, String fingerprint, byte[] content) implements FileToDrop {}
    }

    /// A table that is dropped as a copy in UTF-8.
    ///
    /// @param table what the user has named
    /// @param charset what it is in, as `iconv` spells it; null for a folder, of which no command makes such a copy
    public record Converted(Path table, @Nullable String charset) {}

    /// A folder of the inbox.
    ///
    /// @param prefix its key prefix, `inbox/<name>/`
    /// @param known whether it already holds files of this drop
    public record Folder(String prefix, boolean known) {}

    private static final int MOST_FOLDERS = 99;

    /// The same drop, whose fields the user has read in another file.
    public Drop saidBy(String jobFile) {
        return new Drop(name, files, new Said(jobFile, said.set()));
    }

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
