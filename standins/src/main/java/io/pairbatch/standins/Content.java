package io.pairbatch.standins;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

/// Bytes that never change, shared by all users: a part or a copied range needs no copy of its bytes.
final class Content {

    private final List<Slice> slices;
    private final long size;

    private Content(List<Slice> slices) {
        this.slices = slices;
        long sum = 0;
        for (Slice slice : slices) {
            sum += slice.length;
        }
        this.size = sum;
    }

    /// @param bytes must not be modified afterwards
    static Content of(byte[] bytes) {
        return new Content(bytes.length == 0 ? List.of() : List.of(new Slice(bytes, 0, bytes.length)));
    }

    static Content joined(List<Content> contents) {
        return new Content(contents.stream().flatMap(c -> c.slices.stream()).toList());
    }

    Content range(long from, long length) {
        Objects.checkFromIndexSize(from, length, size);
        List<Slice> found = new ArrayList<>();
        long at = 0;
        for (Slice slice : slices) {
            long start = Math.max(from, at);
            long end = Math.min(from + length, at + slice.length);
            if (start < end) {
                found.add(new Slice(slice.bytes, slice.from + (int) (start - at), (int) (end - start)));
            }
            at += slice.length;
        }
        return new Content(List.copyOf(found));
    }

    long size() {
        return size;
    }

    /// A copy of the bytes.
    byte[] bytes() {
        byte[] copy = new byte[Math.toIntExact(size)];
        int at = 0;
        for (Slice slice : slices) {
            System.arraycopy(slice.bytes, slice.from, copy, at, slice.length);
            at += slice.length;
        }
        return copy;
    }

    byte[] md5() {
        MessageDigest digest = newMd5();
        slices.forEach(slice -> digest.update(slice.bytes, slice.from, slice.length));
        return digest.digest();
    }

    int crc32() {
        CRC32 crc = new CRC32();
        slices.forEach(slice -> crc.update(slice.bytes, slice.from, slice.length));
        return (int) crc.getValue();
    }

    Body open() {
        return new Body(slices);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has MD5", e);
        }
    }

    private static final class Slice {

        private final byte[] bytes;
        private final int from;
        private final int length;

        Slice(byte[] bytes, int from, int length) {
            this.bytes = bytes;
            this.from = from;
            this.length = length;
        }
    }

    /// Reads the bytes without copying them. Fails after it was closed or aborted, as a connection does.
    static final class Body extends InputStream {

        private final List<Slice> slices;
        private int slice;
        private int at;
        private boolean closed;

        private Body(List<Slice> slices) {
            this.slices = slices;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, buffer.length);
            if (closed) {
                throw new IOException("the body was closed");
            }
            if (length == 0) {
                return 0;
            }
            if (slice == slices.size()) {
                return -1;
            }
            Slice current = slices.get(slice);
            int n = Math.min(length, current.length - at);
            System.arraycopy(current.bytes, current.from + at, buffer, offset, n);
            at += n;
            if (at == current.length) {
                slice++;
                at = 0;
            }
            return n;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
