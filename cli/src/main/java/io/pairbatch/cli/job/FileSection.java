package io.pairbatch.cli.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A part of an open file as a stream. Reads by position, so that a retried part starts at the right place; closing it
/// leaves the file open.
final class FileSection extends InputStream {

    private final FileChannel channel;
    private final long end;
    private long position;

    FileSection(FileChannel channel, long offset, long length) {
        this.channel = channel;
        this.position = offset;
        this.end = offset + length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int wanted = (int) Math.min(length, end - position);
        if (wanted == 0) {
            return -1;
        }
        int count = channel.read(ByteBuffer.wrap(buffer, offset, wanted), position);
        if (count > 0) {
            position += count;
        }
        return count;
    }
}
