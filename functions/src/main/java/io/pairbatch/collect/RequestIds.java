package io.pairbatch.collect;

import io.pairbatch.job.WireId;
import io.pairbatch.results.EndedSegment;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.SentIds;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// By which ids a segment's requests were sent: our own, or those of whoever has made its batch.
final class RequestIds {

    private final String job;
    private final int attempt;
    private final @Nullable SentIds others;

    private RequestIds(String job, int attempt, @Nullable SentIds others) {
        this.job = job;
        this.attempt = attempt;
        this.others = others;
    }

    /// Those of a segment; a later attempt at its pairs is always our own.
    static RequestIds of(JobStore store, ResultSettings settings, EndedSegment segment) throws IOException {
        boolean adopted = settings.isOthers(segment.attempt());
        return new RequestIds(settings.job(), segment.attempt(), adopted ? SentIds.read(store, segment.index()) : null);
    }

    /// Whether they are ours: then they are unique in the whole job.
    boolean areOurs() {
        return others == null;
    }

    /// The row of the pair that was sent with this id; 0 if it is of no pair that the segment can have.
    long row(String id) {
        if (others != null) {
            return others.row(id);
        }
        return WireId.of(job, id)
                .filter(wire -> wire.attempt() == attempt)
                .map(WireId::comparison)
                .orElse(0L);
    }
}
