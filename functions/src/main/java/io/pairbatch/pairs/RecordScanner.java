package io.pairbatch.pairs;

import java.io.IOException;
import java.io.InputStream;

/// Cuts a stream of bytes into records: lines, or CSV records whose quoted fields may contain line breaks. Works on
/// bytes, so that an error inside a record cannot affect the next one. A quote opens a field only at the field's
/// beginning. Buffers one record of at most [#MAX_RECORD] bytes.
final class RecordScanner {

    /// A longer record is refused.
    static final int MAX_RECORD = 16 << 20;

    /// In place of a separator.
    static final char LINES = '\n';

    private static final int FIRST_BUFFER = 1 << 16;

    /// How a record ended.
    enum End {
        /// At a line break or at the end of the input.
        REGULAR,
        /// Nowhere: a quote opens in its first line and does not close within the input or the limit. The record is
        /// that first line.
        OPEN_QUOTE,
        /// Beyond the limit; the record's bytes are discarded.
        TOO_LONG
    }

    private enum Quote {
        FIELD_START,
        NONE,
        OPEN,
        CLOSED
    }

    private final InputStream in;
    private final boolean csv;
    private final byte separator;
    private final int maxRecord;

    private byte[] buffer = new byte[FIRST_BUFFER];
    /// Offset of `buffer[0]` in the input.
    private long base;
    /// Where the record and the next one begin in the buffer, and where the buffer's content ends.
    private int start;

    private int next;
    private int filled;
    private int length;
    private int afterFirstLine;
    private End end = End.REGULAR;

    /// @param separator between the fields of a CSV record; [#LINES] for plain lines
    /// @param offset the offset of the stream's first byte in the input
    RecordScanner(InputStream in, char separator, long offset, int maxRecord) {
        this.in = in;
        this.csv = separator != LINES;
        this.separator = (byte) separator;
        this.base = offset;
        this.maxRecord = maxRecord;
    }

    /// Moves to the next record; false at the end of the input.
    boolean next() throws IOException {
        start = next;
        if (!has(0)) {
            return false;
        }
        afterFirstLine = -1;
        Quote quote = Quote.FIELD_START;
        int i = 0;
        // The first comparison is has(i) for the usual case, a buffered byte.
        while (start + i < filled || has(i)) {
            byte b = buffer[start + i];
            if (quote != Quote.OPEN && isLineEnd(b)) {
                return regular(i, afterLineEnd(i));
            }
            if (quote == Quote.OPEN && afterFirstLine < 0 && isLineEnd(b)) {
                afterFirstLine = afterLineEnd(i);
            }
            quote = csv ? after(quote, b) : Quote.NONE;
            i++;
            if (i > maxRecord) {
                return afterFirstLine < 0 ? tooLong() : openQuote();
            }
        }
        return quote == Quote.OPEN ? openQuoteAtEnd(i) : regular(i, i);
    }

    /// Makes the record end after its first line, because the following lines may be good rows.
    void keepFirstLineOnly() {
        if (afterFirstLine >= 0) {
            openQuote();
        }
    }

    /// Whether the record spans several lines.
    boolean severalLines() {
        return afterFirstLine >= 0;
    }

    End end() {
        return end;
    }

    byte[] bytes() {
        return buffer;
    }

    int start() {
        return start;
    }

    /// The length of the record in bytes without its line break; 0 for [End#TOO_LONG].
    int length() {
        return length;
    }

    /// Where the next record begins in the input.
    long offset() {
        return base + next;
    }

    private Quote after(Quote quote, byte b) {
        return switch (quote) {
            case OPEN -> b == '"' ? Quote.CLOSED : Quote.OPEN;
            case CLOSED -> b == '"' ? Quote.OPEN : b == separator ? Quote.FIELD_START : Quote.NONE;
            case FIELD_START -> b == '"' ? Quote.OPEN : b == separator ? Quote.FIELD_START : Quote.NONE;
            case NONE -> b == separator ? Quote.FIELD_START : Quote.NONE;
        };
    }

    private boolean isLineEnd(byte b) {
        return b == '\n' || (csv && b == '\r');
    }

    /// The index after the line break at `i`; CR LF counts as one.
    private int afterLineEnd(int i) throws IOException {
        boolean crLf = buffer[start + i] == '\r' && has(i + 1) && buffer[start + i + 1] == '\n';
        return crLf ? i + 2 : i + 1;
    }

    private boolean regular(int recordLength, int nextIndex) {
        end = End.REGULAR;
        length = recordLength;
        next = start + nextIndex;
        return true;
    }

    private boolean openQuote() {
        end = End.OPEN_QUOTE;
        length = afterFirstLine;
        next = start + afterFirstLine;
        return true;
    }

    private boolean openQuoteAtEnd(int recordLength) {
        if (afterFirstLine < 0) {
            afterFirstLine = recordLength;
        }
        return openQuote();
    }

    /// Drops the rest of the line.
    private boolean tooLong() throws IOException {
        end = End.TOO_LONG;
        length = 0;
        next = start + maxRecord;
        do {
            start = next;
            next = start + 1;
        } while (has(0) && !isLineEnd(buffer[start]));
        if (has(0)) {
            next = start + afterLineEnd(0);
        } else {
            next = start;
        }
        return true;
    }

    /// Whether there is a byte at `start + i`; reads more if needed.
    private boolean has(int i) throws IOException {
        while (start + i >= filled) {
            if (filled == buffer.length) {
                makeRoom();
            }
            int n = in.read(buffer, filled, buffer.length - filled);
            if (n < 0) {
                return false;
            }
            filled += n;
        }
        return true;
    }

    private void makeRoom() {
        int kept = filled - start;
        int size = buffer.length;
        if (kept > size / 2) {
            size *= 2;
        } else if (kept < FIRST_BUFFER / 2) {
            size = FIRST_BUFFER;
        }
        byte[] target = size == buffer.length ? buffer : new byte[size];
        System.arraycopy(buffer, start, target, 0, kept);
        buffer = target;
        base += start;
        next -= start;
        start = 0;
        filled = kept;
    }
}
