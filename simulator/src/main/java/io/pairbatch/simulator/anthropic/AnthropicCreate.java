package io.pairbatch.simulator.anthropic;

import io.pairbatch.simulator.store.Json;
import io.pairbatch.simulator.store.LineReader;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;

/// Reads the body of a create as a stream and writes each request to disk as one line. Keeps only the custom_ids and
/// one string in memory. Params are not validated here: the service does that later.
final class AnthropicCreate {

    /// The result of reading a body.
    ///
    /// @param error why the body is refused, null if it is accepted
    /// @param first the first custom_id, empty if there is none
    record Body(@Nullable AnthropicError error, int requests, String first) {}

    private static final List<String> MEMBERS = List.of("custom_id", "params");
    private static final AnthropicError NOT_JSON = AnthropicError.invalid("The request body is not valid JSON");
    private static final String LEGAL = "[a-zA-Z0-9_-]+";

    private final int mostRequests;
    private final long mostBytes;
    private final Set<String> customIds = new HashSet<>();
    private String first = "";
    private int requests;
    private @Nullable String wrong;
    private @Nullable String duplicate;

    AnthropicCreate(int mostRequests, long mostBytes) {
        this.mostRequests = mostRequests;
        this.mostBytes = mostBytes;
    }

    /// Reads the whole body.
    Body read(InputStream body, Path lines) throws IOException {
        Counter counter = new Counter(body);
        AnthropicError error = null;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(lines), 1 << 16);
                JsonParser in = Json.MAPPER.createParser(counter)) {
            if (!document(in, out) || in.nextToken() != null) {
                error = NOT_JSON;
            }
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            error = NOT_JSON;
        }
        counter.transferTo(OutputStream.nullOutputStream());
        return new Body(
                counter.bytes > mostBytes ? AnthropicError.outage(413) : error != null ? error : refusal(),
                requests,
                first);
    }

    private @Nullable AnthropicError refusal() {
        if (wrong == null && requests > mostRequests) {
            wrong = "requests: List should have at most " + mostRequests + " items after validation, not " + requests;
        }
        String message = wrong != null ? wrong : duplicate;
        return message == null ? null : AnthropicError.invalid(message);
    }

    /// False if the body is empty.
    private boolean document(JsonParser in, OutputStream out) throws IOException {
        boolean seen = false;
        JsonToken start = in.nextToken();
        if (start == null) {
            return false;
        }
        if (start != JsonToken.START_OBJECT) {
            wrong("Input should be a valid dictionary");
            in.skipChildren();
        } else {
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                in.nextToken();
                if (name.equals("requests")) {
                    seen = true;
                    requests(in, out);
                } else {
                    wrong(name + ": Extra inputs are not permitted");
                    in.skipChildren();
                }
            }
            if (!seen) {
                wrong("requests: Field required");
            }
        }
        return true;
    }

    private void requests(JsonParser in, OutputStream out) throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            wrong("requests: Input should be a valid list");
            in.skipChildren();
            return;
        }
        while (in.nextToken() != JsonToken.END_ARRAY) {
            String at = "requests." + requests++;
            if (wrong != null || requests > mostRequests) {
                in.skipChildren();
            } else if (in.currentToken() != JsonToken.START_OBJECT) {
                wrong(at + ": Input should be a valid dictionary");
                in.skipChildren();
            } else {
                request(at + ".", in, out);
            }
        }
        if (requests == 0) {
            wrong("requests: List should have at least 1 item after validation, not 0");
        }
    }

    private void request(String at, JsonParser in, OutputStream out) throws IOException {
        Set<String> seen = new HashSet<>();
        Unclosed written = new Unclosed(out);
        try (JsonGenerator line = Json.MAPPER.createGenerator(written)) {
            line.writeStartObject();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                in.nextToken();
                if (!MEMBERS.contains(name)) {
                    wrong(at + name + ": Extra inputs are not permitted");
                    in.skipChildren();
                } else if (!seen.add(name) || !member(at + name, name, in)) {
                    in.skipChildren();
                } else {
                    line.writeName(name);
                    line.copyCurrentStructure(in);
                }
            }
            line.writeEndObject();
        }
        out.write('\n');
        if (written.bytes > LineReader.LONGEST) {
            wrong(at + "params: Request exceeds the maximum size");
        }
        for (String member : MEMBERS) {
            if (!seen.contains(member)) {
                wrong(at + member + ": Field required");
            }
        }
    }

    /// Whether the member that starts here is valid and may be written.
    private boolean member(String at, String name, JsonParser in) {
        if (name.equals("params")) {
            boolean object = in.currentToken() == JsonToken.START_OBJECT;
            if (!object) {
                wrong(at + ": Input should be a valid dictionary");
            }
            return object;
        }
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            wrong(at + ": Input should be a valid string");
            return false;
        }
        customId(at, in.getString());
        return true;
    }

    private void customId(String at, String id) {
        if (id.isEmpty()) {
            wrong(at + ": String should have at least 1 character");
        } else if (id.length() > 64) {
            wrong(at + ": String should have at most 64 characters");
        } else if (!id.matches(LEGAL)) {
            wrong(at + ": String should match pattern '^[a-zA-Z0-9_-]{1,64}$'");
        } else if (!customIds.add(id) && duplicate == null) {
            duplicate = "requests: custom_id's must be unique within a batch. Duplicate custom_id found: " + id;
        }
        first = first.isEmpty() ? id : first;
    }

    private void wrong(String message) {
        wrong = wrong == null ? message : wrong;
    }

    /// Counts the bytes read.
    private static final class Counter extends FilterInputStream {

        private long bytes;

        Counter(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            bytes += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read = in.read(buffer, from, length);
            bytes += Math.max(0, read);
            return read;
        }

        @Override
        public void close() {
            // The rest is read, and counted, when the parser is done.
        }
    }

    /// One line of the file. Closing it leaves the file open for the next line.
    private static final class Unclosed extends FilterOutputStream {

        private long bytes;

        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] buffer, int from, int length) throws IOException {
            out.write(buffer, from, length);
            bytes += length;
        }

        @Override
        public void flush() {
            // Flushing each line would cost one write per line.
        }

        @Override
        public void close() {
            // The next line goes to the same stream.
        }
    }
}
