package io.pairbatch.split;

import io.pairbatch.pairs.Pair;
import io.pairbatch.text.Hex;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Consumer;

/// What a pair is known by in whatever table it stands: the first 16 bytes of SHA-256 over its IDs and texts. A segment
/// keeps those of its rows in `parts/batch_NN_prints.bin`, in their order and nothing else, so that another table can
/// be
/// compared with it without its texts.
///
/// @param high the first 8 bytes
/// @param low the next 8
public record RowPrint(long high, long low) {

    static final int BYTES = 16;

    /// That of a pair.
    public static RowPrint of(Pair pair) {
        ByteBuffer digest = ByteBuffer.wrap(digest(pair));
        return new RowPrint(digest.getLong(), digest.getLong());
    }

    /// Reads those of a segment to the end of its file.
    public static void read(InputStream in, Consumer<RowPrint> each) throws IOException {
        DataInputStream data = new DataInputStream(in);
        while (true) {
            long high;
            try {
                high = data.readLong();
            } catch (EOFException e) {
                return;
            }
            each.accept(new RowPrint(high, data.readLong()));
        }
    }

    /// SHA-256 over the pair's IDs and texts.
    static byte[] digest(Pair pair) {
        MessageDigest row = Hex.sha256();
        for (String part : List.of(pair.id1(), pair.text1(), pair.id2(), pair.text2())) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            // The length keeps ("a", "bc") and ("ab", "c") apart.
            row.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            row.update(bytes);
        }
        return row.digest();
    }
}
