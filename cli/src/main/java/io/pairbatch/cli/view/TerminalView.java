package io.pairbatch.cli.view;

import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.SegmentLine;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Redraws the progress in place. Every frame is one write that replaces the previous one line by line, so
/// nothing flickers. What is told of single segments stays above it.
public final class TerminalView implements ProgressView {

    private static final String ESCAPE = "\u001b[";
    private static final String HIDE_CURSOR = ESCAPE + "?25l";
    private static final String SHOW_CURSOR = ESCAPE + "?25h";
    private static final String CLEAR_REST_OF_LINE = ESCAPE + "K";
    private static final String CLEAR_BELOW = ESCAPE + "J";

    private final PrintWriter out;
    private final Supplier<TerminalSize> size;
    private final Glyphs glyphs;
    private final Map<Integer, String> told = new HashMap<>();
    private List<String> drawn = List.of();
    private int drawnColumns;
    private @Nullable String note;
    private @Nullable Instant since;
    private boolean closed;

    public TerminalView(PrintWriter out, Supplier<TerminalSize> size, Glyphs glyphs) {
        this.out = out;
        this.size = size;
        this.glyphs = glyphs;
    }

    @Override
    public synchronized void note(@Nullable String message) {
        note = message;
    }

    /// What the job has taken before is not what it takes now: it may have been done for days.
    @Override
    public synchronized void goesOn(Instant now) {
        since = now;
    }

    @Override
    public synchronized void show(JobSnapshot snapshot, Instant now) {
        TerminalSize terminal = size.get();
        int columns = terminal.columns();
        if (since == null && !snapshot.job().state().atRest()) {
            since = snapshot.job().createdAt();
        }
        List<String> frame = Frame.of(snapshot, note, since, now, columns, glyphs);
        List<String> lines = frame.subList(0, Math.min(frame.size(), Math.max(1, terminal.rows() - 1)));
        if (closed) {
            return;
        }
        List<String> news = news(snapshot, now);
        if (news.isEmpty() && lines.equals(drawn) && columns == drawnColumns) {
            return;
        }
        StringBuilder write = new StringBuilder(HIDE_CURSOR);
        int up = rowsDrawn(columns);
        if (up > 0) {
            write.append('\r').append(ESCAPE).append(up).append('A');
        }
        for (String line : news) {
            write.append(line).append(CLEAR_REST_OF_LINE).append('\n');
        }
        for (String line : lines) {
            write.append(line).append(CLEAR_REST_OF_LINE).append('\n');
        }
        out.print(write.append(CLEAR_BELOW));
        out.flush();
        drawn = List.copyOf(lines);
        drawnColumns = columns;
    }

    /// What was not told of the segments yet, each on a line of its own, which the terminal may wrap: it is never drawn
    /// again.
    private List<String> news(JobSnapshot snapshot, Instant now) {
        List<String> news = new ArrayList<>();
        for (SegmentLine line : snapshot.lines()) {
            if (!line.text().equals(told.put(line.segment(), line.text()))) {
                news.add(Cells.harmless(now.truncatedTo(ChronoUnit.SECONDS) + " " + line.name() + " " + line.text()));
            }
        }
        return news;
    }

    /// Rows that the last frame takes now: a terminal that became narrower has wrapped the lines that no longer fit.
    private int rowsDrawn(int columns) {
        return drawn.stream()
                .mapToInt(line -> Math.max(1, Math.ceilDiv(Cells.width(line), columns)))
                .sum();
    }

    @Override
    public synchronized void close() {
        if (!closed && !drawn.isEmpty()) {
            out.print(SHOW_CURSOR);
            out.flush();
        }
        closed = true;
    }
}
