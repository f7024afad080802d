package io.pairbatch.spec;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which rows of a table are judged: the first `limit` of the accepted rows as R's `sample.int(n)` draws them after
/// `set.seed(seed)` (contract 9.1), so that a larger limit only adds rows. They keep the table's order.
///
/// @param limit null: every row
public record Sample(@Nullable Integer limit, int seed) {

    static final int DEFAULT_SEED = 1;
    /// A larger part of a table is judged whole; what is drawn is held in memory, 16 bytes a row.
    public static final int MOST = 1_000_000;

    /// Stands for every row where a limit is a number.
    public static final int EVERY_ROW = 0;

    /// Every row is judged.
    public static final Sample ALL = new Sample(null, DEFAULT_SEED);

    /// The limits of a job, each larger than the one before.
    ///
    /// @param raised those that came after this one
    public List<Integer> limits(List<Integer> raised) {
        return Stream.concat(Stream.of(Objects.requireNonNullElse(limit, EVERY_ROW)), raised.stream())
                .toList();
    }

    /// Whether another limit adds rows, as far as can be said without the table.
    public boolean isRaisedBy(int other, List<Integer> raised) {
        int last = limits(raised).getLast();
        return last != EVERY_ROW && (other == EVERY_ROW || other > last);
    }
}
