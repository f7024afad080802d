package io.pairbatch.api;

import io.pairbatch.registry.JobIndex;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.JobState;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Finds the job that a path refers to: by its ID, by the beginning of its ID, or by the folder name that POST
/// returned.
public final class JobSearch {

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");
    private static final int SHOWN = 5;

    private final JobIndex index;
    private final InboxFiles inbox;

    public JobSearch(JobIndex index, InboxFiles inbox) {
        this.index = index;
        this.inbox = inbox;
    }

    /// What was found.
    sealed interface Found {

        record Registered(JobRecord job) implements Found {}

        /// The folder exists, but the stack has not noticed it yet.
        record Waiting(String folder) implements Found {}
    }

    Found find(String idOrName) {
        if (!NAME.matcher(idOrName).matches()) {
            throw notFound(idOrName);
        }
        Optional<JobRecord> exact = index.find(idOrName);
        if (exact.isPresent()) {
            return new Found.Registered(exact.get());
        }
        List<JobRecord> begin = index.beginningWith(idOrName, SHOWN + 1);
        // The jobs of its judges begin like a job of the same name.
        List<JobRecord> own = begin.stream().filter(job -> job.panel() == null).toList();
        List<JobRecord> found = own.isEmpty() ? begin : own;
        // The newest job of the folder is meant; the note that the folder waits may still exist.
        Optional<JobRecord> ofFolder = found.stream()
                .filter(job -> job.name().equals(idOrName))
                .reduce((newer, older) -> newer.state() == JobState.WAITING_FOR_SPEC ? older : newer);
        if (ofFolder.isPresent()) {
            return new Found.Registered(ofFolder.get());
        }
        if (found.size() > 1) {
            String ids = found.stream().limit(SHOWN).map(JobRecord::jobId).collect(Collectors.joining(", "));
            throw new ApiException(
                    ApiCode.API_JOB_AMBIGUOUS, "There are " + ids + (found.size() > SHOWN ? ", …" : "") + ".");
        }
        if (found.isEmpty() && !inbox.hasJobFile(idOrName)) {
            throw notFound(idOrName);
        }
        return found.isEmpty() ? new Found.Waiting(idOrName) : new Found.Registered(found.getFirst());
    }

    private static ApiException notFound(String idOrName) {
        return new ApiException(ApiCode.API_JOB_NOT_FOUND, "No job's ID begins with " + idOrName + ".");
    }
}
