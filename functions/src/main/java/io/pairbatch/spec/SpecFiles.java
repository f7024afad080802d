package io.pairbatch.spec;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// The files beside a job's specification.
@FunctionalInterface
public interface SpecFiles {

    /// The file's bytes; empty if it does not exist.
    ///
    /// @param name a plain file name, never a path
    Optional<InputStream> open(String name) throws IOException;

    /// The names of the files that are there, as far as they can be listed, to suggest one.
    default List<String> names() throws IOException {
        return List.of();
    }
}
