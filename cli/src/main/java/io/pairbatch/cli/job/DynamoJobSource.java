package io.pairbatch.cli.job;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Provider;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.CostForecast;
import io.pairbatch.registry.JobIndex;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// The registry in DynamoDB. Holds one page of items (1 MB) at a time, however many segments a job has.
public final class DynamoJobSource implements JobSource {

    private static final int TROUBLES = 5;

    private final JobIndex index;

    public DynamoJobSource(DynamoDbClient dynamo, String table) {
        this.index = new JobIndex(dynamo, table);
    }

    @Override
    public Optional<JobSnapshot> read(String jobId) {
        return reading(() -> index.find(jobId).map(this::snapshot));
    }

    private JobSnapshot snapshot(JobRecord job) {
        return job.judges().isEmpty() ? ofOne(job) : panel(job);
    }

    /// A job of several judges is what their jobs are.
    private JobSnapshot panel(JobRecord panel) {
        List<String> names = panel.judges();
        List<String> ids = panel.judgeJobs();
        PanelView view = new PanelView(job(panel), panel.dueLook());
        if (panel.notice() != null) {
            view.notice(panel.notice());
        }
        for (int i = 0; i < ids.size(); i++) {
            String judge = names.get(i);
            Optional<JobRecord> own = index.find(ids.get(i));
            // One that judges the same stands for it.
            Optional<JobRecord> judging =
                    own.map(JobRecord::sameAs).flatMap(index::find).or(() -> own);
            judging.ifPresent(job -> view.add(judge, ofOne(job), job.table().sentences()));
        }
        return view.snapshot();
    }

    private JobSnapshot ofOne(JobRecord job) {
        Segments segments = new Segments(job);
        index.eachSegment(job.jobId(), segments::add);
        List<String> notices = new ArrayList<>();
        if (job.state() == JobState.RUNNING) {
            segments.tooLarge.sentence().ifPresent(notices::add);
        }
        job.reviving().ifPresent(notices::add);
        if (job.strays().count() > 0) {
            notices.add(job.strays().describe());
        }
        if (job.notice() != null) {
            notices.add(job.notice());
        }
        notices.addAll(job.table().sentences());
        if (job.state() == JobState.DONE) {
            job.costs().lacks(job.jobId()).ifPresent(notices::add);
        }
        return new JobSnapshot(
                job(job),
                segments.totals,
                segments.troubles,
                segments.waiting.waits(
                        job.dueLook(),
                        job.waits()
                                .or(() -> job.state() == JobState.RUNNING
                                        ? job.costs().waits()
                                        : Optional.empty())),
                notices,
                segments.lines,
                segments.forecast);
    }

    /// The segments, summed up.
    private static final class Segments {

        private SegmentTotals totals = SegmentTotals.NONE;
        private CostForecast forecast = CostForecast.NONE;
        private final Waiting waiting;
        private final TooLarge tooLarge;
        private final List<String> troubles = new ArrayList<>();
        private final List<SegmentLine> lines = new ArrayList<>();
        private final JobRecord job;

        private Segments(JobRecord job) {
            this.job = job;
            String backend = job.backend();
            Provider provider = Providers.of(backend == null ? Backend.DEFAULT : Backend.of(backend));
            this.waiting = new Waiting(provider.window());
            this.tooLarge = new TooLarge(job, provider);
        }

        private void add(SegmentRecord segment) {
            if (job.tags().verbose()) {
                SegmentLine.of(job, segment).ifPresent(lines::add);
            }
            totals = totals.plus(segment);
            forecast = forecast.plus(segment);
            waiting.add(segment);
            tooLarge.add(segment);
            String says = segment.providerSays();
            if (says != null && !segment.done() && troubles.size() < TROUBLES) {
                troubles.add("segment " + segment.index() + ": " + says);
            }
        }
    }

    @Override
    public void visitNewestFirst(Predicate<Job> visitor) {
        Iterator<JobRecord> jobs = reading(index::newestFirst);
        while (reading(jobs::hasNext) && visitor.test(job(reading(jobs::next)))) {}
    }

    private static <T> T reading(Supplier<T> call) {
        return AwsErrors.explaining("reading the registry", call);
    }

    private static Job job(JobRecord job) {
        return new Job(
                job.jobId(),
                job.state(),
                job.createdAt(),
                // That it was revived is a sign of life too.
                Objects.toString(job.reviving().isPresent() ? job.revivedAt() : job.updatedAt(), null),
                job.finishedAt(),
                job.sourceKey(),
                job.sourceVersion(),
                job.backend(),
                job.model(),
                job.rowsRead(),
                job.rowsAccepted(),
                job.rowsRejected(),
                job.perRow(),
                job.segments(),
                job.splitDone(),
                orZero(job.observed()),
                orZero(job.failed()),
                job.unjudged(),
                job.errorCode(),
                job.errorMessage(),
                job.preflightSays(),
                job.sameAs(),
                job.awaitsDeletion(),
                job.tags(),
                job.simulated(),
                job.costs(),
                job.cancelled(),
                job.judges(),
                job.panel(),
                job.judge());
    }

    private static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }
}
