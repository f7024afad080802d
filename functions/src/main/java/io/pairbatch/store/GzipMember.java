package io.pairbatch.store;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/// One member of a gzip file, without a name or a time, so that the same text gives the same bytes. Concatenated
/// members are a gzip file again (RFC 1952, 2.2), which is how a job's file is put together from those of its segments.
/// Buffers 8 KiB and the compressor's memory, about 256 KiB.
public final class GzipMember extends GZIPOutputStream {

    private static final int BUFFER = 8 << 10;

    /// Writes the member's header.
    public GzipMember(OutputStream out) throws IOException {
        super(out, BUFFER);
    }

    /// Frees the compressor. To complete the member, call [#finish] first; a draft that is discarded needs no end, and
    /// its owner closes it.
    @Override
    public void close() {
        def.end();
    }
}
