package io.pairbatch.spec;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// The files beside a job's specification.
@FunctionalInterface
public interface SpecFiles {

    /// The file's bytes; empty if it does not exist.
    ///
    /// @param name a plain file name, never a path
    Optional<InputStream> open(String name) throws IOException;
}
