package io.pairbatch.cli.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A registry that plays a script: each question for a job takes the next entry, and the last one stays.
public final class MemoryJobSource implements JobSource {

    private final Deque<Supplier<Optional<JobSnapshot>>> script = new ArrayDeque<>();
    private final List<Job> listed = new ArrayList<>();
    private int questions;

    /// The job's next state. The job is listed from now on.
    public MemoryJobSource then(JobSnapshot snapshot) {
        script.add(() -> Optional.of(snapshot));
        return this;
    }

    /// The registry does not know the job.
    public MemoryJobSource thenNothing() {
        script.add(Optional::empty);
        return this;
    }

    /// The next question fails.
    public MemoryJobSource thenThrow(RuntimeException failure) {
        script.add(() -> {
            throw failure;
        });
        return this;
    }

    /// Puts a job at the top of the list.
    public MemoryJobSource list(Job job) {
        listed.addFirst(job);
        return this;
    }

    /// Takes all jobs off the list.
    public void clear() {
        listed.clear();
    }

    public int questions() {
        return questions;
    }

    @Override
    public Optional<JobSnapshot> read(String jobId) {
        questions++;
        @Nullable Supplier<Optional<JobSnapshot>> next = script.size() > 1 ? script.poll() : script.peek();
        return next == null
                ? Optional.empty()
                : next.get().filter(s -> s.job().id().equals(jobId));
    }

    @Override
    public void visitNewestFirst(Predicate<Job> visitor) {
        for (Job job : listed) {
            if (!visitor.test(job)) {
                return;
            }
        }
    }
}
