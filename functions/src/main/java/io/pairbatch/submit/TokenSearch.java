package io.pairbatch.submit;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.Submission;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// By the token that the provider lists with each batch; where a service keeps no metadata, by the input file.
///
/// The file alone is proof. It was uploaded for this segment and for nothing else, so each batch made from it comes
/// from one of the segment's submissions, of which one at most is open at a time. Those before it are over: their
/// batches are recorded, and a recorded batch never matches (a segment that came back for lack of room is submitted
/// again with the same file). What is left is the open one's batch, or that of a submission that was given up as absent
/// and turned up after all; it holds the very same requests, and taking it is better than paying for them twice. No
/// time is compared, for clocks differ. A batch with another submission's token is never matched by its file.
final class TokenSearch implements Search {

    private final SegmentRegistry segments;

    TokenSearch(SegmentRegistry segments) {
        this.segments = segments;
    }

    @Override
    public Finding look(OpenJob job, Account account, SegmentItem segment, Submission open) throws RefusedException {
        List<String> recorded = segments.submissions(job.id(), segment.index()).stream()
                .map(Submission::batchId)
                .filter(Objects::nonNull)
                .toList();
        Seen seen = new Seen(open, recorded);
        account.provider().list(open.createdAt().minus(Reconciler.CLOCK_SKEW), seen::visit);
        String batchId = seen.byToken != null ? seen.byToken : seen.byFile;
        return batchId == null ? new Finding.Absent() : new Finding.Found(batchId);
    }

    private static final class Seen {

        private final Submission open;
        private final List<String> recorded;
        private @Nullable String byToken;
        private @Nullable String byFile;

        Seen(Submission open, List<String> recorded) {
            this.open = open;
            this.recorded = recorded;
        }

        /// A token decides at once; a file only when the whole list shows no token.
        boolean visit(BatchStatus batch) {
            String token = batch.metadata().get(BatchProvider.TOKEN);
            boolean sameFile = !open.fileId().isEmpty() && open.fileId().equals(batch.inputFileId());
            if (open.token().equals(token)) {
                byToken = batch.id();
            } else if (token == null && sameFile && byFile == null && !recorded.contains(batch.id())) {
                byFile = batch.id();
            }
            return byToken == null;
        }
    }
}
