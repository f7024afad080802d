package io.pairbatch.simulator.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Reads the lines of a JSONL stream as bytes. Keeps one line in memory, at most [#LONGEST] bytes; a longer one is
/// skipped and flagged.
public final class LineReader {

    public static final int LONGEST = 32 << 20;

    private final InputStream in;
    private final byte[] chunk = new byte[1 << 16];
    private int at;
    private int end;
    private byte[] line = new byte[1 << 12];
    private int length;
    private boolean tooLong;
    private boolean ended;
    private int number;

    public LineReader(InputStream in) {
        this.in = in;
    }

    /// Moves to the next line; false at the end of the stream.
    public boolean next() throws IOException {
        length = 0;
        tooLong = false;
        ended = false;
        boolean any = false;
        while (at < end || fill()) {
            any = true;
            int stop = at;
            while (stop < end && chunk[stop] != '\n') {
                stop++;
            }
            keep(at, stop);
            at = stop;
            if (stop < end) {
                at++;
                ended = true;
                break;
            }
        }
        if (any) {
            number++;
        }
        return any;
    }

    public byte[] bytes() {
        return line;
    }

    public int length() {
        return length;
    }

    /// Counted from 1, blank lines included.
    public int number() {
        return number;
    }

    /// False for a last line without a line break.
    boolean ended() {
        return ended;
    }

    public boolean tooLong() {
        return tooLong;
    }

    public boolean blank() {
        for (int i = 0; i < length; i++) {
            if (line[i] > ' ' || line[i] < 0) {
                return false;
            }
        }
        return !tooLong;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(chunk));
        return end > 0;
    }

    private void keep(int from, int to) {
        int size = to - from;
        if (tooLong || length + size > LONGEST) {
            tooLong = true;
            return;
        }
        if (length + size > line.length) {
            line = Arrays.copyOf(line, Math.min(LONGEST, Math.max(length + size, line.length * 2)));
        }
        System.arraycopy(chunk, from, line, length, size);
        length += size;
    }
}
