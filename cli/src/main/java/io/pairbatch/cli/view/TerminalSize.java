package io.pairbatch.cli.view;

/// A terminal's size in cells.
public record TerminalSize(int rows, int columns) {

    /// The size to assume when it is unknown.
    public static final TerminalSize USUAL = new TerminalSize(24, 80);
}
