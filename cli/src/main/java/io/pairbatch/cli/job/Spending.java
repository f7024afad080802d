package io.pairbatch.cli.job;

import io.pairbatch.cost.NanoUsd;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// What a finished job has cost, with a limit or without one.
///
/// @param bill what it has sent and cost in all, its live request included
/// @param attempts what each attempt at its pairs cost; null in the place of one whose cost is not known
/// @param live what its live request cost
/// @param waste what of it was paid for answers without a winner
/// @param simulated whether the simulator answered: nothing was paid
public record Spending(
        SummaryFile.Bill bill,
        List<Optional<BigDecimal>> attempts,
        BigDecimal live,
        BigDecimal waste,
        boolean simulated) {

    public Spending {
        attempts = List.copyOf(attempts);
    }

    /// That of several judges.
    static Spending sum(List<Spending> judges, boolean simulated) {
        int most = judges.stream().mapToInt(one -> one.attempts().size()).max().orElse(0);
        return new Spending(
                judges.stream().map(Spending::bill).reduce(SummaryFile.Bill.NOTHING, SummaryFile.Bill::plus),
                IntStream.range(0, most).mapToObj(i -> attempt(judges, i)).toList(),
                judges.stream().map(Spending::live).reduce(BigDecimal.ZERO, BigDecimal::add),
                judges.stream().map(Spending::waste).reduce(BigDecimal.ZERO, BigDecimal::add),
                simulated);
    }

    /// Not known where it is not known of one of the judges who made it.
    private static Optional<BigDecimal> attempt(List<Spending> judges, int number) {
        List<Optional<BigDecimal>> each = judges.stream()
                .filter(one -> number < one.attempts().size())
                .map(one -> one.attempts().get(number))
                .toList();
        return each.stream().allMatch(Optional::isPresent)
                ? each.stream().flatMap(Optional::stream).reduce(BigDecimal::add)
                : Optional.empty();
    }

    /// `cost: USD 0.05: attempt 1 USD 0.04, attempt 2 USD 0.01; of this USD 0.002 for answers without a winner`. Empty
    /// of a job that has sent nothing.
    public Optional<String> line() {
        if (bill.requests() == 0) {
            return Optional.empty();
        }
        String paid = simulated ? "cost: nothing was paid, the simulator answered; at the price list " : "cost: ";
        if (bill.unpriced() > 0 && bill.costUsd().signum() == 0) {
            return Optional.of(paid + "not known, " + unpriced());
        }
        List<String> parts = new ArrayList<>();
        if (live.signum() > 0) {
            parts.add("live request " + NanoUsd.words(live));
        }
        for (int i = 0; i < attempts.size() && attempts.size() > 1; i++) {
            parts.add("attempt " + (i + 1) + " "
                    + attempts.get(i).map(NanoUsd::words).orElse("not known"));
        }
        return Optional.of(paid
                + (bill.unpriced() > 0 ? "more than " : "")
                + NanoUsd.words(bill.costUsd())
                + (bill.unpriced() > 0 ? ", " + unpriced() : "")
                + (parts.isEmpty() ? "" : ": " + String.join(", ", parts))
                + (waste.signum() == 0 ? "" : "; of this " + NanoUsd.words(waste) + " for answers without a winner"));
    }

    private String unpriced() {
        return bill.unpriced() == 1
                ? "for 1 answer has no known price"
                : String.format(Locale.ROOT, "for %,d answers have no known price", bill.unpriced());
    }
}
