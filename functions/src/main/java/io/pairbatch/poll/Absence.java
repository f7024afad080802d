package io.pairbatch.poll;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.reconcile.Strays;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// Searches the provider's list for batches that the provider denies knowing. The list is read once per key. A list
/// without a batch is proof only if it shows another recorded batch of the same account: otherwise it may be another
/// project's list, or an empty response.
final class Absence {

    /// Clocks differ, and a user's own machine may be off by a time zone.
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);

    /// The maximum number of listed batches to look up in the registry.
    private static final int LOOKED_UP = 100;

    private final SegmentRegistry segments;
    private final OpenJob job;
    private final boolean trusted;
    private final List<SegmentItem> open;
    private final Set<String> owned;
    private final Map<String, Listing> listings = new HashMap<>();

    /// @param trusted whether no witness is needed
    /// @param open segments whose batches may have to be searched
    /// @param owned all of the job's batches, open or not
    Absence(SegmentRegistry segments, OpenJob job, boolean trusted, List<SegmentItem> open, Set<String> owned) {
        this.segments = segments;
        this.job = job;
        this.trusted = trusted;
        this.open = open;
        this.owned = owned;
    }

    /// What the list shows.
    sealed interface Sight {

        /// The batch exists after all.
        record Listed(BatchStatus batch) implements Sight {}

        /// The batch is missing, and the list is that of the batch's account.
        record Witnessed() implements Sight {}

        /// This key may not list batches, or the list shows none of ours.
        record NoProof(String why) implements Sight {}

        /// The list could not be read this time.
        record NoList() implements Sight {}
    }

    /// @param account whose key denied the batch
    Sight look(Account account, SegmentItem segment) {
        return listings.computeIfAbsent(account.window(), window -> new Listing(account))
                .sight(segment);
    }

    private final class Listing {

        private final Account account;
        private final Map<String, BatchStatus> found = new HashMap<>();
        private final Set<String> witnessed = new HashSet<>();
        private final Set<String> ids;
        private final Set<String> makers;
        private Sight unproved = new Sight.NoList();
        private boolean complete;
        private int lookedUp;

        Listing(Account account) {
            this.account = account;
            this.ids =
                    open.stream().map(s -> Objects.requireNonNull(s.batchId())).collect(Collectors.toSet());
            this.makers = open.stream().map(this::maker).collect(Collectors.toSet());
            read(Round.oldest(open).minus(CLOCK_SKEW));
        }

        private String maker(SegmentItem segment) {
            return Objects.requireNonNullElse(segment.openAccount(), account.window());
        }

        private void read(Instant since) {
            try {
                Strays strays = new Strays(segments, job, account, owned);
                account.provider().list(since, batch -> {
                    strays.see(batch);
                    return visit(batch);
                });
                strays.note();
                complete = true;
                unproved = new Sight.NoProof("the provider's list shows no batch of ours, so it proves nothing");
            } catch (RefusedException e) {
                unproved = new Sight.NoProof("the provider's list cannot be read: " + e.describe());
            } catch (RetryableException e) {
                // It is tried again later.
            }
        }

        private boolean visit(BatchStatus batch) {
            if (ids.contains(batch.id())) {
                found.put(batch.id(), batch);
            }
            if (witnessed.size() < makers.size() && lookedUp++ < LOOKED_UP) {
                makers.stream()
                        .filter(maker -> segments.accounts().owns(maker, batch.id()))
                        .forEach(witnessed::add);
            }
            return true;
        }

        Sight sight(SegmentItem segment) {
            BatchStatus batch = found.get(Objects.requireNonNull(segment.batchId()));
            String maker = maker(segment);
            boolean proves = witnessed.contains(maker) || (trusted && maker.equals(account.window()));
            if (batch != null) {
                return new Sight.Listed(batch);
            }
            return complete && proves ? new Sight.Witnessed() : unproved;
        }
    }
}
