package io.pairbatch.split;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.Sample;
import java.util.List;

/// The stages in which a table is judged: all at once, or first a sample and later more of it. The segments of a part
/// follow those of the previous part.
///
/// @param sampleOf accepted rows when the first part was drawn; 0 if unknown
/// @param before how many segments there were when each part after the first began; 0 if unknown: then they follow on
/// @param limits the total of rows up to each part, increasing; [Sample#EVERY_ROW] for all
public record Parts(int seed, List<Integer> limits, long sampleOf, List<Integer> before) {

    public Parts {
        limits = List.copyOf(limits);
        before = List.copyOf(before);
    }

    /// The parts of a job.
    ///
    /// @param raised the limits that followed the one in the specification
    public static Parts of(JobSpec spec, List<Integer> raised) {
        return of(spec, raised, 0, List.of());
    }

    /// The parts of a job that grows.
    ///
    /// @param sampleOf accepted rows when its first part was drawn; 0 if unknown
    /// @param before how many segments there were when each of `raised` was set; 0 if unknown
    public static Parts of(JobSpec spec, List<Integer> raised, long sampleOf, List<Integer> before) {
        return new Parts(
                spec.batching().sample().seed(), spec.batching().sample().limits(raised), sampleOf, before);
    }

    /// How many segments there are before a part: those of earlier parts, and those that sent some of their rows again.
    ///
    /// @param written the last segment of the part before it
    int before(int part, int written) {
        return part == 0 || part > before.size() ? written : Math.max(written, before.get(part - 1));
    }

    /// A different number of rows would draw a different sample, and some rows would be judged twice.
    void check(String table, long accepted) {
        if (sampled() && sampleOf != 0 && accepted != sampleOf) {
            throw new JobRejectedException(new Problem(
                    ErrorCode.REGISTRY_CONFLICT,
                    table,
                    accepted + " rows that can be judged",
                    sampleOf + ", as when its sample was drawn"));
        }
    }

    boolean sampled() {
        return limits.getFirst() != Sample.EVERY_ROW;
    }

    boolean isLast(int part) {
        return part == limits.size() - 1;
    }

    /// The number of rows in one part.
    long size(int part, long accepted) {
        if (!sampled()) {
            return accepted;
        }
        long before = part == 0 ? 0 : Math.min(accepted, limits.get(part - 1));
        int limit = limits.get(part);
        return (limit == Sample.EVERY_ROW ? accepted : Math.min(accepted, limit)) - before;
    }

    /// The rows of one part.
    SampledRows rows(int part, long accepted) {
        return sampled()
                ? SampledRows.of(accepted, seed, part == 0 ? 0 : limits.get(part - 1), limits.get(part))
                : SampledRows.all();
    }
}
