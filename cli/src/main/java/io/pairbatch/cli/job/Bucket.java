package io.pairbatch.cli.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The data bucket. A failure that may pass is an [io.pairbatch.cli.fault.OutageException].
public interface Bucket {

    /// An object's key and its size in bytes.
    record Entry(String key, long size) {}

    String name();

    /// Visits every object below `prefix`, in the order of the keys.
    void visit(String prefix, Consumer<Entry> visitor);

    /// The names of the folders directly below `prefix`, which ends with a slash, in order.
    List<String> folders(String prefix);

    /// The object's bytes as a stream, or nothing when there is no such object.
    ///
    /// @param version null means the newest
    Optional<InputStream> open(String key, @Nullable String version) throws IOException;

    /// The fingerprint that [#put] stored with the object, or nothing when there is none.
    Optional<String> fingerprint(String key);

    /// Stores a file of any size, with a fingerprint.
    void put(String key, Path file, String fingerprint) throws IOException;

    /// Stores a few bytes, with a fingerprint.
    void put(String key, byte[] content, String fingerprint);

    /// Deletes the object; a versioned bucket keeps its versions.
    void delete(String key);
}
