package io.pairbatch.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 as we write it: 64 lower-case hex digits.
public final class Hex {

    private Hex() {}

    /// A new SHA-256 digest.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /// The digest of a text's UTF-8 bytes.
    public static String sha256(String text) {
        return of(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// The bytes in hex.
    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
