package io.pairbatch.pairs;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Strict decoding: bytes that are not UTF-8 are refused.
final class Utf8 {

    private static final int CHUNK = 1 << 13;

    private Utf8() {}

    /// The text, or null if a byte is not UTF-8.
    static @Nullable String decode(byte[] bytes, int start, int length) {
        // The library's decoder is fast and writes U+FFFD for invalid bytes; only a text that contains one is checked
        // again.
        String text = new String(bytes, start, length, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') >= 0 && firstBadByte(bytes, start, length) > 0 ? null : text;
    }

    /// The first byte (1-based) that is not UTF-8, or 0 if there is none.
    static int firstBadByte(byte[] bytes, int start, int length) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, start, length);
        CharBuffer out = CharBuffer.allocate(CHUNK);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (result.isError()) {
                return in.position() - start + 1;
            }
            if (result.isUnderflow()) {
                return 0;
            }
            out.clear();
        }
    }
}
