package io.pairbatch.reconcile;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.Submission;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Searches by the token that the provider lists with each batch; if a service keeps no metadata, by the input file.
///
/// The file alone is proof. It was uploaded for this segment only, so each batch created from it comes from one of the
/// segment's submissions, of which at most one is open at a time. The earlier ones are over: their batches are
/// recorded, and a recorded batch never matches (a segment that came back for lack of room is submitted again with the
/// same file). What remains is the open submission's batch, or that of a submission that was given up as absent and
/// appeared after all; it holds the very same requests, and adopting it is better than paying for them twice. Times are
/// not compared, because clocks differ. A batch with another submission's token is never matched by its file.
final class TokenSearch implements Search {

    private final SegmentRegistry segments;

    TokenSearch(SegmentRegistry segments) {
        this.segments = segments;
    }

    @Override
    public Finding look(OpenJob job, Account account, SegmentItem segment, List<Submission> sought)
            throws RefusedException {
        List<String> recorded = segments.submissions(job.id(), segment.index()).stream()
                .map(Submission::batchId)
                .filter(Objects::nonNull)
                .toList();
        Submission first =
                sought.stream().min(Comparator.comparing(Submission::createdAt)).orElseThrow();
        Witness witness = new Witness(segments.accounts(), first.account(), Reconciler.over(segment, sought.getLast()));
        Strays strays = new Strays(segments, job, account);
        Seen seen = new Seen(sought, recorded, witness, strays);
        account.provider().list(first.createdAt().minus(Reconciler.CLOCK_SKEW), seen::visit);
        strays.note();
        Finding found = seen.byToken != null ? seen.byToken : seen.byFile;
        return found == null ? new Finding.Absent(witness.strength()) : found;
    }

    private static final class Seen {

        private final List<Submission> sought;
        private final List<String> recorded;
        private final Witness witness;
        private final Strays strays;
        private @Nullable Finding byToken;
        private @Nullable Finding byFile;

        Seen(List<Submission> sought, List<String> recorded, Witness witness, Strays strays) {
            this.sought = sought;
            this.recorded = recorded;
            this.witness = witness;
            this.strays = strays;
        }

        /// A token decides at once; a file only if the whole list shows no token.
        boolean visit(BatchStatus batch) {
            String token = batch.metadata().get(BatchProvider.TOKEN);
            for (Submission submission : sought) {
                boolean sameFile =
                        !submission.fileId().isEmpty() && submission.fileId().equals(batch.inputFileId());
                if (submission.token().equals(token)) {
                    byToken = new Finding.Found(submission, batch.id());
                } else if (token == null && sameFile && byFile == null && !recorded.contains(batch.id())) {
                    byFile = new Finding.Found(submission, batch.id());
                }
            }
            if (byToken == null) {
                witness.see(batch);
                strays.see(batch);
            }
            return byToken == null;
        }
    }
}
