package io.pairbatch.collect;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The lines of a stream, each of them a stream itself, so that no line is ever held in memory as a whole. Blank lines
/// are counted and skipped. Buffers 64 KiB and the first 8 KiB of a line.
final class Lines implements Closeable {

    private final InputStream in;
    private final long maxLineBytes;
    private final byte[] buffer = new byte[64 << 10];
    private final byte[] start = new byte[8 << 10];
    private int position;
    private int limit;
    private int startLength;
    private long lineBytes;
    private long number;
    private boolean inLine;

    Lines(InputStream in, long maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /// Moves to the next line that is not blank, skipping the rest of the current one.
    boolean next() throws IOException {
        finish();
        if (number == 0) {
            number = 1;
        }
        for (int b = peek(); b >= 0; b = peek()) {
            if (b == '\n') {
                number++;
            } else if (b != ' ' && b != '\t' && b != '\r') {
                startLength = 0;
                lineBytes = 0;
                inLine = true;
                return true;
            }
            position++;
        }
        return false;
    }

    /// The current line's number, from 1.
    long number() {
        return number;
    }

    /// The current line up to its end, or up to one byte beyond the limit if it is longer.
    InputStream line() {
        return new Line();
    }

    /// Whether the current line is longer than the limit; reads it to its end.
    boolean isTooLong() throws IOException {
        readToEnd();
        return lineBytes > maxLineBytes;
    }

    /// Whether a line break follows the current line; reads it to its end. A line without one may be truncated.
    boolean isEnded() throws IOException {
        readToEnd();
        return peek() == '\n';
    }

    /// The first characters of the current line, which is read to its end; bytes that are not UTF-8 are replaced.
    String start(int chars) throws IOException {
        readToEnd();
        String text = new String(start, 0, startLength, StandardCharsets.UTF_8);
        if (text.length() <= chars) {
            return text.stripTrailing();
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /// Ends the current line by consuming its line break.
    private void finish() throws IOException {
        if (number > 0) {
            readToEnd();
            if (peek() == '\n') {
                position++;
                number++;
            }
        }
    }

    private void readToEnd() throws IOException {
        while (inLine) {
            advance(Integer.MAX_VALUE);
        }
    }

    /// The next byte without consuming it, -1 at the end of the stream.
    private int peek() throws IOException {
        if (position == limit) {
            limit = Math.max(0, in.read(buffer));
            position = 0;
        }
        return limit == 0 ? -1 : buffer[position] & 0xff;
    }

    /// Consumes at most `max` buffered bytes of the line and returns how many; 0 at the end of the line.
    private int advance(int max) throws IOException {
        if (!inLine) {
            return 0;
        }
        int next = peek();
        if (next < 0 || next == '\n') {
            inLine = false;
            return 0;
        }
        int end = position;
        int stop = (int) Math.min(limit, (long) position + max);
        while (end < stop && buffer[end] != '\n') {
            end++;
        }
        int count = end - position;
        int kept = Math.min(count, start.length - startLength);
        System.arraycopy(buffer, position, start, startLength, kept);
        startLength += kept;
        position = end;
        lineBytes += count;
        return count;
    }

    private final class Line extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (lineBytes > maxLineBytes) {
                return -1;
            }
            int count = advance(length);
            if (count == 0) {
                return -1;
            }
            System.arraycopy(buffer, position - count, target, offset, count);
            return count;
        }
    }
}
