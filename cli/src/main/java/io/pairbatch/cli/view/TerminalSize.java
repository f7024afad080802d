package io.pairbatch.cli.view;

/// A terminal's size in cells.
public record TerminalSize(int rows, int columns) {

    /// What a terminal of unknown size is taken for.
    public static final TerminalSize USUAL = new TerminalSize(24, 80);
}
