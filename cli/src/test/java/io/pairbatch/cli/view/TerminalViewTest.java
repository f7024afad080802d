package io.pairbatch.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.SegmentLine;
import io.pairbatch.cli.job.Waits;
import io.pairbatch.registry.CostForecast;
import io.pairbatch.registry.JobState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalViewTest {

    private static final String ESCAPE = "\u001b[";

    private final StringWriter out = new StringWriter();
    private TerminalSize size = new TerminalSize(24, 80);
    private final TerminalView view = new TerminalView(new PrintWriter(out), () -> size, Glyphs.UNICODE);

    @Test
    void writesNothingWhenNothingHasChanged() {
        show(0, Jobs.snapshot(JobState.DONE));
        String first = written();
        show(9, Jobs.snapshot(JobState.DONE)); // a finished job's clock stands still

        assertThat(first).isNotEmpty();
        assertThat(written()).isEmpty();
    }

    @Test
    void theTimeOfAJobThatGoesOnBeginsWhenItDoes() {
        view.goesOn(FakeTime.START.plusSeconds(3600));
        view.show(Jobs.snapshot(JobState.RUNNING), FakeTime.START.plusSeconds(3605));
        assertThat(written()).contains("running  0:05  ");
    }

    @Test
    void aJobThatWasDoneWhenItIsFirstSeenHasNoTime() {
        show(0, Jobs.snapshot(JobState.DONE));
        assertThat(written()).contains("done  openai");
    }

    @Test
    void overwritesTheLastPictureLineByLine() {
        show(0, Jobs.snapshot(JobState.RUNNING));
        written();
        show(1, Jobs.snapshot(JobState.RUNNING));

        assertThat(written())
                .startsWith(ESCAPE + "?25l\r" + ESCAPE + "6A")
                .endsWith(ESCAPE + "K\n" + ESCAPE + "J")
                .doesNotContain(ESCAPE + "2J");
    }

    @Test
    void whatIsToldOfASegmentStaysAboveThePicture() {
        show(0, Jobs.snapshot(JobState.RUNNING));
        written();
        JobSnapshot told = new JobSnapshot(
                Jobs.in(JobState.RUNNING),
                Jobs.snapshot(JobState.RUNNING).segments(),
                List.of(),
                Waits.NONE,
                List.of(),
                List.of(new SegmentLine(1, "submitted: 50 pairs, openai, batch b1, batch_01_input.jsonl")),
                CostForecast.NONE);
        show(1, told);
        assertThat(written())
                .startsWith(ESCAPE + "?25l\r" + ESCAPE + "6A2026-11-22T18:01:41Z segment 1 submitted: 50 pairs")
                .contains("batch_01_input.jsonl" + ESCAPE + "K\n" + Jobs.ID);
        show(2, told);
        assertThat(written()).doesNotContain("segment 1");
    }

    @Test
    void goesUpOverLinesThatANarrowerTerminalHasWrapped() {
        show(0, new JobSnapshot(Jobs.in(JobState.RUNNING), Jobs.collected(1, 87, 2)));
        written();
        size = new TerminalSize(24, 30);
        show(1, new JobSnapshot(Jobs.in(JobState.RUNNING), Jobs.collected(1, 87, 2)));

        // The six lines were 49, 73, 58, 73, 76 and 56 cells wide: 2 + 3 + 2 + 3 + 3 + 2 rows of 30.
        assertThat(written()).startsWith(ESCAPE + "?25l\r" + ESCAPE + "15A");
    }

    @Test
    void theProvidersWordsTakeOneLineEachAndGoWithTheirTrouble() {
        String words = "segment 2: HTTP 429: " + "slow down ".repeat(30);
        show(
                0,
                new JobSnapshot(
                        Jobs.in(JobState.RUNNING),
                        Jobs.collected(1, 87, 2),
                        List.of(words),
                        Waits.NONE,
                        List.of("a stray")));
        assertThat(written()).contains("provider on segment 2: HTTP 429").contains("  a stray");
        show(1, new JobSnapshot(Jobs.in(JobState.RUNNING), Jobs.collected(1, 87, 2)));

        assertThat(written()).startsWith(ESCAPE + "?25l\r" + ESCAPE + "8A").doesNotContain("provider on");
    }

    @Test
    void staysWithinALowTerminal() {
        size = new TerminalSize(4, 80);
        show(0, Jobs.snapshot(JobState.RUNNING));

        assertThat(written().lines()).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void givesTheCursorBackAndDrawsNoMoreOnceClosed() {
        show(0, Jobs.snapshot(JobState.RUNNING));
        written();
        view.close();
        view.close();
        show(1, Jobs.snapshot(JobState.DONE));

        assertThat(written()).isEqualTo(ESCAPE + "?25h");
    }

    private void show(int second, JobSnapshot snapshot) {
        view.show(snapshot, FakeTime.START.plusSeconds(100L + second));
    }

    private String written() {
        String text = out.toString();
        out.getBuffer().setLength(0);
        return text;
    }
}
