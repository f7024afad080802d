package io.pairbatch.collect;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.ErrorCode;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.JobRejectedException;
import io.pairbatch.job.Problem;
import io.pairbatch.job.ProviderRetention;
import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.CollectedSegment;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentItem.Copies;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.results.JobSettings;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.step.Account;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import io.pairbatch.store.Draft;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The collect step: brings a finished segment's files from the provider, unchanged, and accounts for every row.
public final class Collecting {

    /// A file may not be readable right after the batch's end; one that is still missing after this is gone.
    private static final Duration FILE_GRACE = Duration.ofHours(1);

    private static final String EXPIRED = "expired";

    private final SegmentRegistry segments;
    private final PriceTable prices;
    private final Clock clock;

    public Collecting(SegmentRegistry segments, PriceTable prices, Clock clock) {
        this.segments = segments;
        this.prices = prices;
        this.clock = clock;
    }

    /// Collects segment `index`; does nothing when it is not waiting to be collected.
    ///
    /// @throws JobRejectedException `KEY_REFUSED`
    public void collect(OpenJob job, Account account, int index) throws IOException {
        SegmentItem segment = segments.find(job.id(), index);
        SegmentState outcome = segment.outcome();
        if (segment.state() != SegmentState.ENDED || outcome == null) {
            return;
        }
        boolean output = fetch(job, account, segment, segment.outputFileId(), JobFiles.output(index));
        boolean errors = fetch(job, account, segment, segment.errorFileId(), JobFiles.errors(index));
        Instant received = segments.received(job.id(), index);

        ResultSettings settings = JobSettings.of(job.resolved(), job.store());
        SegmentTally tally = new SegmentCollector(job.store(), settings, prices)
                .collect(
                        new EndedSegment(index, segment.attempt(), segment.batchId(), end(segment, outcome), received));
        CollectedSegment collected = new CollectedSegment(
                outcome,
                tally.observed(),
                tally.failed(),
                segment.batchId(),
                segment.providerStatus(),
                segment.submittedAt(),
                segment.endedAt(),
                received);
        Mirror.collected(job.store(), index, collected);
        Copies copies = output && errors ? copiesOf(job) : Copies.KEPT;
        segments.collected(job.id(), segment, outcome, tally.observed(), tally.failed(), copies);
    }

    private static Copies copiesOf(OpenJob job) {
        return job.resolved().spec().providerRetention() == ProviderRetention.DELETE_AFTER_COLLECT
                ? Copies.DUE
                : Copies.KEPT;
    }

    private static BatchEnd end(SegmentItem segment, SegmentState outcome) {
        String status = Objects.requireNonNullElse(segment.providerStatus(), "unknown");
        String detail = detail(segment);
        if (outcome == SegmentState.NOT_SUBMITTED) {
            return new BatchEnd.NotSubmitted(Objects.requireNonNullElse(detail, "not submitted"));
        }
        return outcome == SegmentState.COLLECTED && !status.equalsIgnoreCase(EXPIRED)
                ? new BatchEnd.Completed()
                : new BatchEnd.Broken(status, detail);
    }

    private static @Nullable String detail(SegmentItem segment) {
        if (segment.errorCode() == null) {
            return segment.errorMessage();
        }
        return segment.errorMessage() == null
                ? segment.errorCode()
                : segment.errorCode() + ": " + segment.errorMessage();
    }

    /// Returns whether all that the provider has of it lies in S3.
    private boolean fetch(OpenJob job, Account account, SegmentItem segment, @Nullable String fileId, String name)
            throws IOException {
        if (fileId == null) {
            return true;
        }
        int attempts = job.resolved().spec().openaiMaxRetries();
        for (int attempt = 1; ; attempt++) {
            try (InputStream in = account.call(at -> at.provider().download(fileId));
                    Draft draft = job.store().create(name)) {
                in.transferTo(draft);
                draft.commit();
                return true;
            } catch (RefusedException e) {
                refused(segment, name, e);
                return false;
            } catch (IOException e) {
                if (attempt >= attempts) {
                    throw new RetryableException("the download of " + name + " broke off", e);
                }
            }
        }
    }

    private void refused(SegmentItem segment, String name, RefusedException e) {
        if (e.kind() == RefusedException.Kind.KEY) {
            throw new JobRejectedException(new Problem(
                    ErrorCode.KEY_REFUSED, "the provider, downloading " + name, e.describe(), "a key that it accepts"));
        }
        Instant ended = Objects.requireNonNullElse(segment.endedAt(), Instant.EPOCH);
        if (clock.instant().isBefore(ended.plus(FILE_GRACE))) {
            throw new RetryableException("the provider does not give " + name + " yet: " + e.describe(), e);
        }
    }
}
