package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.MemoryStore;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A table that is judged in several stages.
class PartsTest {

    private static final Deadline AT_ONCE = new Deadline(Instant.EPOCH, Clock.systemUTC());
    private static final int ROWS = 40;

    @Test
    void aLimitTakesTheRowsThatRDrawsInTheTablesOrderAndKeepsTheRejectedOnes() throws IOException {
        MemoryStore store = new MemoryStore();
        SplitTotals totals = whole(store, List.of()).totals();
        // set.seed(42); sample.int(38, 5): the accepted rows, of which two others are rejected.
        assertThat(totals.with(TableReport.NONE)).isEqualTo(new SplitTotals(ROWS, 38, 2, 0, 3, TableReport.NONE));
        assertThat(totals.table().rejectedRows()).contains("2 rows rejected: 2 missing_id (rows 4, 31)");
        assertThat(rows(store, 1, 3)).hasSize(5).isSorted().doesNotContain(4, 31);
        assertThat(store.texts().entrySet().stream()
                        .filter(file -> file.getKey().endsWith("_rejected_rows.csv"))
                        .flatMap(file -> file.getValue().lines()))
                .extracting(line -> line.substring(0, line.indexOf(',')))
                .containsExactly("4", "31");
    }

    @Test
    void eachPartAddsItsRowsInItsOwnSegmentsAndTogetherTheyAreTheTable() throws IOException {
        MemoryStore store = new MemoryStore();
        SplitTotals totals = whole(store, List.of(12, 0)).totals();
        assertThat(totals.segments()).isEqualTo(3 + 4 + 13);
        List<Integer> first = rows(store, 1, 3);
        List<Integer> second = rows(store, 4, 7);
        List<Integer> rest = rows(store, 8, 20);
        assertThat(List.of(first.size(), second.size(), rest.size())).containsExactly(5, 7, 26);
        Set<Integer> all = new HashSet<>(first);
        all.addAll(second);
        all.addAll(rest);
        assertThat(all).hasSize(38).doesNotContain(4, 31);
    }

    @Test
    void aPartThatIsWrittenLaterIsTheSameAsOneThatIsWrittenAtOnce() throws IOException {
        MemoryStore atOnce = new MemoryStore();
        whole(atOnce, List.of(12));
        MemoryStore later = new MemoryStore();
        int segments = whole(later, List.of()).totals().segments();
        SplitResult result = splitter(later, List.of(12))
                .run(
                        SplitCursor.startOf(1, segments),
                        Deadline.NONE,
                        segment -> assertThat(segment.index()).isGreaterThan(segments));
        assertThat(result).isInstanceOf(SplitResult.Done.class);
        assertThat(later.texts()).isEqualTo(atOnce.texts());
    }

    @Test
    void aSplitThatStopsAtEverySegmentWritesTheSameParts() throws IOException {
        MemoryStore atOnce = new MemoryStore();
        SplitResult.Done whole = whole(atOnce, List.of(12, 0));
        MemoryStore stopped = new MemoryStore();
        List<Segment> told = new ArrayList<>();
        SplitCursor cursor = SplitCursor.START;
        SplitResult result = splitter(stopped, List.of(12, 0)).run(cursor, AT_ONCE, told::add);
        while (result instanceof SplitResult.Paused paused) {
            cursor = SplitCursor.fromJson(paused.cursor().toJson());
            result = splitter(stopped, List.of(12, 0)).run(cursor, AT_ONCE, told::add);
        }
        assertThat(result).isEqualTo(whole);
        assertThat(told).hasSize(20);
        assertThat(files(stopped)).isEqualTo(files(atOnce));
    }

    @Test
    void aTableWithAnotherNumberOfRowsThanWhenTheSampleWasDrawnDoesNotGrow() throws IOException {
        ResolvedJob job = JobFixture.resolved("\"limit\": 1");
        InputFile file = JobFixture.table("pairs.csv", "ID1,text1,ID2,text2\nA,a,B,b\nA,a,C,c\n");
        Splitter splitter = new Splitter(
                job,
                file,
                new MemoryStore(),
                Providers.format(job.spec().backend()),
                Parts.of(job.spec(), List.of(0), 3, List.of()));
        assertThatThrownBy(() -> splitter.run(SplitCursor.startOf(1, 1), Deadline.NONE, segment -> {}))
                .hasMessageContaining("REGISTRY_CONFLICT")
                .hasMessageContaining("2 rows that can be judged; expected 3");
    }

    private static Map<String, String> files(MemoryStore store) {
        Map<String, String> files = store.texts();
        files.keySet().removeIf(name -> name.matches("parts/batch_\\d+_(columns\\.json|seen\\.bin)"));
        return files;
    }

    private static SplitResult.Done whole(MemoryStore store, List<Integer> raised) throws IOException {
        return (SplitResult.Done) splitter(store, raised).run(SplitCursor.START, Deadline.NONE, segment -> {});
    }

    private static Splitter splitter(MemoryStore store, List<Integer> raised) throws IOException {
        ResolvedJob job = JobFixture.resolved("\"batch_size\": 2, \"limit\": 5, \"sample_seed\": 42");
        StringBuilder table = new StringBuilder();
        for (int i = 1; i <= ROWS; i++) {
            String id = i == 4 || i == 31 ? "" : "A" + i;
            String more = i == 20 ? ", \"only_here\": 1" : "";
            table.append("{\"ID1\": \"" + id + "\", \"text1\": \"a\", \"ID2\": \"B\", \"text2\": \"b\"" + more + "}\n");
        }
        InputFile file = JobFixture.table("pairs.jsonl", table.toString());
        return new Splitter(job, file, store, Providers.format(job.spec().backend()), Parts.of(job.spec(), raised));
    }

    private static List<Integer> rows(MemoryStore store, int from, int to) {
        List<Integer> rows = new ArrayList<>();
        for (int segment = from; segment <= to; segment++) {
            store.text(String.format(java.util.Locale.ROOT, "batch_%02d_pairs.jsonl", segment))
                    .lines()
                    .forEach(line -> rows.add(Integer.valueOf(line.replaceAll("\\{\"row\":(\\d+),.*", "$1"))));
        }
        return rows;
    }
}
