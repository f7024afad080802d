package io.pairbatch.forget;

import io.pairbatch.registry.DeletionRegistry.DeletingJob;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/// Which of the dropped files are deleted with a job: its folder, or the single file that was dropped alone. If another
/// job came from the same place, only this job's own table is deleted, unless the other job has the same one. Files
/// that arrived after the deletion started are a new drop and stay.
///
/// @param prefix what to list; empty if nothing is to be deleted
/// @param kept why some files stay; empty if none do
record InboxPlan(String prefix, Predicate<ObjectVersion> version, Predicate<DeleteMarkerEntry> marker, String kept) {

    private static final String INBOX = "inbox/";

    /// Where the job's files were dropped, including related files: a folder's name ending in `/`, or a file name.
    static String place(DeletingJob job) {
        String key = job.sourceKey();
        int slash = key.lastIndexOf('/');
        return slash < INBOX.length() ? key : key.substring(0, slash + 1);
    }

    /// @param others jobs from the same place
    static InboxPlan of(DeletingJob job, List<DeletingJob> others, Versions versions) {
        String key = job.sourceKey();
        String place = place(job);
        if (!key.startsWith(INBOX) || key.length() == INBOX.length()) {
            String kept = key.isEmpty() ? "" : key + " is not in the inbox and was left as it is";
            return new InboxPlan("", v -> false, m -> false, kept);
        }
        Instant since = job.since() == null ? Instant.EPOCH : job.since();
        List<DeletingJob> same = others.stream()
                .filter(other -> place.endsWith("/") || other.sourceKey().equals(key))
                .toList();
        if (same.isEmpty()) {
            boolean folder = place.endsWith("/");
            return new InboxPlan(
                    place,
                    v -> (folder || v.key().equals(place)) && !v.lastModified().isAfter(since),
                    m -> (folder || m.key().equals(place)) && !m.lastModified().isAfter(since),
                    "");
        }
        return shared(job, same, versions.of(key), since);
    }

    private static InboxPlan shared(DeletingJob job, List<DeletingJob> others, List<ObjectVersion> all, Instant since) {
        String key = job.sourceKey();
        Set<String> theirs = new HashSet<>(contents(all, others));
        Set<String> ours = new HashSet<>(contents(all, List.of(job)));
        String names = others.stream().map(DeletingJob::jobId).limit(5).collect(Collectors.joining(", "));
        ours.removeAll(theirs);
        return new InboxPlan(
                key,
                v -> v.key().equals(key)
                        && ours.contains(v.eTag())
                        && !v.lastModified().isAfter(since),
                m -> false,
                (ours.isEmpty() ? "the dropped files" : "the files beside the table") + " in " + place(job)
                        + " were left, which belong to " + names + " too");
    }

    /// The contents that the jobs claimed, by ETag: a file that was dropped again is another version with the same
    /// content.
    private static Set<String> contents(List<ObjectVersion> all, List<DeletingJob> jobs) {
        Set<String> claimed = jobs.stream().map(DeletingJob::sourceVersion).collect(Collectors.toSet());
        return all.stream()
                .filter(v -> claimed.contains(v.versionId()))
                .map(ObjectVersion::eTag)
                .collect(Collectors.toSet());
    }
}
