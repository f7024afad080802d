package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.registry.CostForecast;
import io.pairbatch.registry.JobState;
import java.util.List;
import org.junit.jupiter.api.Test;

class PanelViewTest {

    private static final String REJECTED = "1 row rejected: 1 missing_id (row 41)";

    private final Job panel = Jobs.of(Jobs.in(JobState.RUNNING), "gpt-4.1", "claude");
    private final PanelView view = new PanelView(panel, null);

    private JobSnapshot judge(String name, List<String> notices) {
        return new JobSnapshot(
                Jobs.judgeOf(Jobs.in(JobState.RUNNING), panel, name),
                Jobs.collected(1, 87, 2),
                List.of("segment 2: HTTP 404: no such batch"),
                Waits.NONE,
                notices,
                List.of(new SegmentLine(1, "submitted: 50 pairs")),
                CostForecast.NONE);
    }

    @Test
    void theTableIsReadOnceAllJudgesHaveReadIt() {
        view.add("gpt-4.1", judge("gpt-4.1", List.of(REJECTED)), List.of(REJECTED));
        assertThat(view.snapshot().job().splitDone()).isFalse();
        assertThat(view.snapshot().notices()).isEmpty();

        view.add("claude", judge("claude", List.of(REJECTED)), List.of(REJECTED));
        assertThat(view.snapshot().job().splitDone()).isTrue();
        assertThat(view.snapshot().notices()).containsExactly(REJECTED);
    }

    @Test
    void whatOnlyOneJudgeRejectsOrTellsNamesIt() {
        view.add("gpt-4.1", judge("gpt-4.1", List.of("a batch belongs to nobody")), List.of());
        view.add("claude", judge("claude", List.of(REJECTED)), List.of(REJECTED));
        assertThat(view.snapshot().notices())
                .containsExactly("judge gpt-4.1: a batch belongs to nobody", "judge claude: " + REJECTED);
    }

    @Test
    void segmentsOfDifferentJudgesAreToldApart() {
        view.add("gpt-4.1", judge("gpt-4.1", List.of()), List.of());
        view.add("claude", judge("claude", List.of()), List.of());
        assertThat(view.snapshot().lines())
                .extracting(SegmentLine::name)
                .containsExactly("segment 1 (judge gpt-4.1)", "segment 1 (judge claude)");
        assertThat(view.snapshot().troubles()).contains("segment 2 (judge claude): HTTP 404: no such batch");
    }
}
