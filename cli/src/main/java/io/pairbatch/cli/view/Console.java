package io.pairbatch.cli.view;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Scanner;
import java.util.function.Supplier;

/// Where a command writes.
///
/// @param live whether the screen can be redrawn; otherwise only lines are printed
public record Console(PrintWriter out, PrintWriter err, boolean live, Glyphs glyphs, Supplier<TerminalSize> size) {

    /// The width of paragraphs in a log: one that is easy to read.
    private static final int WIDTH_OF_LOGS = 100;

    /// The console of this process.
    @SuppressWarnings("SystemConsoleNull") // JDK 25 returns null again without a terminal
    public static Console ofProcess() {
        java.io.@org.jspecify.annotations.Nullable Console terminal = System.console();
        return new Console(
                writer(System.out),
                writer(System.err),
                live(terminal != null && terminal.isTerminal(), System.getenv()),
                Glyphs.of(System.out.charset()),
                Console::askTerminal);
    }

    private static PrintWriter writer(PrintStream stream) {
        Writer out = new BufferedWriter(new OutputStreamWriter(stream, stream.charset()));
        return new PrintWriter(Called.in(out, System.getProperty("pairbatch.command")), true);
    }

    /// Whether output may be redrawn: on a terminal that can move its cursor, and not in CI.
    static boolean live(boolean terminal, Map<String, String> environment) {
        String term = environment.getOrDefault("TERM", "dumb");
        String ci = environment.getOrDefault("CI", "");
        boolean person = ci.isEmpty() || ci.equals("false") || ci.equals("0");
        return terminal && person && !term.isEmpty() && !term.equals("dumb");
    }

    /// How wide a paragraph may be.
    public int width() {
        return live ? Math.max(20, size.get().columns()) : WIDTH_OF_LOGS;
    }

    /// A line that a user or a provider wrote: unchanged for a file or a pipe, without control characters for
    /// a terminal.
    public String shown(String line) {
        return live ? Cells.harmless(line) : line;
    }

    public ProgressView progress() {
        return live ? new TerminalView(out, size, glyphs) : new LineView(out);
    }

    /// Java does not know a terminal's size; `stty` does, except on Windows.
    private static TerminalSize askTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (Scanner answer = new Scanner(stty.getInputStream(), StandardCharsets.US_ASCII)) {
                int rows = answer.hasNextInt() ? answer.nextInt() : 0;
                int columns = answer.hasNextInt() ? answer.nextInt() : 0;
                return rows > 0 && columns > 0 ? new TerminalSize(rows, columns) : TerminalSize.USUAL;
            }
        } catch (IOException e) {
            return TerminalSize.USUAL; // there is no stty
        }
    }
}
