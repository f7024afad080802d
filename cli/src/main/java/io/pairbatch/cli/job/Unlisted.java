package io.pairbatch.cli.job;

import io.pairbatch.job.JobFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Jobs that have their files but are not in the registry: an emulator that was killed has lost them, and they come
/// back when their executions begin. Until then, a list of the jobs lacks them.
public final class Unlisted {

    private static final int NAMED = 5;

    private Unlisted() {}

    /// Their ids, in order. Holds the ids of all jobs.
    public static List<String> of(JobSource jobs, Bucket bucket) throws IOException {
        Set<String> listed = new HashSet<>();
        jobs.visitNewestFirst(job -> {
            listed.add(job.id());
            return true;
        });
        List<String> unlisted = new ArrayList<>();
        for (String id : bucket.folders("jobs/")) {
            // A job that was never frozen begins anew with its files in the inbox. The list may be a moment old.
            if (!listed.contains(id)
                    && isThere(bucket, id, JobFiles.JOB)
                    && jobs.read(id).isEmpty()) {
                unlisted.add(id);
            }
        }
        return unlisted;
    }

    /// Those of `ids` that are not as they were: not in the registry, or not done although their files say so.
    public static List<String> unrestored(List<String> ids, JobSource jobs, Bucket bucket) throws IOException {
        List<String> waiting = new ArrayList<>();
        for (String id : ids) {
            Optional<JobSnapshot> job = jobs.read(id);
            boolean ended = job.isPresent() && job.get().job().state().atRest();
            if (!ended && (job.isEmpty() || isThere(bucket, id, JobFiles.SUMMARY))) {
                waiting.add(id);
            }
        }
        return waiting;
    }

    private static boolean isThere(Bucket bucket, String id, String file) throws IOException {
        try (InputStream in = bucket.open(ResultFiles.prefix(id) + file, null).orElse(null)) {
            return in != null;
        }
    }

    /// Some jobs by their number and ids, such as `2 jobs (a, b)`.
    public static String named(List<String> ids) {
        return (ids.size() == 1 ? "1 job" : ids.size() + " jobs") + " ("
                + String.join(", ", ids.subList(0, Math.min(NAMED, ids.size())))
                + (ids.size() > NAMED ? ", …)" : ")");
    }
}
