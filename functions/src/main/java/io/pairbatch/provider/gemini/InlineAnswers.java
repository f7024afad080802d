package io.pairbatch.provider.gemini;

import io.pairbatch.text.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The answers of a batch whose requests were sent inline, which stand in the batch itself, as lines of a file of
/// answers. Such requests need not have a key: an answer is known by its place (contract 2), so that the key of the
/// third
/// of ten is `3/10`. Where there are fewer answers than requests, no key fits. Buffers one answer.
final class InlineAnswers extends InputStream {

    private static final String NAME = "inlinedResponses";

    private final Closeable source;
    private final JsonParser json;
    private final long total;
    private long place;
    private InputStream line = InputStream.nullInputStream();

    private InlineAnswers(Closeable source, JsonParser json, long total) {
        this.source = source;
        this.json = json;
        this.total = total;
    }

    /// The lines.
    ///
    /// @param source is closed with this
    /// @param json at the beginning of the batch
    /// @param total how many answers there are
    static InlineAnswers of(Closeable source, JsonParser json, long total) throws IOException {
        InlineAnswers answers = new InlineAnswers(source, json, total);
        if (!begin(json) && total > 0) {
            throw new IOException("the batch has no answers any more");
        }
        return answers;
    }

    /// How many answers a batch holds.
    ///
    /// @param json at the beginning of the batch
    static long count(JsonParser json) {
        long count = 0;
        if (begin(json)) {
            while (json.nextToken() == JsonToken.START_OBJECT) {
                json.skipChildren();
                count++;
            }
        }
        return count;
    }

    /// Goes to the `[` of the first list of answers; they stand in the batch twice.
    private static boolean begin(JsonParser json) {
        for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
            if (token == JsonToken.PROPERTY_NAME && json.currentName().equals(NAME)) {
                if (json.nextToken() == JsonToken.START_ARRAY) {
                    return true;
                }
            } else if (token == JsonToken.PROPERTY_NAME && isText(json.currentName())) {
                json.nextToken();
                json.skipChildren();
            }
        }
        return false;
    }

    /// What may hold anything, and no list of answers.
    private static boolean isText(String name) {
        return name.equals("displayName") || name.equals("inputConfig") || name.equals("error");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int read = line.read(bytes, from, length);
        while (read < 0 && next()) {
            read = line.read(bytes, from, length);
        }
        return read;
    }

    private boolean next() throws IOException {
        try {
            if (place == total) {
                return false;
            }
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the batch holds " + place + " answers now, and held " + total);
            }
            place++;
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            try (JsonGenerator out = Json.MAPPER.createGenerator(text)) {
                out.writeStartObject();
                out.writeStringProperty("key", place + "/" + total);
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean key = json.currentName().equals("key");
                    if (key) {
                        json.nextToken();
                        json.skipChildren();
                    } else {
                        out.copyCurrentStructure(json);
                    }
                }
                out.writeEndObject();
            }
            text.write('\n');
            line = new ByteArrayInputStream(text.toByteArray());
            return true;
        } catch (JacksonException e) {
            throw new IOException("the batch broke off, or is no JSON", e);
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
