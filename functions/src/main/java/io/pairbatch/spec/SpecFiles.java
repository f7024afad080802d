package io.pairbatch.spec;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// The files beside a job's specification.
@FunctionalInterface
public interface SpecFiles {

    /// The file's bytes, or nothing when there is no such file.
    ///
    /// @param name a plain file name, never a path
    Optional<InputStream> open(String name) throws IOException;
}
