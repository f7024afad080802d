package io.pairbatch.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/// The files of one job, named relative to its folder (see [io.pairbatch.job.JobFiles]). Content is streamed; nothing
/// here holds more than one buffer of 8 MiB.
public interface JobStore {

    /// A new file that becomes visible, replacing any older one, only when it is committed.
    Draft create(String name) throws IOException;

    /// The file's bytes from `offset` on; empty if the file does not exist.
    Optional<InputStream> open(String name, long offset) throws IOException;

    /// The file's size in bytes, or -1 if it does not exist.
    long size(String name) throws IOException;

    /// Passes on the names of the files that begin with `prefix`.
    void list(String prefix, Consumer<String> each) throws IOException;

    /// Passes on the sizes in bytes of the files that begin with `prefix`, by their names.
    default void sizes(String prefix, ObjLongConsumer<String> each) throws IOException {
        List<String> names = new ArrayList<>();
        list(prefix, names::add);
        for (String name : names) {
            each.accept(name, size(name));
        }
    }

    /// Deletes the file if it exists.
    void delete(String name) throws IOException;

    /// Writes a small file if there is none of that name yet.
    ///
    /// @return false if there is one
    default boolean putNew(String name, byte[] bytes) throws IOException {
        if (size(name) >= 0) {
            return false;
        }
        try (Draft draft = create(name)) {
            draft.write(bytes);
            draft.commit();
        }
        return true;
    }

    /// The whole file; empty if it does not exist.
    default Optional<InputStream> open(String name) throws IOException {
        return open(name, 0);
    }
}
