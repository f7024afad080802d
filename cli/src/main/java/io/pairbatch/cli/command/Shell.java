package io.pairbatch.cli.command;

/// How a command is written for a shell.
final class Shell {

    private Shell() {}

    /// A word of a command, as a shell takes it.
    static String quoted(String word) {
        return word.matches("[\\w./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
