package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A job stops within its limit, says what it lacks, and sends exactly that within a higher one.
class CostLimitIT {

    private static final int ROWS = 60;
    private static final int SIZE = 5;
    private static final String CAP = "\"max_completion_tokens\": 20";

    private final TestStack stack = TestStack.shared();

    @Test
    void aJobWithHalfItsBudgetStopsAndSaysSoAndEndsWithAHigherOne() {
        DroppedJob free = DroppedJob.drop("free", Tables.csv(ROWS), Tables.job(SIZE, CAP));
        assertThat(free.await(TestStack.PATIENCE)).isEqualTo("DONE");
        BigDecimal whole = free.json("summary.json").at("/budget/spent_usd").decimalValue();
        assertThat(whole)
                .isEqualByComparingTo(
                        free.json("summary.json").at("/results/cost_usd").decimalValue());
        BigDecimal half = whole.divide(BigDecimal.TWO, 6, RoundingMode.UP);

        DroppedJob job = DroppedJob.drop("half", Tables.csv(ROWS), limited(half));
        assertThat(job.await(TestStack.PATIENCE)).isEqualTo("DONE");
        JsonNode budget = job.json("summary.json").path("budget");
        assertThat(budget.path("max_cost_usd").decimalValue()).isEqualByComparingTo(half);
        assertThat(budget.path("spent_usd").decimalValue()).isBetween(BigDecimal.ZERO, half);
        int judged = job.records("combined_results.csv").size();
        int lacking = budget.path("not_submitted").intValue();
        assertThat(judged).isEqualTo(ROWS - lacking);
        assertThat(lacking).isBetween(SIZE, ROWS - SIZE);
        assertThat(job.records("failed_pairs.csv"))
                .hasSize(lacking)
                .allMatch(row -> row.getFields().contains("budget_reached"));
        assertThat(job.json("summary.json").path("notices").toString())
                .contains("left no room for " + lacking + " pairs", "--max-cost");
        int batches = stack.provider().batchesOf(job.id()).size();
        assertThat(batches).isEqualTo(judged / SIZE);

        job.put("job.json", limited(whole.multiply(BigDecimal.TEN)));
        job.awaitText("epoch", "2", TestStack.PATIENCE);
        assertThat(job.await(TestStack.PATIENCE)).isEqualTo("DONE");
        assertThat(job.judged())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ROWS).mapToObj(i -> "A" + i).toList());
        assertThat(job.records("failed_pairs.csv")).isEmpty();
        assertThat(stack.provider().batchesOf(job.id())).hasSize(ROWS / SIZE);
        JsonNode now = job.json("summary.json");
        assertThat(now.at("/budget/spent_usd").decimalValue())
                .isEqualByComparingTo(now.at("/results/cost_usd").decimalValue());
        assertThat(now.at("/budget/not_submitted").intValue()).isZero();
    }

    private static String limited(BigDecimal usd) {
        return Tables.job(SIZE, CAP, "\"max_cost_usd\": " + usd.toPlainString());
    }
}
