package io.pairbatch.store;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// A file being written. Closing without [#commit] discards the draft, so that an exception never leaves half a file.
public abstract class Draft extends OutputStream {

    /// Appends `length` bytes of another file of the same job, starting at `offset`; copied on the server side if the
    /// store can.
    public abstract void append(String name, long offset, long length) throws IOException;

    /// A part of another file of the same job.
    ///
    /// @param name of the file
    /// @param offset of its first byte
    /// @param length in bytes
    public record Piece(String name, long offset, long length) {}

    /// Appends parts of other files in their order; those that the store copies on its side are copied side by side.
    public void append(List<Piece> pieces, Lanes lanes) throws IOException {
        for (Piece piece : pieces) {
            append(piece.name(), piece.offset(), piece.length());
        }
    }

    /// Makes the file visible under its name.
    public abstract void commit() throws IOException;

    /// Ends the draft; a draft that was not committed leaves no file.
    @Override
    public abstract void close() throws IOException;
}
