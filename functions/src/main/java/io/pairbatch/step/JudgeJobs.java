package io.pairbatch.step;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The jobs of the judges of a job that has several.
public record JudgeJobs(JobRegistry registry) {

    /// The job of one judge.
    ///
    /// @param number its place among the judges, from 1
    /// @param item null before it has begun
    public record One(int number, ResolvedJob job, @Nullable JobItem item) {

        /// The judge's name.
        public String judge() {
            return job.seat() == null ? "" : job.seat().judge();
        }

        /// The epoch that the job's next execution would have.
        int next() {
            return item == null ? 0 : Math.toIntExact(item.epoch() + 1);
        }
    }

    /// All of them, in the order of the judges.
    public List<One> of(ResolvedJob panel) {
        List<ResolvedJob> jobs = panel.judges(Providers::options);
        return IntStream.range(0, jobs.size())
                .mapToObj(i -> new One(
                        i + 1, jobs.get(i), registry.find(jobs.get(i).jobId()).orElse(null)))
                .toList();
    }

    /// The epochs by which those must have gone on that are asked something; 0 for the others.
    public List<Integer> next(ResolvedJob panel, Predicate<JobItem> asked) {
        return of(panel).stream()
                .map(one -> one.item() != null && asked.test(one.item()) ? one.next() : 0)
                .toList();
    }
}
