package io.pairbatch.cli.fault;

import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file that the user names. Whatever is in the way of reading it is said in the same words by every command.
public final class GivenFile {

    private GivenFile() {}

    /// Checks that a file can be read.
    ///
    /// @param remedy what to give
    /// @throws CliException when there is none, or none that this user can read
    public static void check(Path file, String remedy) {
        checkThere(file, "file", remedy);
        if (Files.isDirectory(file)) {
            throw CliException.usage(file + " is a folder, not a file.", remedy);
        }
        if (!Files.isReadable(file)) {
            throw noRight(file, "read");
        }
        if (!Files.isRegularFile(file)) {
            throw CliException.usage(file + " is no file that can be read twice, such as a pipe is not.", remedy);
        }
    }

    /// Checks that a file can be read, or a folder.
    ///
    /// @param remedy what to give
    /// @throws CliException when there is none, or none that this user can read
    public static void checkFileOrFolder(Path path, String remedy) {
        checkThere(path, "file or folder", remedy);
        if (!Files.isDirectory(path)) {
            check(path, remedy);
        } else if (!Files.isReadable(path) || !Files.isExecutable(path)) {
            throw noRight(path, "read");
        }
    }

    private static void checkThere(Path path, String what, String remedy) {
        if (!Files.exists(path) && !Files.isSymbolicLink(path) && mayLook(path)) {
            throw CliException.usage("There is no " + what + " " + path + ".", remedy);
        }
    }

    /// Where a folder on the way must not be entered, nobody can tell whether the file is there.
    private static boolean mayLook(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null || !Files.isDirectory(folder) || Files.isExecutable(folder);
    }

    /// What to say where the system has refused a file that nobody has checked before.
    public static CliException refused(AccessDeniedException e) {
        Path file = Path.of(String.valueOf(e.getFile())).normalize();
        return noRight(file, Files.isReadable(file) || !Files.exists(file) ? "write to" : "read");
    }

    private static CliException noRight(Path file, String what) {
        return CliException.usage(
                "You have no right to " + what + " " + file + ".",
                "Have the right given to you (`ls -l` shows who has it), or name another file.");
    }
}
