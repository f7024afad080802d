package io.pairbatch.store;

import java.io.IOException;
import java.io.OutputStream;

/// A file being written. Closing without [#commit] throws the draft away, so that an exception never leaves half a
/// file.
public abstract class Draft extends OutputStream {

    /// Appends `length` bytes of another file of the same job, starting at `offset`; copied where it lies when the
    /// store
    /// can.
    public abstract void append(String name, long offset, long length) throws IOException;

    /// Makes the file visible under its name.
    public abstract void commit() throws IOException;

    /// Ends the draft; a draft that was not committed leaves nothing.
    @Override
    public abstract void close() throws IOException;
}
