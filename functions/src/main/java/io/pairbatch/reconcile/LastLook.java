package io.pairbatch.reconcile;

import io.pairbatch.job.RetryableException;
import io.pairbatch.job.WireId;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.BatchProvider.Evidence;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.StrayBatches;
import io.pairbatch.registry.Submission;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Before the merge of a job that ever had a create in doubt: reads the provider's list once more for a second batch.
/// The result is kept with the job, so that a repeated merge reports the same. It never prevents a merge.
public final class LastLook {

    /// The merge itself must have time left, whatever the provider does.
    private static final Duration NEEDED_TO_MERGE = Duration.ofMinutes(6);

    private static final Duration NEEDED = Duration.ofSeconds(30);

    /// The maximum number of batches to examine that carry nothing of ours.
    private static final int LOOKED_INTO = 20;

    private static final String BEGUN = "a look at its list was begun and came to no end";

    private final SegmentRegistry segments;

    public LastLook(SegmentRegistry segments) {
        this.segments = segments;
    }

    /// Looks if there is a reason to and it was not done before.
    ///
    /// @param account opens the provider until a deadline; not called if there is no reason to look
    /// @return sentences for people
    public List<String> look(OpenJob job, Function<Deadline, Account> account, Deadline deadline)
            throws FencedException {
        List<SegmentItem> all = segments.all(job.id());
        if (!all.stream().allMatch(s -> s.state().isFinal())) {
            return List.of();
        }
        List<Submission> submissions = segments.submissions(job.id());
        if (job.item().strays().looked() == null && Strays.hadADoubt(submissions)) {
            // If the function dies during the look, the next one must not die of it too.
            keep(job, BEGUN);
            keep(job, outcome(job, account, submissions, all, deadline.earlier(NEEDED_TO_MERGE)));
        }
        Set<String> owned = Strays.owned(all, submissions);
        return notices(segments.jobs().require(job.fence()).strays().with(List.of(), owned::contains));
    }

    private void keep(OpenJob job, String what) throws FencedException {
        StrayBatches now = segments.jobs().require(job.fence()).strays();
        segments.jobs().recordStrays(job.fence(), now.looked(what));
    }

    private String outcome(
            OpenJob job,
            Function<Deadline, Account> account,
            List<Submission> submissions,
            List<SegmentItem> all,
            Deadline deadline) {
        if (!deadline.allows(NEEDED)) {
            return "there was no time to read its list";
        }
        Instant since = submissions.stream()
                .map(Submission::createdAt)
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .minus(Reconciler.CLOCK_SKEW);
        Set<String> makers = submissions.stream().map(Submission::account).collect(Collectors.toSet());
        try {
            Account present = account.apply(deadline);
            for (String maker : makers) {
                Optional<Account> its = present.of(maker);
                if (its.isEmpty()) {
                    return "the key was changed, and the list of another one may be another project's";
                }
                if (its.get().provider().evidence() == Evidence.TOKEN) {
                    byToken(job, its.get(), since, Strays.owned(all, submissions));
                } else if (!byRequestIds(job, its.get(), since, all)) {
                    return "batches of the same size run there, whose requests can be read once they have ended";
                }
            }
            return StrayBatches.LOOKED;
        } catch (RefusedException e) {
            return "its list cannot be read: " + e.describe();
        } catch (RetryableException | JobRejectedException e) {
            return "its list could not be read: " + e.getMessage();
        }
    }

    private void byToken(OpenJob job, Account account, Instant since, Set<String> owned) throws RefusedException {
        Strays strays = new Strays(segments, job, account, owned);
        account.provider().list(since, batch -> {
            strays.see(batch);
            return true;
        });
        strays.note();
    }

    /// @return whether every batch that may be ours could be examined
    private boolean byRequestIds(OpenJob job, Account account, Instant since, List<SegmentItem> all)
            throws RefusedException {
        Set<Long> sizes = all.stream().map(s -> (long) s.rows()).collect(Collectors.toCollection(HashSet::new));
        List<BatchStatus> unknown = new ArrayList<>();
        account.provider().list(since, batch -> {
            boolean ourSize = sizes.contains(batch.total()) || batch.total() == 0;
            if (ourSize && !segments.accounts().owns(account.window(), batch.id())) {
                unknown.add(batch);
            }
            return unknown.size() <= LOOKED_INTO;
        });
        List<String> ours = new ArrayList<>();
        boolean whole = unknown.size() <= LOOKED_INTO;
        for (BatchStatus batch : unknown) {
            String id = batch.state().terminal() ? RequestIdSearch.firstId(job, account, batch) : null;
            whole &= batch.state().terminal();
            if (id != null && WireId.of(job.resolved().token(), id).isPresent()) {
                ours.add(batch.id());
            }
        }
        new Strays(segments, job, account).note(ours);
        return whole;
    }

    private static List<String> notices(StrayBatches strays) {
        List<String> notices = new ArrayList<>();
        if (strays.count() > 0) {
            notices.add(strays.describe());
        }
        String looked = strays.looked();
        if (looked != null && !looked.equals(StrayBatches.LOOKED)) {
            notices.add(
                    "The answer to a create was lost once, and whether the provider holds a second batch of this job"
                            + " could not be looked up: " + looked + ".");
        }
        return notices;
    }
}
