package io.pairbatch.split;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.RetryableException;
import io.pairbatch.job.Segment;
import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.results.PairFile;
import io.pairbatch.results.PairTexts;
import io.pairbatch.results.RetryList;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.OpenJob;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.JsonLine;
import io.pairbatch.store.Lanes;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The segments that send rows again. What one of them sends is written down once, in its [RetryList], before anything
/// else of it is; its files follow from that list and from the pairs of the segments before it, byte for byte. So a
/// call that was given up, and another that does its work, never send the same row twice, and a lost registry gets the
/// same segments again.
public final class RetryRounds {

    private final JobOpener jobs;
    private final JobRegistry registry;
    private final SegmentRegistry segments;
    private final Lanes lanes;

    /// @param lanes how many files are read side by side
    public RetryRounds(JobOpener jobs, JobRegistry registry, SegmentRegistry segments, Lanes lanes) {
        this.jobs = jobs;
        this.registry = registry;
        this.segments = segments;
        this.lanes = lanes;
    }

    /// Registers the segments that have a list, and are not registered.
    public void restore(OpenJob job) throws IOException, FencedException {
        List<SegmentItem> all = segments.all(job.id());
        NavigableSet<Integer> lost = new TreeSet<>();
        RetryList.each(job.store(), lost::add);
        all.forEach(segment -> lost.remove(segment.index()));
        int last = all.isEmpty() ? 0 : all.getLast().index();
        for (int segment : lost) {
            Optional<RetryList> list = RetryList.read(job.store(), segment);
            if (list.isPresent()) {
                register(job, list.get());
                last = Math.max(last, segment);
            }
        }
        // A call may have died between a segment and the count.
        if (last > job.item().segments()) {
            registry.recordSegments(job.fence(), last);
        }
    }

    /// Registers the next segment, which sends rows again.
    ///
    /// @param list as it is written down
    void add(OpenJob job, RetryList list) throws IOException, FencedException {
        register(job, list);
        registry.recordSegments(job.fence(), list.segment());
    }

    private void register(OpenJob job, RetryList list) throws IOException {
        JobSpec spec = job.resolved().spec();
        Segment segment = write(job, list);
        if (!segments.register(job.id(), segment, spec.backend().code(), spec.model())) {
            throw new RetryableException("segment " + segment.index() + " was registered with other requests", null);
        }
    }

    private Segment write(OpenJob job, RetryList list) throws IOException {
        ProviderFormat format = jobs.format(job);
        RequestWriter requests =
                format.requests(job.resolved().spec(), job.resolved().token());
        JsonLine request = new JsonLine(maxBytes(format.limits()));
        try (PairTexts texts = new PairTexts(job.store());
                SegmentWriter writer = new SegmentWriter(job.store(), list.segment(), list.attempt())) {
            lanes.each(
                    list.rows().entrySet(),
                    from -> new Source(from.getValue(), PairFile.fetch(job.store(), JobFiles.pairs(from.getKey()))),
                    source -> copy(job.store(), source, texts, pair -> {
                        requests.write(request, pair, list.attempt());
                        writer.add(pair, request, new byte[RowPrint.BYTES]);
                    }));
            return writer.commit();
        }
    }

    static int maxBytes(BatchLimits limits) {
        return (int) Math.min(limits.requestBytes(), limits.bytes());
    }

    /// Receives a pair.
    @FunctionalInterface
    interface Each {

        void pair(Pair pair) throws IOException;
    }

    private record Source(List<Long> rows, PairFile.Fetched pairs) {}

    private static void copy(JobStore store, Source source, PairTexts texts, Each each) throws IOException {
        Set<Long> rows = new HashSet<>(source.rows());
        try (PairFile pairs = PairFile.open(store, source.pairs(), texts)) {
            for (Pair pair = pairs.next(); pair != null; pair = pairs.next()) {
                if (rows.contains(pair.row())) {
                    each.pair(pair);
                }
            }
        }
    }
}
