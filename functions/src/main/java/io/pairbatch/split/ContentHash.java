package io.pairbatch.split;

import io.pairbatch.text.Hex;
import java.security.MessageDigest;
import java.util.HexFormat;

/// What a table's accepted rows say, in their order: `h ← SHA-256(h ‖ SHA-256(row))` over IDs and texts. It does not
/// depend on the format, the encoding of line ends, compression, or other columns.
///
/// @param hex 64 hex digits; zeros before the first row
public record ContentHash(String hex) {

    static final ContentHash NONE = new ContentHash("0".repeat(64));

    /// @param row the digest of the next row ([RowPrint#digest])
    ContentHash plus(byte[] row) {
        MessageDigest all = Hex.sha256();
        all.update(HexFormat.of().parseHex(hex));
        return new ContentHash(Hex.of(all.digest(row)));
    }
}
