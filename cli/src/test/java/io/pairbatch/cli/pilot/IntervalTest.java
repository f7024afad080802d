package io.pairbatch.cli.pilot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.estimate.EstimateReport;
import io.pairbatch.estimate.Spend;
import io.pairbatch.provider.LiveAnswer;
import io.pairbatch.provider.LiveRequest;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A pilot of 25 pairs gives a 90% interval: of 100 jobs it holds the bill of 85 to 95.
class IntervalTest {

    private static final int JOBS = 100;
    private static final int PILOT = 25;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"gpt-5-mini, true, STRATIFIED_PROMPT_BYTES", "gpt-5-mini, true, RANDOM", "gpt-4.1, false, RANDOM"})
    void itHoldsTheBillOfNinetyInAHundredJobs(String model, boolean thinks, TestStrategy strategy) throws IOException {
        int held = 0;
        for (int job = 0; job < JOBS; job++) {
            held += holds(job, model, thinks, strategy) ? 1 : 0;
        }
        assertThat(held).isBetween(85, 95);
    }

    /// Tokens are joined to bytes by the pair: those of a lost one are not the next one's.
    @Test
    void aPairWithoutAnAnswerShiftsNoOther() throws IOException {
        PriceTable prices = PriceTable.bundled();
        try (Estimator.Opened opened =
                Estimator.withoutStack(Providers.itself(), prices).open(job(1, "gpt-4.1"))) {
            Estimate estimate = opened.tables()
                    .of(opened.spec(), opened.pairs(), Deadline.NONE)
                    .orElseThrow();
            EstimateReport report = EstimateReport.of(Optional.empty(), estimate, Providers.itself(), prices);
            SimulatedAnswers provider = new SimulatedAnswers(1, false, folder) {
                private int asked;

                @Override
                public LiveAnswer ask(LiveRequest request, Duration timeout) {
                    return ++asked % 4 == 0 ? new LiveAnswer.Lost("no answer") : super.ask(request, timeout);
                }
            };
            Pilot.Wish wish = new Pilot.Wish(PILOT, TestStrategy.RANDOM, 1, 0.9);
            Pilot.Outcome outcome =
                    Pilot.of(opened, report, wish).run(spec -> provider, prices).getFirst();
            assertThat(outcome.stopped()).isNull();
            assertThat(outcome.rows()).hasSize(PILOT);
            assertThat(outcome.seen()).hasSize(19);
            assertThat(outcome.rest().pairs()).isEqualTo(estimate.judged() - PILOT);
            Calibration line = Calibration.of(outcome.seen());
            assertThat(line.slope()).isCloseTo(0.25, within(0.001));
            assertThat(line.rmse()).isLessThan(0.5);
        }
    }

    private boolean holds(int seed, String model, boolean thinks, TestStrategy strategy) throws IOException {
        Drop drop = job(seed, model);
        PriceTable prices = PriceTable.bundled();
        Estimator estimator = Estimator.withoutStack(Providers.itself(), prices);
        try (Estimator.Opened opened = estimator.open(drop)) {
            Estimate estimate = opened.tables()
                    .of(opened.spec(), opened.pairs(), Deadline.NONE)
                    .orElseThrow();
            EstimateReport report = EstimateReport.of(Optional.empty(), estimate, Providers.itself(), prices);
            SimulatedAnswers provider = new SimulatedAnswers(seed, thinks, folder);
            Pilot.Wish wish = new Pilot.Wish(PILOT, strategy, seed, 0.9);
            List<Pilot.Outcome> pilot = Pilot.of(opened, report, wish).run(spec -> provider, prices);
            Pilot.Wish all = new Pilot.Wish((int) estimate.judged(), TestStrategy.FIRST, 1, 0.9);
            Pilot.Outcome whole =
                    Pilot.of(opened, report, all).run(spec -> provider, prices).getFirst();

            BigDecimal bill = Objects.requireNonNull(pilot.getFirst().paid().live())
                    .add(Objects.requireNonNull(whole.paid().batch()))
                    .subtract(Objects.requireNonNull(pilot.getFirst().paid().batch()));
            Spend spend = Objects.requireNonNull(new PilotReport(wish, prices)
                    .of(report, pilot)
                    .judges()
                    .getFirst()
                    .batch());
            Spend.Interval interval = Objects.requireNonNull(spend.interval());
            return bill.compareTo(interval.low()) >= 0 && bill.compareTo(interval.high()) <= 0;
        }
    }

    /// A table of 60 to 360 pairs, whose texts are mostly short and now and then long.
    private Drop job(int seed, String model) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
        List<String> lines = new ArrayList<>(List.of("ID1,text1,ID2,text2"));
        int pairs = 60 + random.nextInt(300);
        for (int i = 0; i < pairs; i++) {
            lines.add("a" + i + "," + text(random) + ",b" + i + "," + text(random));
        }
        Path table = Files.write(folder.resolve("pairs.csv"), lines);
        return DropBuilder.build(table, null, Map.of("model", model, "trait_name", "organization"), null);
    }

    private static String text(RandomGenerator random) {
        int words = (int) Math.exp(3 + 0.8 * random.nextGaussian());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= words; i++) {
            text.append(Integer.toString(random.nextInt(1 << 20), 36)).append(' ');
        }
        return text.toString().strip();
    }
}
