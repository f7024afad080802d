package io.pairbatch.store;

import java.io.IOException;
import java.io.OutputStream;

/// A file being written. Closing without [#commit] discards the draft, so that an exception never leaves half a file.
public abstract class Draft extends OutputStream {

    /// Appends `length` bytes of another file of the same job, starting at `offset`; copied on the server side if the
    /// store can.
    public abstract void append(String name, long offset, long length) throws IOException;

    /// Makes the file visible under its name.
    public abstract void commit() throws IOException;

    /// Ends the draft; a draft that was not committed leaves no file.
    @Override
    public abstract void close() throws IOException;
}
