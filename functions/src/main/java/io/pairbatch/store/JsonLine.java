package io.pairbatch.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// One line of JSON in UTF-8, built byte by byte in a buffer that is reused for the next line. The caller writes the
/// structure, this class escapes the texts: only the two characters and the control characters for which JSON requires
/// it. A lone surrogate becomes U+FFFD. Buffers at most `maxBytes`; a longer line is discarded and reported.
public final class JsonLine {

    private static final int FIRST = 1 << 16;
    /// A larger buffer is released after the line that needed it.
    private static final int KEPT = 1 << 22;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_ESCAPE = 6;

    private final int maxBytes;
    private byte[] buffer = new byte[FIRST];
    private int size;
    private boolean tooLong;

    /// @param maxBytes the longest line that is kept
    public JsonLine(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /// Starts the next line.
    public void reset() {
        size = 0;
        tooLong = false;
        if (buffer.length > KEPT) {
            buffer = new byte[FIRST];
        }
    }

    /// Bytes so far.
    public int size() {
        return size;
    }

    /// Whether the line is longer than allowed; its content is then incomplete.
    public boolean tooLong() {
        return tooLong;
    }

    /// The longest line that is kept, in bytes.
    public int maxBytes() {
        return maxBytes;
    }

    /// Marks the line as longer than allowed, without building its content.
    public void giveUp() {
        tooLong = true;
    }

    /// Appends JSON as it is.
    public JsonLine raw(byte[] json) {
        if (room(json.length)) {
            System.arraycopy(json, 0, buffer, size, json.length);
            size += json.length;
        }
        return this;
    }

    /// Appends JSON as it is.
    public JsonLine raw(String json) {
        return raw(json.getBytes(StandardCharsets.UTF_8));
    }

    /// Appends a JSON string, quotes included.
    public JsonLine string(String value) {
        return raw("\"").text(value).raw("\"");
    }

    /// Appends a text inside a JSON string, without quotes.
    public JsonLine text(String value) {
        return text(value, 0, value.length());
    }

    /// Appends the characters from `from` to `to`, which must not split a surrogate pair.
    public JsonLine text(String value, int from, int to) {
        int i = from;
        while (i < to && room(LONGEST_ESCAPE)) {
            // As many characters as certainly fit, so that the space is checked once per chunk.
            int end = Math.min(to, i + (Math.min(buffer.length, maxBytes) - size) / LONGEST_ESCAPE);
            while (i < end) {
                char c = value.charAt(i);
                if (c < 0x80) {
                    ascii(c);
                } else if (Character.isHighSurrogate(c)
                        && i + 1 < to
                        && Character.isLowSurrogate(value.charAt(i + 1))) {
                    supplementary(Character.toCodePoint(c, value.charAt(++i)));
                } else {
                    basic(Character.isSurrogate(c) ? '\uFFFD' : c);
                }
                i++;
            }
        }
        return this;
    }

    /// Writes the line.
    public void writeTo(OutputStream out) throws IOException {
        out.write(buffer, 0, size);
    }

    /// Feeds the line to a digest.
    public void update(MessageDigest digest) {
        digest.update(buffer, 0, size);
    }

    /// A copy of the line.
    public byte[] toBytes() {
        return Arrays.copyOf(buffer, size);
    }

    private void ascii(char c) {
        if (c >= 0x20 && c != '"' && c != '\\') {
            buffer[size++] = (byte) c;
            return;
        }
        switch (c) {
            case '"', '\\' -> escape(c);
            case '\n' -> escape('n');
            case '\r' -> escape('r');
            case '\t' -> escape('t');
            case '\b' -> escape('b');
            case '\f' -> escape('f');
            default -> {
                escape('u');
                buffer[size++] = '0';
                buffer[size++] = '0';
                buffer[size++] = HEX[c >> 4];
                buffer[size++] = HEX[c & 15];
            }
        }
    }

    private void escape(char c) {
        buffer[size++] = '\\';
        buffer[size++] = (byte) c;
    }

    private void basic(int c) {
        if (c < 0x800) {
            buffer[size++] = (byte) (0xC0 | (c >> 6));
        } else {
            buffer[size++] = (byte) (0xE0 | (c >> 12));
            buffer[size++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        }
        buffer[size++] = (byte) (0x80 | (c & 0x3F));
    }

    private void supplementary(int c) {
        buffer[size++] = (byte) (0xF0 | (c >> 18));
        buffer[size++] = (byte) (0x80 | ((c >> 12) & 0x3F));
        buffer[size++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        buffer[size++] = (byte) (0x80 | (c & 0x3F));
    }

    private boolean room(int bytes) {
        if (tooLong || (long) size + bytes > maxBytes) {
            tooLong = true;
            return false;
        }
        if (size + bytes > buffer.length) {
            long doubled = Math.max((long) buffer.length * 2, (long) size + bytes);
            buffer = Arrays.copyOf(buffer, (int) Math.min(doubled, Math.max(maxBytes, FIRST)));
        }
        return true;
    }
}
