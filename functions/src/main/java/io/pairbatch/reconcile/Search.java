package io.pairbatch.reconcile;

import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.Submission;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import java.time.Instant;
import java.util.List;

/// Looks at the provider for the batch of a submission whose answer was lost, or came too late.
interface Search {

    /// What was found.
    sealed interface Finding {

        /// The batch is there.
        ///
        /// @param submission whose it is
        record Found(Submission submission, String batchId) implements Finding {}

        /// This look did not find it.
        ///
        /// @param witness what that proves
        record Absent(Witness.Strength witness) implements Finding {}

        /// It may be one that cannot be told from others yet.
        record NotYet(Instant lookAgain) implements Finding {}

        /// Nothing that the provider shows can tell.
        record NoProof(String reason) implements Finding {}
    }

    /// Looks once.
    ///
    /// @param sought the segment's submissions without a batch, all made with this account; not empty
    /// @throws RefusedException when this key may not look
    Finding look(OpenJob job, Account account, SegmentItem segment, List<Submission> sought) throws RefusedException;
}
