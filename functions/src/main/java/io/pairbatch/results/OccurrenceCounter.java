package io.pairbatch.results;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Counts the occurrences of each key. IDs may have any length, so a key is stored as 128 bits of its SHA-256: at most
/// 40 bytes per key.
final class OccurrenceCounter {

    private final MessageDigest sha256 = sha256();
    private long[] high = new long[16];
    private long[] low = new long[16];
    private int[] counts = new int[16];
    private int size;

    /// Counts `key` and returns its occurrence, starting at 1.
    int next(String key) {
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
        if (size * 2 >= counts.length) {
            grow();
        }
        int slot = slotOf(digest.getLong(), digest.getLong());
        return ++counts[slot];
    }

    private int slotOf(long h, long l) {
        int mask = counts.length - 1;
        int slot = (int) h & mask;
        while (counts[slot] != 0) {
            if (high[slot] == h && low[slot] == l) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        high[slot] = h;
        low[slot] = l;
        size++;
        return slot;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        int[] oldCounts = counts;
        int capacity = oldCounts.length * 2;
        high = new long[capacity];
        low = new long[capacity];
        counts = new int[capacity];
        size = 0;
        for (int i = 0; i < oldCounts.length; i++) {
            if (oldCounts[i] != 0) {
                counts[slotOf(oldHigh[i], oldLow[i])] = oldCounts[i];
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
