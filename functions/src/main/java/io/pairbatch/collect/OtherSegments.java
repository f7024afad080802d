package io.pairbatch.collect;

import io.pairbatch.job.WireId;
import java.io.IOException;
import java.util.OptionalInt;

/// Which segment of a job has sent a request.
public interface OtherSegments {

    /// Where nobody knows.
    OtherSegments UNKNOWN = id -> OptionalInt.empty();

    /// The segment with this request; empty if there is none, or if it is not known.
    OptionalInt of(WireId id) throws IOException;
}
