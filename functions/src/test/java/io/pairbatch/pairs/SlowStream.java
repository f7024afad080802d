package io.pairbatch.pairs;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Returns one byte per read and never reports what is available, as a network stream may.
final class SlowStream extends FilterInputStream {

    SlowStream(InputStream in) {
        super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return length == 0 ? 0 : super.read(bytes, offset, 1);
    }

    @Override
    public int available() {
        return 0;
    }
}
