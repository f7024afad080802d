package io.pairbatch.store;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The records of one of our CSV files ([Csv]), whose fields are copied unchanged: what is quoted
/// stays quoted, because `NA` is missing and `"NA"` is a text. Buffers one record.
public final class RawRows implements Closeable {

    private static final int BUFFER = 1 << 16;
    private static final byte[] NA = "NA".getBytes(StandardCharsets.UTF_8);

    private final InputStream in;
    private final ByteArrayOutputStream record = new ByteArrayOutputStream();
    /// Where each field of the record ends.
    private final List<Integer> ends = new ArrayList<>();

    public RawRows(InputStream in) {
        this.in = new BufferedInputStream(in, BUFFER);
    }

    /// Moves to the next record; false at the end.
    ///
    /// @throws IOException also if the file ends within a record
    public boolean next() throws IOException {
        record.reset();
        ends.clear();
        boolean quoted = false;
        boolean any = false;
        for (int b = in.read(); b >= 0; b = in.read()) {
            any = true;
            quoted ^= b == '"';
            if (!quoted && b == '\n') {
                ends.add(record.size());
                return true;
            }
            if (!quoted && b == ',') {
                ends.add(record.size());
            } else {
                record.write(b);
            }
        }
        if (any) {
            throw new IOException("the file ends within a record");
        }
        return false;
    }

    public int fields() {
        return ends.size();
    }

    /// The fields as texts, without their quotes.
    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        byte[] bytes = record.toByteArray();
        for (int i = 0; i < ends.size(); i++) {
            String raw = new String(bytes, start(i), ends.get(i) - start(i), StandardCharsets.UTF_8);
            texts.add(
                    raw.startsWith("\"") && raw.length() > 1
                            ? raw.substring(1, raw.length() - 1).replace("\"\"", "\"")
                            : raw);
        }
        return texts;
    }

    /// Writes a record with other columns.
    ///
    /// @param places the index of each field in this record; negative if it is missing here
    public void write(OutputStream out, int[] places) throws IOException {
        write(out, places, -1, NA);
    }

    /// The same with another value in one field.
    ///
    /// @param changed the index of that field in what is written; negative for none
    /// @param value as it stands in the file
    public void write(OutputStream out, int[] places, int changed, byte[] value) throws IOException {
        byte[] bytes = record.toByteArray();
        for (int i = 0; i < places.length; i++) {
            if (i > 0) {
                out.write(',');
            }
            int place = places[i];
            if (i == changed) {
                out.write(value);
            } else if (place < 0) {
                out.write(NA);
            } else {
                out.write(bytes, start(place), ends.get(place) - start(place));
            }
        }
        out.write('\n');
    }

    private int start(int field) {
        return field == 0 ? 0 : ends.get(field - 1);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
