package io.pairbatch.step;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.results.Tallies;
import io.pairbatch.store.JobStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// By which rules for tags the answers of a job's segments were read. The rules may change after that: then the answers
/// are read again, from the files in the bucket.
public final class TagRules {

    private final OpenJob job;
    private final String now;
    private @Nullable String first;

    private TagRules(OpenJob job) {
        this.job = job;
        this.now = job.resolved().spec().prompt().rules().code();
    }

    /// Those of a job as they are now.
    public static TagRules of(OpenJob job) {
        return new TagRules(job);
    }

    /// What they are known by.
    public String code() {
        return now;
    }

    /// Whether the segment's rows are in result files, but were read by other rules.
    public boolean outdated(SegmentItem segment) {
        return segment.state().isFinal() && !now.equals(segment.tagRules() == null ? first() : segment.tagRules());
    }

    /// Those that the job was frozen with: an older version, which recorded none, has read by them.
    private String first() {
        if (first == null) {
            try (InputStream frozen =
                    job.store().open(JobFiles.JOB).orElseThrow(() -> new FileNotFoundException(JobFiles.JOB))) {
                first = ResolvedJob.read(frozen, Providers::options)
                        .spec()
                        .prompt()
                        .rules()
                        .code();
            } catch (IOException e) {
                throw new RetryableException(JobFiles.JOB + " could not be read", e);
            }
        }
        return first;
    }

    /// The name of a file with answers that was deleted, so that they can no longer be read in another way.
    ///
    /// @param all the job's segments
    public static Optional<String> deleted(JobStore store, List<SegmentItem> all) throws IOException {
        for (SegmentItem segment : all) {
            if (segment.state().isFinal() && isDeleted(store, segment.index())) {
                return Optional.of(JobFiles.output(segment.index()));
            }
        }
        return Optional.empty();
    }

    private static boolean isDeleted(JobStore store, int segment) throws IOException {
        if (store.size(JobFiles.output(segment)) >= 0 || store.size(JobFiles.tally(segment)) < 0) {
            return false;
        }
        SegmentTally tally = Tallies.read(store, segment);
        return tally.observed() > 0 || !tally.models().isEmpty();
    }
}
