package io.pairbatch.cli.job;

import io.pairbatch.provider.Provider;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.SegmentRecord;
import io.pairbatch.registry.SegmentState;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Whether a segment waits for room that it can never get: the provider has said how many tokens it takes at once, and
/// the segment alone has more. As the number of its tokens is an estimate, nothing is said while a batch of the job is
/// running, nor when one as large has been let in.
final class TooLarge {

    /// As in the estimate of the cost.
    private static final long BYTES_PER_TOKEN = 4;

    private static final MathContext TWO_DIGITS = new MathContext(2, RoundingMode.DOWN);

    private final JobRecord job;
    private final Provider provider;
    private OptionalLong limit = OptionalLong.empty();
    private boolean running;
    private long letIn;
    private @Nullable SegmentRecord largest;
    private double bytesPerPair;

    TooLarge(JobRecord job, Provider provider) {
        this.job = job;
        this.provider = provider;
    }

    void add(SegmentRecord segment) {
        SegmentState state = segment.state();
        if (state == null) {
            return;
        }
        switch (state) {
            case PENDING, SUBMITTING, IN_DOUBT -> waiting(segment);
            case SUBMITTED -> {
                // The provider counts the requests of what it has let in.
                running |= segment.requestsTotal() > 0;
                waiting(segment);
            }
            case ENDED, COLLECTED -> letIn = Math.max(letIn, segment.inputBytes());
            default -> {}
        }
    }

    private void waiting(SegmentRecord segment) {
        if (largest == null || segment.inputBytes() > largest.inputBytes()) {
            largest = segment;
        }
        bytesPerPair = Math.max(bytesPerPair, (double) segment.inputBytes() / Math.max(1, segment.rows()));
        String says = segment.providerSays();
        OptionalLong said = says == null ? OptionalLong.empty() : provider.queueLimit(says);
        limit = said.isPresent() ? said : limit;
    }

    /// What to tell of it, with the largest batch that fits.
    Optional<String> sentence() {
        SegmentRecord segment = largest;
        if (segment == null || limit.isEmpty() || running || letIn >= segment.inputBytes()) {
            return Optional.empty();
        }
        long tokens = segment.inputBytes() / BYTES_PER_TOKEN;
        long room = limit.getAsLong();
        if (tokens <= room) {
            return Optional.empty();
        }
        long fits = BigDecimal.valueOf((long) (room * BYTES_PER_TOKEN / bytesPerPair))
                .round(TWO_DIGITS)
                .longValueExact();
        return Optional.of(String.format(
                Locale.ROOT,
                "Segment %d can never be sent as it is: its %,d pairs have about %,d tokens, and %s takes %,d at once."
                        + " %s.",
                segment.index(),
                segment.rows(),
                tokens,
                Objects.requireNonNullElse(job.backend(), "the provider"),
                room,
                fits == 0 ? "Not even one pair fits: have the provider raise the limit" : remedy(fits)));
    }

    /// What a segment holds does not change once its batch was asked for, so another job is needed.
    private String remedy(long fits) {
        return String.format(Locale.ROOT, "Largest batch that fits: about %,d pairs. Set `batch_size` to ", fits)
                + fits + " in a new job (./pairbatch delete " + job.jobId()
                + " --cancel, then run FILE --set batch_size="
                + fits + "), or have the provider raise the limit";
    }
}
