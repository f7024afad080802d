package io.pairbatch.collect;

import java.io.IOException;
import java.util.OptionalInt;

/// Which segment of a job has a row.
public interface OtherSegments {

    /// Where nobody knows.
    OtherSegments UNKNOWN = row -> OptionalInt.empty();

    /// The segment with this row; empty if there is none, or if it is not known.
    OptionalInt of(long row) throws IOException;
}
