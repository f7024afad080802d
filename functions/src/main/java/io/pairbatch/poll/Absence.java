package io.pairbatch.poll;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.Submission;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks for a batch that the provider denies in its list. A list without it proves something only where it shows
/// another batch of the same account that we have recorded: else it may be the list of another project, or an empty
/// answer.
final class Absence {

    /// Clocks differ, and that of somebody's own machine by a time zone.
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);

    /// How many batches of unknown makers are looked up in the registry at most.
    private static final int LOOKED_UP = 100;

    private final SegmentRegistry segments;

    Absence(SegmentRegistry segments) {
        this.segments = segments;
    }

    /// What the list shows.
    sealed interface Sight {

        /// The batch is there after all.
        record Listed(BatchStatus batch) implements Sight {}

        /// It is not there, and the list is that of the batch's account.
        record Witnessed() implements Sight {}

        /// This key may not list, or the list shows nothing of ours.
        record NoProof(String why) implements Sight {}

        /// The list could not be read this time.
        record NoList(String why) implements Sight {}
    }

    /// Looks once.
    ///
    /// @param account whose key denied the batch
    Sight look(OpenJob job, Account account, SegmentItem segment) {
        Instant since =
                Objects.requireNonNullElse(segment.submittedAt(), Instant.EPOCH).minus(CLOCK_SKEW);
        String maker = Objects.requireNonNullElse(segment.openAccount(), account.window());
        Seen seen = new Seen(Objects.requireNonNull(segment.batchId()), maker, ours(job, maker));
        try {
            account.provider().list(since, seen::visit);
        } catch (RefusedException e) {
            return new Sight.NoProof("the provider's list cannot be read: " + e.describe());
        } catch (RetryableException e) {
            return new Sight.NoList(String.valueOf(e.getMessage()));
        }
        if (seen.found != null) {
            return new Sight.Listed(seen.found);
        }
        return seen.witness
                ? new Sight.Witnessed()
                : new Sight.NoProof("the provider's list shows no batch of ours, so it proves nothing");
    }

    private Set<String> ours(OpenJob job, String maker) {
        Set<String> ours = new HashSet<>();
        for (SegmentItem segment : segments.all(job.id())) {
            List<Submission> submissions =
                    segment.batchId() == null ? List.of() : segments.submissions(job.id(), segment.index());
            for (Submission submission : submissions) {
                if (submission.batchId() != null && submission.account().equals(maker)) {
                    ours.add(submission.batchId());
                }
            }
            if (ours.size() >= LOOKED_UP) {
                break;
            }
        }
        return ours;
    }

    private final class Seen {

        private final String batchId;
        private final String maker;
        private final Set<String> ours;
        private int lookedUp;
        private boolean witness;
        private @Nullable BatchStatus found;

        Seen(String batchId, String maker, Set<String> ours) {
            this.batchId = batchId;
            this.maker = maker;
            this.ours = ours;
        }

        boolean visit(BatchStatus batch) {
            if (batch.id().equals(batchId)) {
                found = batch;
                return false;
            }
            if (!witness) {
                witness = ours.contains(batch.id())
                        || (lookedUp++ < LOOKED_UP && segments.accounts().owns(maker, batch.id()));
            }
            return true;
        }
    }
}
