package io.pairbatch.reconcile;

import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.Submission;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import java.time.Instant;
import java.util.List;

/// Searches the provider for the batch of a submission whose response was lost, or came too late.
interface Search {

    /// The result of a search.
    sealed interface Finding {

        /// The batch exists.
        ///
        /// @param submission the submission that created it
        record Found(Submission submission, String batchId) implements Finding {}

        /// This search did not find it.
        ///
        /// @param witness what that proves
        record Absent(Witness.Strength witness) implements Finding {}

        /// A candidate cannot be told apart from others yet.
        record NotYet(Instant lookAgain) implements Finding {}

        /// Nothing that the provider shows can decide it.
        record NoProof(String reason) implements Finding {}
    }

    /// Searches once.
    ///
    /// @param sought the segment's submissions without a batch, all made with this account; not empty
    /// @throws RefusedException if this key may not list batches
    Finding look(OpenJob job, Account account, SegmentItem segment, List<Submission> sought) throws RefusedException;
}
