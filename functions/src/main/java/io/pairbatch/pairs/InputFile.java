package io.pairbatch.pairs;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A table of pairs that can be read from any byte offset.
///
/// @param name for messages; its extension is a hint to its format
/// @param size in bytes as stored (not decompressed), or -1 if unknown; a stream of another length is an outage
/// @param charset what the file called so is in, as `iconv` spells it, where these bytes are a copy of it in UTF-8;
/// null
/// where they are the file's own
/// @param columns what it calls columns that we need, by our names; empty where it has our names
public record InputFile(
        String name, long size, Opener opener, @Nullable String charset, Map<String, String> columns) {

    public InputFile {
        columns = Map.copyOf(columns);
    }

    /// A file as it is.
    public InputFile(String name, long size, Opener opener) {
        this(name, size, opener, null);
    }

    /// A file with our names, perhaps a copy.
    public InputFile(String name, long size, Opener opener, @Nullable String charset) {
        this(name, size, opener, charset, Map.of());
    }

    /// The same, read as one whose columns have other names.
    public InputFile withColumns(Map<String, String> names) {
        return new InputFile(name, size, opener, charset, names);
    }

    /// Opens the stored bytes.
    @FunctionalInterface
    public interface Opener {

        /// The stored bytes from `offset` on; each call returns a new stream.
        InputStream open(long offset) throws IOException;
    }

    /// The stored bytes from `offset` on. Reading fails with an [IOException] if the stream does not end where the file
    /// does, so that a broken connection is never mistaken for the end of the table, nor other bytes for its rest.
    InputStream open(long offset) throws IOException {
        boolean atEnd = size >= 0 && offset >= size;
        return new Whole(atEnd ? InputStream.nullInputStream() : opener.open(offset), offset);
    }

    private final class Whole extends FilterInputStream {

        private long at;

        Whole(InputStream in, long offset) {
            super(in);
            this.at = offset;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            return b < 0 ? ended() : count(b, 1);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = in.read(bytes, offset, length);
            return n < 0 ? ended() : count(n, n);
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = in.skip(n);
            count(0, skipped);
            return skipped;
        }

        private int count(int result, long bytes) throws IOException {
            at += bytes;
            if (size >= 0 && at > size) {
                throw new IOException(name + ": the stream goes on after byte " + size + ", where the file ends");
            }
            return result;
        }

        private int ended() throws IOException {
            if (at < size) {
                throw new IOException(name + ": the stream ended at byte " + at + " of " + size);
            }
            return -1;
        }
    }
}
