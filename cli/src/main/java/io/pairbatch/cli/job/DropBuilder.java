package io.pairbatch.cli.job;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.job.JobFiles;
import io.pairbatch.spec.SpecLayer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Makes a [Drop] from the command line. Rejects only obvious mistakes; the stack checks the rest.
public final class DropBuilder {

    /// The stack cuts names at 50; this leaves room for `-99`.
    private static final int LONGEST_NAME = 46;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final byte[] NO_FIELDS = {'{', '}'};

    private static final String PAIRING = "pairing";
    private static final String COLUMNS = "columns";

    private DropBuilder() {}

    /// The files to drop.
    ///
    /// @param data the table of pairs
    /// @param spec the job file; null means `job.json` beside the data file, if it is there
    /// @param settings a layer nearer than the job file; a value that is not JSON is a text
    /// @param name the job's name; null means the name of the data file, or of its folder when the file is
    /// called `pairs`
    /// @throws JobRejectedException `SPEC_NOT_JSON`
    public static Drop build(Path data, @Nullable Path spec, Map<String, String> settings, @Nullable String name)
            throws IOException {
        checkData(data);
        return buildFrom(data, specFile(data, spec), settings, name);
    }

    /// The files to drop of a folder of texts.
    ///
    /// @param table the table of samples that was made of it
    /// @param spec the job file, as [#specOfFolder] finds it
    /// @param name the job's name; null means that of the folder
    public static Drop ofFolder(
            Path folder, Path table, Optional<Path> spec, Map<String, String> settings, @Nullable String name)
            throws IOException {
        checkFields(folder, spec, settings);
        return build(table, spec, folder, settings, name == null ? named(folderName(folder)) : checkedName(name));
    }

    /// The job file of a folder of texts: the given one, or `job.json` in the folder, or beside it.
    public static Optional<Path> specOfFolder(Path folder, @Nullable Path spec) {
        Path inside = folder.resolve(JobFiles.JOB);
        if (spec == null && Files.isRegularFile(inside)) {
            return Optional.of(inside);
        }
        // Nothing is beside `.` or `..` but what is in them.
        return specFile(folder.endsWith(folderName(folder)) ? folder : absolute(folder), spec);
    }

    /// The names of the files in a folder of texts that belong to its job: the job file and the template it names.
    ///
    /// @throws JobRejectedException `SPEC_NOT_JSON`
    public static Set<String> filesOfJob(Path folder, Optional<Path> spec, Map<String, String> settings)
            throws IOException {
        checkFields(folder, spec, settings);
        Path base = spec.isPresent() ? folderOf(spec.get()) : folder;
        List<Path> files = new ArrayList<>(spec.stream().toList());
        template(fields(spec.orElse(null), settings), absolute(base)).ifPresent(files::add);
        return files.stream()
                .filter(file -> folderOf(file).equals(absolute(folder)))
                .map(DropBuilder::fileName)
                .collect(Collectors.toSet());
    }

    /// What a folder is called, also where it is given as `.`.
    public static String folderName(Path folder) {
        return fileName(absolute(folder));
    }

    /// The fields of a job file with a nearer layer.
    ///
    /// @param spec the job file; null for none
    /// @throws JobRejectedException `SPEC_NOT_JSON`
    public static ObjectNode fields(@Nullable Path spec, Map<String, String> settings) throws IOException {
        ObjectNode file = JSON.createObjectNode();
        if (spec != null) {
            Path given = specFile(spec, spec).orElseThrow();
            file = SpecLayer.fieldsOf(read(given));
        }
        return SpecLayer.merged(layer(settings, file), file);
    }

    /// The files to drop, without looking for a job file beside the table.
    ///
    /// @param specFile the job file
    public static Drop buildFrom(
            Path data, Optional<Path> specFile, Map<String, String> settings, @Nullable String name)
            throws IOException {
        checkData(data);
        checkFields(data, specFile, settings);
        return build(data, specFile, folderOf(data), settings, name == null ? null : checkedName(name));
    }

    /// Checks that something says what the job is.
    ///
    /// @throws CliException if nothing does
    public static void checkFields(Path data, Optional<Path> specFile, Map<String, String> settings) {
        if (specFile.isEmpty() && settings.isEmpty()) {
            throw CliException.usage(
                    "There is no job.json " + (Files.isDirectory(data) ? "in or " : "") + "beside " + data + ".",
                    "Name a job file with --job, or set its fields: --set model=" + Backend.DEFAULT.demoModel()
                            + " --set trait_name=overall_quality");
        }
    }

    /// @param base where a template is looked for if there is no job file
    private static Drop build(
            Path data, Optional<Path> specFile, Path base, Map<String, String> settings, @Nullable String name)
            throws IOException {
        byte[] given = specFile.isPresent() ? bytes(specFile.get()) : NO_FIELDS;
        ObjectNode parsed = SpecLayer.read(specFile.map(Path::toString).orElse(""), given);
        Optional<FrozenFile> frozen = FrozenFile.of(parsed);
        boolean retry = frozen.isPresent() && fileName(data).equals(JobFiles.FAILED_PAIRS);
        ObjectNode own = frozen.isPresent() ? frozen.get().fields(policyBeside(specFile.orElseThrow()), retry) : parsed;
        ObjectNode fields = SpecLayer.merged(layer(settings, own), own);
        byte[] content = settings.isEmpty() && frozen.isEmpty()
                ? given
                : JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(fields);

        List<Drop.FileToDrop> files = new ArrayList<>();
        files.add(new Drop.FileToDrop.InMemory(JobFiles.JOB, sha256(content), content));
        Path folder = specFile.isPresent() ? folderOf(specFile.get()) : absolute(base);
        template(fields, folder).ifPresent(path -> files.add(onDisk(slashed(folder.relativize(path)), path, null)));
        String dataName = safeName(fileName(data));
        if (files.stream().anyMatch(file -> file.name().equals(dataName))) {
            throw CliException.usage(
                    "The data file has the same name as another file of the job: " + dataName + ".", "Rename it.");
        }
        files.add(onDisk(dataName, data, null));
        String usual = retry ? slug(frozen.orElseThrow().retryName()) : defaultName(data);
        return new Drop(
                name == null ? usual : name,
                List.copyOf(files),
                new Drop.Said(specFile.map(Path::toString).orElse(""), settings.keySet()));
    }

    /// What a later drop said of how the work is done, if the results of a job have it.
    private static @Nullable ObjectNode policyBeside(Path spec) throws IOException {
        Path policy = folderOf(spec).resolve(JobFiles.POLICY);
        return Files.isRegularFile(policy) ? read(policy) : null;
    }

    /// The same drop with a copy in place of its table.
    public static Drop withTable(Drop drop, Path copy, Drop.Converted of) {
        return withTable(drop, onDisk(drop.files().getLast().name(), copy, of));
    }

    /// The same drop with a table of pairs in place of its own, which may be one of samples, or have other names.
    ///
    /// @param name of the table in its folder
    public static Drop withPairs(Drop drop, Path pairs, String name) {
        Drop others = withTable(drop, onDisk(name, pairs, null));
        List<Drop.FileToDrop> files =
                others.files().stream().map(DropBuilder::withoutPairing).toList();
        return new Drop(others.name(), files, others.said());
    }

    private static Drop.FileToDrop withoutPairing(Drop.FileToDrop file) {
        if (file instanceof Drop.FileToDrop.InMemory spec
                && JSON.readTree(spec.content()) instanceof ObjectNode fields
                && (fields.has(PAIRING) || fields.has(COLUMNS))) {
            fields.remove(COLUMNS);
            if (fields.remove(PAIRING) != null) {
                // As a job of samples has it where nothing is said, so that the results of both can be joined.
                fields.putIfAbsent("include_texts", fields.booleanNode(false));
            }
            byte[] content = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(fields);
            return new Drop.FileToDrop.InMemory(spec.name(), sha256(content), content);
        }
        return file;
    }

    private static Drop withTable(Drop drop, Drop.FileToDrop table) {
        List<Drop.FileToDrop> files = new ArrayList<>(drop.files());
        files.removeLast();
        files.add(table);
        return new Drop(drop.name(), List.copyOf(files), drop.said());
    }

    /// The table on disk that is dropped.
    public static Path table(Drop drop) {
        return ((Drop.FileToDrop.OnDisk) drop.files().getLast()).path();
    }

    private static void checkData(Path data) throws IOException {
        GivenFile.check(data, "Give the path of a table of pairs.");
        if (Files.size(data) == 0) {
            throw CliException.refused(data + " is empty.", "Give a table with a header line and one pair a row.");
        }
    }

    /// The job file of a table: the given one, or `job.json` beside it.
    public static Optional<Path> specFile(Path data, @Nullable Path spec) {
        if (spec != null) {
            GivenFile.check(spec, "Give the path of a job.json.");
            return Optional.of(spec);
        }
        Path beside = data.resolveSibling(JobFiles.JOB);
        return Files.isRegularFile(beside) ? Optional.of(beside) : Optional.empty();
    }

    private static ObjectNode read(Path spec) throws IOException {
        return SpecLayer.read(spec.toString(), bytes(spec));
    }

    private static byte[] bytes(Path spec) throws IOException {
        try (InputStream in = Files.newInputStream(spec)) {
            return SpecLayer.bytes(spec.toString(), in);
        }
    }

    /// The fields that are set; `pairing.k` sets one member of `pairing`, whose others stay as the job file has them.
    private static ObjectNode layer(Map<String, String> settings, ObjectNode own) {
        ObjectNode layer = JSON.createObjectNode();
        settings.forEach((field, value) -> {
            int dot = field.indexOf('.');
            if (dot <= 0) {
                layer.set(field, valueOf(value));
                return;
            }
            String name = field.substring(0, dot);
            JsonNode before = layer.has(name) ? layer.get(name) : own.path(name);
            ObjectNode object = before instanceof ObjectNode known ? known.deepCopy() : JSON.createObjectNode();
            object.set(field.substring(dot + 1), valueOf(value));
            layer.set(name, object);
        });
        return layer;
    }

    private static JsonNode valueOf(String text) {
        try {
            JsonNode value = JSON.readTree(text);
            return value.isMissingNode() ? JSON.getNodeFactory().stringNode(text) : value;
        } catch (JacksonException e) {
            return JSON.getNodeFactory().stringNode(text); // not JSON, so it is plain text
        }
    }

    /// The template's file, when the job names an existing file below its own folder. Anything else may be a registered
    /// name, which the stack checks.
    private static Optional<Path> template(ObjectNode fields, Path folder) {
        String named = fields.path("prompt_template").asString("");
        if (named.isBlank() || named.contains("{SAMPLE_1}")) {
            return Optional.empty();
        }
        try {
            Path path = folder.resolve(named).normalize();
            return path.startsWith(folder) && Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty(); // no file can have that name
        }
    }

    private static Drop.FileToDrop onDisk(String name, Path path, Drop.@Nullable Converted copyOf) {
        try {
            return new Drop.FileToDrop.OnDisk(name, sha256(path), path, copyOf);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e); // told by the command, as for any file
        }
    }

    private static String defaultName(Path data) {
        String file = fileName(data.toAbsolutePath());
        String stem = slug(file.replaceFirst("(\\.(csv|jsonl|ndjson|tsv|txt|parquet))?(\\.gz)?$", ""));
        @Nullable Path folder = data.toAbsolutePath().normalize().getParent();
        String parent = folder == null ? "" : slug(fileName(folder));
        return named(stem.equals("pairs") && !parent.isEmpty() ? parent : stem);
    }

    private static String named(String text) {
        String name = slug(text);
        return name.isEmpty() ? "job" : name;
    }

    private static String checkedName(String name) {
        if (!name.equals(slug(name))) {
            throw CliException.usage(
                    name + " is not a valid name for a job.",
                    "Use up to " + LONGEST_NAME + " lower-case letters, digits and single hyphens.");
        }
        return name;
    }

    /// The name of another job of the same kind: that of a job without the digits of its id.
    public static String nameOf(String jobId) {
        return slug(jobId.replaceFirst("-[0-9a-f]{8}$", ""));
    }

    private static String slug(String text) {
        String plain =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return plain.length() <= LONGEST_NAME
                ? plain
                : plain.substring(0, LONGEST_NAME).replaceAll("-$", "");
    }

    /// A name that is safe in a key, an event and a shell.
    private static String safeName(String name) {
        return name.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private static String slashed(Path relative) {
        return relative.toString().replace('\\', '/');
    }

    private static String fileName(Path path) {
        @Nullable Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    private static Path folderOf(Path file) {
        @Nullable Path parent = file.toAbsolutePath().normalize().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static String sha256(byte[] content) {
        return HexFormat.of().formatHex(digest().digest(content));
    }

    /// The SHA-256 of a file, read as a stream: 64 hex digits.
    public static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
