package io.pairbatch.numbers;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/// Numbers by 64-bit keys, or keys alone, as many as it has room for. Open addressing: up to 32 bytes an entry, or half
/// of that.
public final class LongTable {

    private static final int SMALLEST = 1 << 8;

    private final int most;
    private long[] keys = new long[SMALLEST];
    /// Empty where the keys have no numbers.
    private long[] values;
    private int size;

    /// @param most keys that are kept
    public LongTable(int most) {
        this(most, new long[SMALLEST]);
    }

    private LongTable(int most, long[] values) {
        this.most = most;
        this.values = values;
    }

    /// One of keys alone, each with the number 1.
    public static LongTable ofKeys(int most) {
        return new LongTable(most, new long[0]);
    }

    /// The number of a key; 0 if there is none.
    public long get(long key) {
        int slot = slot(key);
        return keys[slot] == key ? value(values, slot) : 0;
    }

    private static long value(long[] values, int slot) {
        return values.length == 0 ? 1 : values[slot];
    }

    /// Stores a number; false if there is no room for another key.
    ///
    /// @param key not 0
    /// @param value not 0
    public boolean put(long key, long value) {
        int slot = slot(key);
        if (keys[slot] != key) {
            if (size == most) {
                return false;
            }
            if (++size > keys.length / 4 * 3) {
                grow();
                slot = slot(key);
            }
            keys[slot] = key;
        }
        if (values.length > 0) {
            values[slot] = value;
        }
        return true;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key ^ (key >>> 32)) & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new long[oldValues.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                if (values.length > 0) {
                    values[slot] = oldValues[i];
                }
            }
        }
    }

    /// Writes the entries in the order of their keys, so that the same entries are the same bytes.
    public void writeTo(DataOutputStream out) throws IOException {
        long[] sorted = Arrays.stream(keys).filter(key -> key != 0).sorted().toArray();
        out.writeInt(sorted.length);
        for (long key : sorted) {
            out.writeLong(key);
            out.writeLong(get(key));
        }
    }

    /// Reads what [#writeTo] wrote.
    public void readFrom(DataInputStream in) throws IOException {
        int entries = in.readInt();
        for (int i = 0; i < entries; i++) {
            long key = in.readLong();
            put(key, in.readLong());
        }
    }
}
