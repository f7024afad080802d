package io.pairbatch.cli.fault;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// An error that the user can do something about: what is wrong, what to do, and the exit code.
public class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitStatus;
    private final String remedy;

    public CliException(int exitStatus, String message, String remedy) {
        this(exitStatus, message, remedy, null);
    }

    public CliException(int exitStatus, String message, String remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.exitStatus = exitStatus;
        this.remedy = remedy;
    }

    /// A wrong argument.
    public static CliException usage(String message, String remedy) {
        return new CliException(ExitStatus.USAGE, message, remedy);
    }

    /// Checks that a file is there, and one that can be read.
    ///
    /// @throws CliException if it is not
    public static void checkFile(Path file, String remedy) {
        if (Files.isDirectory(file)) {
            throw usage(file + " is a folder, not a file.", remedy);
        }
        if (!Files.exists(file)) {
            throw usage("There is no file " + file + ".", remedy);
        }
        if (!Files.isReadable(file)) {
            throw usage(file + " cannot be read.", remedy);
        }
    }

    /// That nothing has to be done: no error, and the exit code says so.
    public static CliException nothingNew(String message, String more) {
        return new CliException(ExitStatus.DONE, "Nothing new: " + message, more);
    }

    /// One of [ExitStatus].
    public int exitStatus() {
        return exitStatus;
    }

    public String remedy() {
        return remedy;
    }
}
