package io.pairbatch.pairs;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pairs, one after the other: those of a table, or those that a design makes of samples.
public interface PairRows extends Closeable {

    /// The next row, or null after the last one.
    ///
    /// @throws io.pairbatch.problem.JobRejectedException `INPUT_UNREADABLE` if a gzipped file is damaged
    /// @throws IOException if they cannot be read
    @Nullable
    InputRow read() throws IOException;

    /// The position after the last row that was read.
    Position position();

    /// The columns of all rows, in order; empty where each row names its own.
    List<String> header();
}
