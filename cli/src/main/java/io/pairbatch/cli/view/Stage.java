package io.pairbatch.cli.view;

import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.registry.JobState;
import java.util.List;
import java.util.Locale;

/// One of the five stages of a job.
///
/// @param done how much of `total` is done; a total of 0 has no bar
/// @param text the same in words
/// @param begun whether there is anything to show yet
record Stage(String name, long done, long total, String text, boolean begun) {

    /// Whether all of it is done.
    boolean complete() {
        return total > 0 && done >= total;
    }

    /// The stages in their order.
    static List<Stage> of(JobSnapshot snapshot) {
        JobState state = snapshot.job().state();
        return of(snapshot, state == JobState.MERGING || state == JobState.DONE);
    }

    /// The same of a job that is about to go on: nothing has failed for good.
    static List<Stage> goingOn(JobSnapshot snapshot) {
        return of(snapshot, false);
    }

    private static List<Stage> of(JobSnapshot snapshot, boolean settled) {
        return List.of(
                split(snapshot),
                submitted(snapshot),
                answered(snapshot),
                collected(snapshot, settled),
                merged(snapshot));
    }

    private static Stage split(JobSnapshot snapshot) {
        Job job = snapshot.job();
        String rejected = job.rowsRejected() == 0 ? "" : ", " + count(job.rowsRejected()) + " rejected";
        if (job.splitDone()) {
            String all = plural(job.rowsRead(), "row");
            String in = " in " + plural(segments(snapshot), "segment");
            long left = snapshot.leftOut();
            String more = rejected + (left == 0 ? "" : ", " + count(left) + " not in the sample");
            String text = more.isEmpty()
                    ? all + in
                    : all + ": " + count(job.rowsRead() - job.rowsRejected() - left) + in + more;
            return new Stage("split", 1, 1, text, true);
        }
        String text = job.rowsRead() == 0 ? "starting" : plural(job.rowsRead(), "row") + " so far" + rejected;
        return new Stage("split", 0, 0, text, job.rowsRead() > 0);
    }

    private static Stage submitted(JobSnapshot snapshot) {
        SegmentTotals totals = snapshot.segments();
        String doubt = totals.inDoubt() == 0 ? "" : ", " + count(totals.inDoubt()) + " in doubt";
        Stage sent = counting("submitted", totals.submitted(), segments(snapshot), doubt + neverSent(totals));
        return new Stage(
                sent.name(), totals.submitted() + totals.unsentSegments(), sent.total(), sent.text(), sent.begun());
    }

    private static Stage answered(JobSnapshot snapshot) {
        SegmentTotals totals = snapshot.segments();
        String more = (totals.again() == 0 ? "" : " (" + count(totals.again()) + " in another attempt)")
                + (totals.unanswered() == 0 ? "" : ", " + count(totals.unanswered()) + " unanswered")
                + (totals.unsent() == 0 ? "" : ", " + count(totals.unsent()) + " never sent");
        Stage answers = counting("answered", totals.answered(), totals.rows(), more);
        return new Stage(
                answers.name(),
                totals.answered() + totals.unanswered() + totals.unsent(),
                answers.total(),
                answers.text(),
                answers.begun());
    }

    private static Stage collected(JobSnapshot snapshot, boolean settled) {
        SegmentTotals totals = snapshot.segments();
        String none = totals.failed() == 0 ? "" : " (" + count(totals.failed()) + " lost)";
        int ended = totals.collected() + totals.unsentSegments();
        String pairs = ended == 0 ? "" : "; " + pairs(totals, settled);
        Stage all = counting("collected", totals.collected(), segments(snapshot), none + neverSent(totals) + pairs);
        return new Stage(all.name(), ended, all.total(), all.text(), all.begun());
    }

    /// What became of the pairs that were collected and are not on their way again. Before the job merges, one without
    /// a
    /// winner may still be sent again, so it has not failed; then both numbers together are all pairs.
    private static String pairs(SegmentTotals totals, boolean settled) {
        // Two attempts at a pair may both name a winner.
        long judged = Math.min(totals.judged(), totals.pairs());
        long rest = totals.pairs() - judged;
        if (settled) {
            return count(judged) + " judged, " + count(rest) + " failed";
        }
        long without = Math.min(totals.without(), rest);
        return count(judged) + " judged" + (without == 0 ? "" : ", " + count(without) + " undecided");
    }

    private static String neverSent(SegmentTotals totals) {
        return totals.unsentSegments() == 0 ? "" : ", " + count(totals.unsentSegments()) + " never sent";
    }

    private static Stage merged(JobSnapshot snapshot) {
        Job job = snapshot.job();
        if (job.state() == JobState.DONE) {
            String text = "%s judged, %s failed".formatted(count(job.observed()), count(job.failed()));
            return new Stage("merged", 1, 1, text, true);
        }
        boolean merging = job.state() == JobState.MERGING;
        return new Stage("merged", 0, merging ? 1 : 0, merging ? "merging" : "waiting", merging);
    }

    private static Stage counting(String name, long done, long total, String more) {
        String text = total == 0 ? "waiting" : count(done) + " of " + count(total) + more;
        return new Stage(name, done, total, text, done > 0 || !more.isEmpty());
    }

    private static long segments(JobSnapshot snapshot) {
        return Math.max(snapshot.job().segments(), snapshot.segments().registered());
    }

    private static String plural(long n, String noun) {
        return count(n) + " " + noun + (n == 1 ? "" : "s");
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
