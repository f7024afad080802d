package io.pairbatch.forget;

import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.BatchProvider.Removal;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentItem.Copies;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.spec.ProviderRetention;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// `provider_retention: delete_after_collect`: deletes a segment's files and batches at the provider once its content
/// is in S3 and the registry says so. Failed deletions are retried at later polls and once more at the merge; they
/// never fail the job, and `summary.json` names what is left.
public final class Retention {

    /// Attempts before the merge, which adds one more.
    private static final int ATTEMPTS = 5;

    private static final int AT_MOST_A_POLL = 20;
    private static final int AT_MOST_NOTICES = 100;
    private static final Duration NEEDED = Duration.ofSeconds(90);
    /// The merge itself must have time left, whatever the provider does.
    private static final Duration NEEDED_TO_MERGE = Duration.ofMinutes(6);

    private final SegmentRegistry segments;

    public Retention(SegmentRegistry segments) {
        this.segments = segments;
    }

    /// Deletes a segment's data at the provider, if it is due.
    public void collected(OpenJob job, Account account, int index, Deadline deadline) {
        if (wanted(job) && deadline.allows(NEEDED)) {
            SegmentItem segment = segments.require(job.id(), index);
            if (isDue(segment) && segment.deletions() < ATTEMPTS) {
                attempt(job, account, segment, deadline, false);
            }
        }
    }

    /// Retries earlier failures until the provider fails again.
    public void polled(OpenJob job, Account account, Deadline deadline) {
        if (!wanted(job)) {
            return;
        }
        List<SegmentItem> due = segments.all(job.id()).stream()
                .filter(s -> isDue(s) && s.deletions() < ATTEMPTS)
                .limit(AT_MOST_A_POLL)
                .toList();
        for (SegmentItem segment : due) {
            if (!deadline.allows(NEEDED) || !attempt(job, account, segment, deadline, false)) {
                return;
            }
        }
    }

    /// Retries what is still due one last time and returns what the provider keeps.
    ///
    /// @param account opens the provider; not called if nothing is due
    /// @return sentences with IDs, a bounded number
    public List<String> merging(OpenJob job, Supplier<Account> account, Deadline deadline) {
        if (!wanted(job)) {
            return List.of();
        }
        boolean reached = true;
        for (SegmentItem segment : segments.all(job.id())) {
            if (isDue(segment)) {
                reached = reached && deadline.allows(NEEDED_TO_MERGE) && lastAttempt(job, account, segment, deadline);
                SegmentItem now = segments.require(job.id(), segment.index());
                if (isDue(now)) {
                    segments.batches().recordDeletion(job.id(), now, Copies.LEFT, now.copiesLeft());
                }
            }
        }
        return notices(segments.all(job.id()));
    }

    private static boolean wanted(OpenJob job) {
        return job.resolved().spec().output().providerRetention() == ProviderRetention.DELETE_AFTER_COLLECT;
    }

    /// DUE is set together with the final state; by then the content is in S3.
    private static boolean isDue(SegmentItem segment) {
        return segment.copies() == Copies.DUE && segment.state().isFinal();
    }

    private boolean lastAttempt(OpenJob job, Supplier<Account> account, SegmentItem segment, Deadline deadline) {
        try {
            return attempt(job, account.get(), segment, deadline, true);
        } catch (JobRejectedException e) {
            // There is no key any more; the notices name what the provider still has.
            return false;
        }
    }

    /// Returns whether the provider deleted it, or answered that it cannot.
    private boolean attempt(OpenJob job, Account account, SegmentItem segment, Deadline deadline, boolean last) {
        List<String> left = new ArrayList<>();
        boolean failed = false;
        for (Copy copy : Copy.of(account.provider(), segment, segments.submissions(job.id(), segment.index()))) {
            if (failed || !deadline.allows(NEEDED)) {
                failed = true;
                left.add(copy.id());
                continue;
            }
            try {
                Removal removal = copy.delete(account);
                // A batch that cannot be deleted holds only IDs and counts.
                if (removal == Removal.NOT_POSSIBLE && copy.kind() != Copy.Kind.BATCH) {
                    left.add(copy.id());
                }
            } catch (RefusedException | RetryableException e) {
                failed = true;
                left.add(copy.id());
            }
        }
        Copies copies = left.isEmpty() ? Copies.DELETED : failed && !last ? Copies.DUE : Copies.LEFT;
        segments.batches().recordDeletion(job.id(), segment, copies, left);
        return !failed;
    }

    private static List<String> notices(List<SegmentItem> all) {
        List<String> notices = new ArrayList<>();
        int more = 0;
        for (SegmentItem segment : all) {
            if (segment.copies() == Copies.DELETED) {
                continue;
            }
            if (notices.size() == AT_MOST_NOTICES) {
                more++;
            } else {
                notices.add(notice(segment));
            }
        }
        if (more > 0) {
            notices.add("provider_retention: the same of " + more + " more segments.");
        }
        return notices;
    }

    private static String notice(SegmentItem segment) {
        // KEPT: not all of it could be downloaded, or the registry was rebuilt and no longer knows the files.
        String what = segment.copiesLeft().isEmpty()
                ? "may still be at the provider."
                : "is still at the provider as " + String.join(", ", segment.copiesLeft()) + ".";
        return "provider_retention: segment " + segment.index() + " " + what;
    }
}
