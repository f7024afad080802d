package io.pairbatch.submit;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.Submission;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import org.jspecify.annotations.Nullable;

/// By the token that the provider lists with each batch.
final class TokenSearch implements Search {

    @Override
    public Finding look(OpenJob job, Account account, SegmentItem segment, Submission open) throws RefusedException {
        Seen seen = new Seen(open.token());
        account.provider().list(open.createdAt().minus(Reconciler.CLOCK_SKEW), seen::visit);
        return seen.batchId == null ? new Finding.Absent() : new Finding.Found(seen.batchId);
    }

    private static final class Seen {

        private final String token;
        private @Nullable String batchId;

        Seen(String token) {
            this.token = token;
        }

        boolean visit(BatchStatus batch) {
            if (token.equals(batch.metadata().get(BatchProvider.TOKEN))) {
                batchId = batch.id();
            }
            return batchId == null;
        }
    }
}
