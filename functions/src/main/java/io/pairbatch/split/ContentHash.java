package io.pairbatch.split;

import io.pairbatch.pairs.Pair;
import io.pairbatch.text.Hex;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/// What a table's accepted rows say, in their order: `h ← SHA-256(h ‖ SHA-256(row))` over IDs and texts. It does not
/// depend on the format, the encoding of line ends, compression, or other columns.
///
/// @param hex 64 hex digits; zeros before the first row
public record ContentHash(String hex) {

    static final ContentHash NONE = new ContentHash("0".repeat(64));

    ContentHash plus(Pair pair) {
        MessageDigest row = Hex.sha256();
        for (String part : List.of(pair.id1(), pair.text1(), pair.id2(), pair.text2())) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            // The length keeps ("a", "bc") and ("ab", "c") apart.
            row.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            row.update(bytes);
        }
        MessageDigest all = Hex.sha256();
        all.update(HexFormat.of().parseHex(hex));
        return new ContentHash(Hex.of(all.digest(row.digest())));
    }
}
