package io.pairbatch.results;

import static io.pairbatch.text.JsonWalk.members;

import io.pairbatch.pairs.Pair;
import io.pairbatch.store.JobStore;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// The pairs of a segment as the split wrote them, one JSON object per line: `{"row":12,"pair":{…}}`. Buffers one pair.
public final class PairFile implements Closeable {

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /// What is fetched ahead of a file at most.
    private static final int AHEAD = 1 << 16;

    private final JsonParser json;
    private final @Nullable PairTexts texts;

    private PairFile(JsonParser json, @Nullable PairTexts texts) {
        this.json = json;
        this.texts = texts;
    }

    /// Opens `batch_NN_pairs.jsonl`.
    ///
    /// @param texts of the pairs that a design has made, whose own stand nowhere else; null if texts are not needed
    public static PairFile open(JobStore store, String name, @Nullable PairTexts texts) throws IOException {
        return new PairFile(
                JSON.createParser(
                        ObjectReadContext.empty(), store.open(name).orElseThrow(() -> new FileNotFoundException(name))),
                texts);
    }

    /// A file that is opened later.
    ///
    /// @param whole all of it, if it is small
    @SuppressWarnings("ArrayRecordComponent")
    public record Fetched(String name, byte @Nullable [] whole) {}

    /// Fetches a file if it has 64 KiB at most, so that many of them are there when they are opened one by one.
    public static Fetched fetch(JobStore store, String name) throws IOException {
        try (InputStream in = store.open(name).orElseThrow(() -> new FileNotFoundException(name))) {
            byte[] start = in.readNBytes(AHEAD + 1);
            return new Fetched(name, start.length > AHEAD ? null : start);
        }
    }

    /// Opens a file that was fetched.
    ///
    /// @param texts as above
    public static PairFile open(JobStore store, Fetched file, @Nullable PairTexts texts) throws IOException {
        return file.whole() == null
                ? open(store, file.name(), texts)
                : new PairFile(JSON.createParser(ObjectReadContext.empty(), file.whole()), texts);
    }

    /// The input rows of all pairs, ascending.
    public static long[] rows(JobStore store, String name) throws IOException {
        long[] rows = new long[1024];
        int count = 0;
        try (PairFile file = open(store, name, null)) {
            for (long row = file.nextRow(); row > 0; row = file.nextRow()) {
                if (count > 0 && rows[count - 1] >= row) {
                    throw new IllegalStateException(name + ": row " + row + " is out of order");
                }
                if (count == rows.length) {
                    rows = Arrays.copyOf(rows, count * 2);
                }
                rows[count++] = row;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    /// The next pair, null after the last one. Its texts are empty where they stand elsewhere and are not needed.
    public @Nullable Pair next() throws IOException {
        if (json.nextToken() == null) {
            return null;
        }
        long row = 0;
        SequencedMap<String, @Nullable String> columns = new LinkedHashMap<>();
        for (String name : members(json)) {
            switch (name) {
                case "row" -> row = json.getLongValue();
                case "pair" -> readColumns(columns);
            }
        }
        String id1 = required(columns, "ID1");
        String id2 = required(columns, "ID2");
        return new Pair(row, id1, id2, text(columns, "text1", id1), text(columns, "text2", id2), columns);
    }

    @Override
    public void close() {
        json.close();
    }

    private void readColumns(SequencedMap<String, @Nullable String> columns) {
        for (String column : members(json)) {
            columns.put(column, json.currentToken() == JsonToken.VALUE_NULL ? null : json.getString());
        }
    }

    /// The next pair's row without its texts, 0 after the last one.
    private long nextRow() {
        if (json.nextToken() == null) {
            return 0;
        }
        long row = 0;
        for (String name : members(json)) {
            if (name.equals("row")) {
                row = json.getLongValue();
            }
        }
        return row;
    }

    private String text(SequencedMap<String, @Nullable String> columns, String name, String id) throws IOException {
        String text = columns.get(name);
        if (text != null) {
            return text;
        }
        return texts == null ? "" : texts.of(id);
    }

    private static String required(SequencedMap<String, @Nullable String> columns, String name) {
        String value = columns.get(name);
        if (value == null) {
            throw new IllegalStateException("a pair without " + name + " was accepted");
        }
        return value;
    }
}
