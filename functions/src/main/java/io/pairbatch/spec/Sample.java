package io.pairbatch.spec;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which rows of a table are judged: the first `limit` of the accepted rows as R's `sample.int(n)` draws them after
/// `set.seed(seed)` (contract 9.1), so that a larger limit only adds rows. They keep the table's order.
///
/// @param limit null: all rows
public record Sample(@Nullable Integer limit, int seed) {

    static final int DEFAULT_SEED = 1;
    /// A larger part of a table is judged as a whole; drawn rows are held in memory, 16 bytes per row.
    public static final int MOST = 1_000_000;

    /// Means all rows where a limit is a number.
    public static final int EVERY_ROW = 0;

    /// All rows are judged.
    public static final Sample ALL = new Sample(null, DEFAULT_SEED);

    /// The limit as a number: [#EVERY_ROW] for all rows.
    public int rows() {
        return Objects.requireNonNullElse(limit, EVERY_ROW);
    }

    /// The limits of a job, each larger than the previous one.
    ///
    /// @param raised the limits that followed this one
    public List<Integer> limits(List<Integer> raised) {
        return Stream.concat(Stream.of(rows()), raised.stream()).toList();
    }

    /// Whether another limit adds rows, as far as is known without the table.
    public boolean isRaisedBy(int other, List<Integer> raised) {
        int last = limits(raised).getLast();
        return last != EVERY_ROW && (other == EVERY_ROW || other > last);
    }
}
