package io.pairbatch.step;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The jobs of the judges of a job that has several.
public record JudgeJobs(JobRegistry registry) {

    /// The job of one judge.
    ///
    /// @param number its place among the judges, from 1
    /// @param item of the job that judges for it: its own, or one that judges the same; null before it has begun
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
                .mapToObj(i -> new One(i + 1, jobs.get(i), judging(jobs.get(i).jobId())))
                .toList();
    }

    private @Nullable JobItem judging(String jobId) {
        JobItem own = registry.find(jobId).orElse(null);
        return own == null || own.state() != JobState.DUPLICATE || own.sameAs() == null
                ? own
                : registry.find(own.sameAs()).orElse(own);
    }

    /// Whether a judge's job was done again since the job that has the judges was.
    public boolean isOutdated(JobItem panel) {
        Instant merged = panel.finishedAt();
        return panel.state() == JobState.DONE
                && merged != null
                && panel.judgeJobs().stream()
                        .map(this::judging)
                        .anyMatch(judge -> judge != null
                                && judge.state() == JobState.DONE
                                && judge.finishedAt() != null
                                && judge.finishedAt().isAfter(merged));
    }

    /// The epochs by which those must have gone on that are asked something; 0 for the others.
    public List<Integer> next(ResolvedJob panel, Predicate<JobItem> asked) {
        return of(panel).stream()
                .map(one -> one.item() != null && asked.test(one.item()) ? one.next() : 0)
                .toList();
    }
}
