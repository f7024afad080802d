package io.pairbatch.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.OpenBatch;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.cli.job.Waits;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FrameTest {

    private static final Path FRAMES = Path.of("src/test/resources/frames");
    private static final Instant NOW = FakeTime.START.plusSeconds(3725);
    private static final String NOTE = "No answer while reading the registry (Connection refused). Trying again.";

    private record Case(JobSnapshot snapshot, Glyphs glyphs) {}

    private static Map<String, Case> cases() {
        Job splitting = Jobs.with(Jobs.in(JobState.SPLITTING), 1_250_000, 17, null, null);
        SegmentTotals doubt =
                new SegmentTotals(2000, 1_000_000, 1200, 1, 3, 800, 512_345, 1_678, 398_000, 2_000, 400, 796);
        OpenBatch batch = new OpenBatch(
                2, "batch_6739c1e2a5d48190", "in_progress", NOW.minusSeconds(3600), null, Duration.ofDays(1));
        Waits waits = new Waits(
                List.of(new Waits.Wait("1 segment waits for room at the provider")), batch, NOW.plusSeconds(40));
        return new TreeMap<>(Map.of(
                "waiting",
                        new Case(
                                new JobSnapshot(
                                        Jobs.in(JobState.RUNNING),
                                        Jobs.collected(1, 87, 2),
                                        List.of(),
                                        waits,
                                        List.of("A notice of more words than fit into one line of a terminal that is"
                                                + " eighty columns wide is told to its last word.")),
                                Glyphs.UNICODE),
                "starting", new Case(Jobs.snapshot(JobState.SPLITTING), Glyphs.UNICODE),
                "splitting", new Case(new JobSnapshot(splitting, SegmentTotals.NONE), Glyphs.UNICODE),
                "running",
                        new Case(new JobSnapshot(Jobs.in(JobState.RUNNING), Jobs.collected(1, 87, 2)), Glyphs.UNICODE),
                "preflight",
                        new Case(
                                new JobSnapshot(
                                        Jobs.preflighted(
                                                Jobs.in(JobState.RUNNING),
                                                "gpt-4.1-2025-04-14 answered in 0.8 s: S01 is better than S02 (412 + 12 tokens)"),
                                        Jobs.collected(0, 0, 0)),
                                Glyphs.UNICODE),
                "ascii", new Case(new JobSnapshot(Jobs.in(JobState.RUNNING), Jobs.collected(1, 87, 2)), Glyphs.ASCII),
                "doubt", new Case(new JobSnapshot(Jobs.in(JobState.WAITING_FOR_DECISION), doubt), Glyphs.UNICODE),
                "done", new Case(Jobs.snapshot(JobState.DONE), Glyphs.UNICODE)));
    }

    /// Each file shows a case at several widths; the ruler above a picture is as long as the terminal is wide.
    @TestFactory
    Stream<DynamicTest> looksLikeItsPicture() {
        return cases().entrySet().stream()
                .map(c -> DynamicTest.dynamicTest(
                        c.getKey(),
                        () -> assertThat(pictures(c.getValue()))
                                .isEqualTo(recorded(c.getKey(), pictures(c.getValue())))));
    }

    @Test
    void countsDownToTheNextLookAndSaysWhenOneIsLate() {
        assertThat(waits(NOW.plusSeconds(1))).isEqualTo("  waits     next look in 1 s");
        assertThat(waits(NOW)).isEqualTo("  waits     looking now");
        assertThat(waits(NOW.minusSeconds(200))).isEqualTo("  waits     a look has been due for 3 min");
    }

    @Test
    void countsTheTimeOfWhatItShows() {
        JobSnapshot done = Jobs.snapshot(JobState.DONE);
        assertThat(Frame.of(done, null, FakeTime.START.plusSeconds(65), NOW, 80, Glyphs.ASCII)
                        .getFirst())
                .contains("  0:10  ");
        assertThat(Frame.of(done, null, null, NOW, 80, Glyphs.ASCII).getFirst()).doesNotContain(":");
    }

    @Test
    void namesTheJudgesInPlaceOfAModel() {
        Job panel = Jobs.of(Jobs.in(JobState.RUNNING), "gpt-4.1", "claude");
        assertThat(Frame.of(new JobSnapshot(panel, SegmentTotals.NONE), null, null, NOW, 80, Glyphs.ASCII)
                        .getFirst())
                .isEqualTo("essays-3f2a91bc  running  2 judges: gpt-4.1, claude");
    }

    private static String waits(Instant nextLook) {
        JobSnapshot snapshot = new JobSnapshot(
                Jobs.in(JobState.RUNNING),
                Jobs.collected(1, 87, 2),
                List.of(),
                new Waits(List.of(), null, nextLook),
                List.of());
        return Frame.of(snapshot, null, FakeTime.START, NOW, 80, Glyphs.ASCII).getLast();
    }

    @Test
    void saysWhatCanBeDoneAboutABatchThatIsOverdue() {
        OpenBatch stuck = new OpenBatch(2, "batch_7", "finalizing", NOW.minusSeconds(90_000), null, Duration.ofDays(1));
        JobSnapshot snapshot = new JobSnapshot(
                Jobs.in(JobState.RUNNING),
                Jobs.collected(1, 87, 2),
                List.of(),
                new Waits(List.of(), stuck, null),
                List.of());
        List<String> lines = Frame.of(snapshot, null, FakeTime.START, NOW, 80, Glyphs.ASCII);
        assertThat(lines).anyMatch(line -> line.contains("overdue: submitted "));
        assertThat(lines).contains("            wait, or cancel it at the provider: its answers are collected");
    }

    @Test
    void neverReachesTheLastColumn() {
        for (Case c : cases().values()) {
            for (int columns = 2; columns < 140; columns++) {
                assertThat(frame(c, columns)).allMatch(withinColumns(columns));
            }
        }
    }

    @Test
    void measuresWideAndCombiningCharactersInCells() {
        assertThat(Cells.width("日本")).isEqualTo(4);
        assertThat(Cells.width("e\u0301")).isEqualTo(1);
        assertThat(Cells.cut("日本語", 5, "…")).isEqualTo("日本…");
        assertThat(Cells.cut("日本語", 4, "…")).isEqualTo("日…");
    }

    @Test
    void letsNoControlCharacterThrough() {
        assertThat(Cells.harmless("gpt\u001b[2J\r\nx")).isEqualTo("gpt [2J  x");
    }

    private static java.util.function.Predicate<String> withinColumns(int columns) {
        return line -> Cells.width(line) < columns;
    }

    private static List<String> frame(Case c, int columns) {
        return Frame.of(c.snapshot(), NOTE, FakeTime.START, NOW, columns, c.glyphs());
    }

    private static String pictures(Case c) {
        StringBuilder text = new StringBuilder();
        for (int columns : new int[] {80, 50, 30}) {
            text.append("-".repeat(columns)).append('\n');
            frame(c, columns).forEach(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }

    /// Run with `-Dpictures=write` to record new pictures; look at them before they are committed.
    private static String recorded(String name, String picture) throws IOException {
        Path file = FRAMES.resolve(name + ".txt");
        if ("write".equals(System.getProperty("pictures"))) {
            Files.writeString(file, picture);
        }
        return Files.readString(file);
    }
}
