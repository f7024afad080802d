package io.pairbatch.api;

import io.pairbatch.api.ApiException.Detail;
import io.pairbatch.job.JobId;
import io.pairbatch.spec.SpecLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The content of a POST with its own fields validated, but not yet the specification.
///
/// @param slug the beginning of the folder's name: at most [#MAX_SLUG] characters, so that a job's ID shows the whole
/// name
/// @param table the data file's name in the folder
/// @param source bucket and key of a table that already exists; null for an upload
/// @param files texts to store beside the specification, by name
/// @param problems what is wrong with the fields
record Order(
        String slug,
        SpecLayer spec,
        String table,
        @Nullable Source source,
        Map<String, String> files,
        List<Detail> problems) {

    /// A job's id shows 50 characters of the folder's name, 9 of which are `-` and 8 hex.
    static final int MAX_SLUG = 41;

    private static final Set<String> FIELDS = Set.of("name", "spec", "file", "source", "files");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern URI = Pattern.compile("s3://([^/]+)/(.+)");
    private static final String FILE_RULE =
            "1 to 100 letters, digits, `.`, `_` and `-`, the first a letter or a digit, and not job.json";

    /// An object.
    record Source(String bucket, String key) {

        String file() {
            return key.substring(key.lastIndexOf('/') + 1);
        }
    }

    static Order read(ObjectNode body) {
        List<Detail> problems = new ArrayList<>();
        for (String name : body.propertyNames()) {
            if (!FIELDS.contains(name)) {
                problems.add(wrong(name, "a field that a request does not have", "name, spec, file or source, files"));
            }
        }
        String name = text(body, "name", "job", problems);
        String slug = JobId.slug(name);
        slug = slug.substring(0, Math.min(slug.length(), MAX_SLUG)).replaceAll("-+$", "");
        Source source = source(body, problems);
        String table = text(body, "file", source == null ? "pairs.csv" : source.file(), problems);
        if (!FILE.matcher(table).matches() || table.equals(InboxFiles.JOB_FILE)) {
            problems.add(wrong(source == null ? "file" : "source", "another name", FILE_RULE));
        }
        return new Order(slug, spec(body, problems), table, source, files(body, table, problems), problems);
    }

    private static SpecLayer spec(ObjectNode body, List<Detail> problems) {
        if (body.path("spec") instanceof ObjectNode spec) {
            return new SpecLayer("spec", spec);
        }
        problems.add(wrong("spec", body.has("spec") ? "not a JSON object" : "nothing", "the fields of a job.json"));
        return new SpecLayer("spec", JsonNodeFactory.instance.objectNode());
    }

    private static @Nullable Source source(ObjectNode body, List<Detail> problems) {
        if (!body.has("source")) {
            return null;
        }
        if (body.has("file")) {
            problems.add(wrong("file", "`source` beside it", "one of the two"));
        }
        Matcher uri = URI.matcher(text(body, "source", "", problems));
        if (uri.matches()) {
            return new Source(uri.group(1), uri.group(2));
        }
        problems.add(wrong("source", "not an object address", "s3://BUCKET/KEY"));
        return null;
    }

    private static Map<String, String> files(ObjectNode body, String table, List<Detail> problems) {
        Map<String, String> files = new TreeMap<>();
        JsonNode node = body.path("files");
        if (!node.isMissingNode() && !node.isObject()) {
            problems.add(wrong("files", "not a JSON object", "texts by their file's name"));
        }
        node.properties().forEach(file -> {
            String name = file.getKey();
            boolean plain = FILE.matcher(name).matches() && !name.equals(InboxFiles.JOB_FILE) && !name.equals(table);
            if (plain && file.getValue().isString()) {
                files.put(name, file.getValue().stringValue());
            } else {
                problems.add(wrong(
                        "files", plain ? "a value that is not a string" : "another name", "a text under " + FILE_RULE));
            }
        });
        return files;
    }

    private static String text(ObjectNode body, String field, String absent, List<Detail> problems) {
        JsonNode node = body.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return absent;
        }
        if (node.isString() && !node.stringValue().isBlank()) {
            return node.stringValue();
        }
        problems.add(wrong(field, "not a string", "a string"));
        return absent;
    }

    static Detail wrong(String field, String found, String expected) {
        return Detail.of(ApiCode.API_FIELD_INVALID, "the request, field `" + field + "`", found, expected);
    }
}
