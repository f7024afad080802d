package io.pairbatch.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The version of Pairbatch, set by the build.
public final class Version {

    /// For example `0.1.0`.
    public static final String CURRENT = read("version.txt");

    /// The commit that its sources are of, followed by `-changed` if they were changed after it; null if the build did
    /// not know it. `./pairbatch` tells it.
    public static final @Nullable String COMMIT = commit(read("commit.txt"));

    private Version() {}

    /// The version with its commit, as a summary tells it.
    public static String told() {
        return told(CURRENT, COMMIT == null ? "" : COMMIT);
    }

    /// The same of another one.
    ///
    /// @param commit empty if it is not known
    public static String told(String version, String commit) {
        return version + (commit.isEmpty() ? "" : " (commit " + commit + ")");
    }

    /// A commit as the build wrote it; null for the build's word for "unknown", and for a placeholder that was never
    /// filled.
    static @Nullable String commit(String written) {
        return written.matches("[0-9a-f]{7,64}(-changed)?") ? written : null;
    }

    private static String read(String name) {
        try (InputStream in = Version.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the package");
            }
            return new String(in.readNBytes(100), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
