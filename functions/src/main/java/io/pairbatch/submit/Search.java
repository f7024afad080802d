package io.pairbatch.submit;

import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.Submission;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import java.time.Instant;

/// Looks at the provider for the batch of a submission whose answer was lost.
interface Search {

    /// What was found.
    sealed interface Finding {

        /// The batch is there.
        record Found(String batchId) implements Finding {}

        /// This look did not find it, and would have.
        record Absent() implements Finding {}

        /// It may be one that cannot be told from others yet.
        record NotYet(Instant lookAgain) implements Finding {}

        /// Nothing that the provider shows can tell.
        record NoProof(String reason) implements Finding {}
    }

    /// Looks once.
    ///
    /// @throws RefusedException when this key may not look
    Finding look(OpenJob job, Account account, SegmentItem segment, Submission open) throws RefusedException;
}
