package io.pairbatch.spec;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A source that may set fields of a job: `job.json`, the object's metadata, `inbox/defaults.json`, the stack.
///
/// @param name for messages, such as `job.json`
/// @param fields one JSON object; numbers are kept as they were written
public record SpecLayer(String name, ObjectNode fields) {

    /// What a frozen job says beside its specification.
    private static final Set<String> FRAME = Set.of(
            "job_id",
            "created_at",
            "pairbatch_version",
            "simulated",
            "panel",
            "source",
            "prompt_template_sha256",
            "spec");

    /// A longer specification is refused: a template that large should be a separate file.
    private static final int MAX_BYTES = 1 << 20;

    private static final String ONE_OBJECT = "one JSON object, each field once";

    /// A layer that sets nothing.
    public static SpecLayer empty(String name) {
        return new SpecLayer(name, JsonNodeFactory.instance.objectNode());
    }

    /// Reads one JSON object, a job's own or that of a [frozen job][#fieldsOf]; buffers at most 1 MiB.
    ///
    /// @throws JobRejectedException `SPEC_NOT_JSON`, with line and column if they are known
    public static SpecLayer parse(String name, InputStream in) throws IOException {
        return new SpecLayer(name, fieldsOf(read(name, in)));
    }

    /// Reads one JSON object as it is; buffers at most 1 MiB.
    ///
    /// @throws JobRejectedException `SPEC_NOT_JSON`, with line and column if they are known
    public static ObjectNode read(String name, InputStream in) throws IOException {
        return read(name, bytes(name, in));
    }

    /// The bytes of one JSON object: at most 1 MiB.
    ///
    /// @throws JobRejectedException `SPEC_NOT_JSON` if there are more
    public static byte[] bytes(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw notJson(name, "more than 1 MiB", "one JSON object of 1 MiB at most");
        }
        return bytes;
    }

    /// Reads [one JSON object][#bytes] as it is.
    ///
    /// @throws JobRejectedException `SPEC_NOT_JSON`, with line and column if they are known
    public static ObjectNode read(String name, byte[] bytes) {
        byte[] text = withoutBom(bytes);
        try {
            JsonNode node = Json.MAPPER.readTree(text);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw notJson(name, bytes.length == 0 ? "an empty file" : "JSON that is not an object", "one JSON object");
        } catch (StreamReadException e) {
            OptionalInt comma = trailingComma(text, e.getLocation());
            if (comma.isPresent()) {
                throw notJson(
                        placed(name, text, comma.getAsInt()),
                        "a comma after the last field or value",
                        "no comma before a closing } or ]");
            }
            if (isTwice(e)) {
                throw notJson(placed(name, text, e), "a field that stands twice", ONE_OBJECT);
            }
            Optional<JsonSlips.Slip> slip = JsonSlips.in(text);
            throw slip.isPresent()
                    ? notJson(
                            placed(name, text, slip.get().at()),
                            slip.get().found(),
                            slip.get().expected())
                    : notJson(placed(name, text, e), "text that is not JSON", ONE_OBJECT);
        } catch (JacksonException e) {
            throw notJson(placed(name, text, e), "text after the object", ONE_OBJECT);
        }
    }

    /// The fields that a job file sets. The frozen `job.json` of a job, which lies beside its results, is a job file
    /// like any other: its specification counts, and what it says of the job that it was does not.
    public static ObjectNode fieldsOf(ObjectNode file) {
        boolean frozen = file.has("job_id")
                && FRAME.containsAll(file.propertyNames())
                && file.path("spec").isObject();
        return frozen ? (ObjectNode) file.path("spec") : file;
    }

    /// The fields in an S3 object's metadata. Names may use `-` for `_`; a value that is a number or a boolean in JSON
    /// is read as one, unless the field is a string.
    public static SpecLayer ofMetadata(String name, Map<String, String> metadata, OptionsReaders readers) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        metadata.forEach((key, value) -> {
            String field = key.toLowerCase(Locale.ROOT).replace('-', '_');
            fields.set(
                    field,
                    SpecNames.isText(field, readers) ? JsonNodeFactory.instance.stringNode(value) : scalar(value));
        });
        return new SpecLayer(name, fields);
    }

    /// Two layers as one. What `nearer` sets replaces what `farther` has, and a null removes it. Where `nearer` says
    /// how to split, `farther` says nothing of it any more.
    public static ObjectNode merged(ObjectNode nearer, ObjectNode farther) {
        ObjectNode merged = farther.deepCopy();
        boolean splits = JobFields.HOW_TO_SPLIT.stream().anyMatch(nearer::hasNonNull);
        if (splits) {
            merged.remove(JobFields.HOW_TO_SPLIT);
        }
        nearer.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                merged.remove(field.getKey());
            } else {
                merged.set(field.getKey(), field.getValue());
            }
        });
        return merged;
    }

    private static JsonNode scalar(String value) {
        try {
            JsonNode node = Json.MAPPER.readTree(value);
            if (node.isNumber() || node.isBoolean() || node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.stringNode(value);
        }
        return JsonNodeFactory.instance.stringNode(value);
    }

    private static byte[] withoutBom(byte[] bytes) {
        boolean bom =
                bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        return bom ? java.util.Arrays.copyOfRange(bytes, 3, bytes.length) : bytes;
    }

    private static String placed(String name, byte[] bytes, JacksonException e) {
        // Jackson counts the bytes of a line.
        int at = begin(bytes, e.getLocation().getLineNr()) + e.getLocation().getColumnNr() - 1;
        return placed(name, bytes, Math.clamp(at, 0, bytes.length));
    }

    private static String placed(String name, byte[] bytes, int at) {
        return name + ", " + JsonSlips.place(bytes, at);
    }

    /// The comma before the bracket that could not be read, if that is what was found.
    private static OptionalInt trailingComma(byte[] bytes, TokenStreamLocation location) {
        int at = begin(bytes, location.getLineNr()) + location.getColumnNr() - 1;
        // The place is that of the bracket, or the one after it.
        for (int i = Math.min(at, bytes.length - 1); i >= Math.max(0, at - 1); i--) {
            if (bytes[i] == '}' || bytes[i] == ']') {
                int before = i - 1;
                while (before >= 0 && Character.isWhitespace(bytes[before])) {
                    before--;
                }
                return before >= 0 && bytes[before] == ',' ? OptionalInt.of(before) : OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }

    /// Where a line begins, from 1 on.
    private static int begin(byte[] bytes, int line) {
        int begin = 0;
        int lines = 1;
        for (int i = 0; i < bytes.length && lines < line; i++) {
            if (bytes[i] == '\n') {
                lines++;
                begin = i + 1;
            }
        }
        return begin;
    }

    /// Jackson's own message may quote the file, and the file may hold secrets.
    private static boolean isTwice(StreamReadException e) {
        return e.getOriginalMessage().startsWith("Duplicate");
    }

    private static JobRejectedException notJson(String where, String found, String expected) {
        return new JobRejectedException(new Problem(ErrorCode.SPEC_NOT_JSON, where, found, expected));
    }
}
