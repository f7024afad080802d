package io.pairbatch.reconcile;

import io.pairbatch.job.RetryableException;
import io.pairbatch.job.WireId;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.Reading;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.AccountRegistry;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.Submission;
import io.pairbatch.results.RetryList;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Searches by the IDs of a batch's requests, if a batch carries nothing else of ours. Candidates are the batches of
/// that time with as many requests as ours that no submission owns; they may be other people's. Each is followed until
/// it has ended, none is cancelled, and the first ID in its results tells whose it is: ours names the job and a row of
/// the segment.
final class RequestIdSearch implements Search {

    /// The number of bytes of the results to read to find one ID.
    private static final int LOOKED_AT = 1 << 20;

    private final SegmentRegistry segments;
    private final AccountRegistry accounts;
    private final Duration pause;
    private final Clock clock;

    RequestIdSearch(SegmentRegistry segments, Duration pause, Clock clock) {
        this.segments = segments;
        this.accounts = segments.accounts();
        this.pause = pause;
        this.clock = clock;
    }

    @Override
    public Finding look(OpenJob job, Account account, SegmentItem segment, List<Submission> sought)
            throws RefusedException {
        boolean running = false;
        String unreadable = null;
        Submission open = sought.getLast();
        Witness witness = new Witness(accounts, open.account(), Reconciler.over(segment, open));
        List<BatchStatus> candidates = candidates(account, segment, sought, witness);
        for (BatchStatus candidate : candidates) {
            if (!candidate.state().terminal()) {
                running = true;
                continue;
            }
            String id = firstId(job, account, candidate);
            if (id == null) {
                unreadable = candidate.id();
            } else if (isOurs(job, segment, id)) {
                others(job, account, segment, candidates.subList(candidates.indexOf(candidate) + 1, candidates.size()));
                return new Finding.Found(open, candidate.id());
            }
        }
        if (running) {
            long interval = job.resolved().spec().polling().intervalSeconds();
            Duration wait = Duration.ofSeconds(interval).compareTo(pause) > 0 ? Duration.ofSeconds(interval) : pause;
            return new Finding.NotYet(clock.instant().plus(wait));
        }
        return unreadable == null
                ? new Finding.Absent(witness.strength())
                : new Finding.NoProof("batch " + unreadable + " may be the one, but its results cannot be read");
    }

    /// Records other batches with the segment's requests, besides the adopted one. Batches that cannot be read now are
    /// skipped: the batch in question is found.
    private void others(OpenJob job, Account account, SegmentItem segment, List<BatchStatus> rest) {
        List<String> ours = new ArrayList<>();
        try {
            for (BatchStatus candidate : rest) {
                String id = candidate.state().terminal() ? firstId(job, account, candidate) : null;
                if (id != null && isOurs(job, segment, id)) {
                    ours.add(candidate.id());
                }
            }
        } catch (RefusedException | RetryableException e) {
            // As explained above.
        }
        new Strays(segments, job, account).note(ours);
    }

    /// Held in memory: batches of the same size within two days, whose creators are unknown.
    private List<BatchStatus> candidates(Account account, SegmentItem segment, List<Submission> sought, Witness witness)
            throws RefusedException {
        Submission last = sought.getLast();
        Instant latest = Reconciler.over(segment, last).plus(Reconciler.CLOCK_SKEW);
        List<BatchStatus> found = new ArrayList<>();
        account.provider().list(sought.getFirst().createdAt().minus(Reconciler.CLOCK_SKEW), batch -> {
            witness.see(batch);
            // Without a count nothing is proven.
            boolean ourSize = batch.total() == segment.rows() || batch.total() == 0;
            if (ourSize && !batch.createdAt().isAfter(latest)) {
                found.add(batch);
            }
            return true;
        });
        found.removeIf(batch -> accounts.owns(last.account(), batch.id()));
        return found;
    }

    private static boolean isOurs(OpenJob job, SegmentItem segment, String id) {
        return WireId.of(job.resolved().token(), id)
                .filter(ours -> ours.attempt() == segment.attempt()
                        && ours.comparison() >= segment.firstRow()
                        && ours.comparison() <= segment.lastRow())
                .filter(ours -> ours.attempt() == 1 || isListed(job, segment, ours.comparison()))
                .isPresent();
    }

    /// The rows that are sent again lie far apart, so two segments may span the same ones.
    private static boolean isListed(OpenJob job, SegmentItem segment, long row) {
        try {
            return RetryList.read(job.store(), segment.index())
                    .filter(list -> list.rows().values().stream().anyMatch(rows -> rows.contains(row)))
                    .isPresent();
        } catch (IOException e) {
            throw new RetryableException("the list of segment " + segment.index() + " could not be read", e);
        }
    }

    /// The first readable ID; null if there is none.
    static @Nullable String firstId(OpenJob job, Account account, BatchStatus batch) throws RefusedException {
        if (batch.outputFileId() == null) {
            return null;
        }
        ProviderFormat format = Providers.format(job.resolved().spec().backend());
        byte[] start;
        try (InputStream in = account.provider().download(batch.outputFileId())) {
            start = in.readNBytes(LOOKED_AT);
        } catch (IOException e) {
            throw new RetryableException("the results of " + batch.id() + " broke off", e);
        } catch (RefusedException e) {
            if (e.kind() == RefusedException.Kind.NOT_FOUND) {
                return null;
            }
            throw e;
        }
        int from = 0;
        while (from < start.length) {
            int to = from;
            while (to < start.length && start[to] != '\n') {
                to++;
            }
            String id = id(format.read(new ByteArrayInputStream(start, from, to - from)));
            if (id != null) {
                return id;
            }
            from = to + 1;
        }
        return null;
    }

    private static @Nullable String id(Reading line) {
        return switch (line) {
            case Reading.Understood it -> it.answer().customId();
            case Reading.Unreadable it -> it.customId();
        };
    }
}
