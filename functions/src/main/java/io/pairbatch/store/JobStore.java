package io.pairbatch.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/// The files of one job, named relative to its folder (see [io.pairbatch.job.JobFiles]). Bodies are streamed; nothing
/// here
/// holds more than one buffer of 8 MiB.
public interface JobStore {

    /// A new file that appears, replacing any older one, only when it is committed.
    Draft create(String name) throws IOException;

    /// The file's bytes from `offset` on, or nothing when there is no such file.
    Optional<InputStream> open(String name, long offset) throws IOException;

    /// The file's size in bytes, or -1 when there is no such file.
    long size(String name) throws IOException;

    /// Tells the names of the files that begin with `prefix`.
    void list(String prefix, Consumer<String> each) throws IOException;

    /// Removes the file if it is there.
    void delete(String name) throws IOException;

    /// The whole file, or nothing when there is no such file.
    default Optional<InputStream> open(String name) throws IOException {
        return open(name, 0);
    }
}
