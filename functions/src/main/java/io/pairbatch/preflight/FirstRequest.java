package io.pairbatch.preflight;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.LiveRequest;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.results.PairFile;
import io.pairbatch.store.JobStore;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;

/// The first request of a job's first batch, and the pair behind it without its texts.
record FirstRequest(LiveRequest request, Pair pair) {

    /// Reads what the split has written; buffers up to three times the provider's largest request (32 MiB).
    static FirstRequest read(ResolvedJob job, JobStore store, ProviderFormat format) throws IOException {
        ByteBuffer line = line(store, format.limits().requestBytes());
        String endpoint = format.requests(job.spec(), job.token()).endpoint();
        return new FirstRequest(new LiveRequest(job.spec().model(), endpoint, line), pair(store));
    }

    private static ByteBuffer line(JobStore store, int longest) throws IOException {
        String name = JobFiles.input(1);
        try (InputStream in =
                new BufferedInputStream(store.open(name).orElseThrow(() -> new IOException(name + " is gone")))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                line.write(b);
                if (line.size() > longest) {
                    throw new IllegalStateException(name + ", line 1 is longer than the split can have written");
                }
            }
            return ByteBuffer.wrap(line.toByteArray());
        }
    }

    private static Pair pair(JobStore store) throws IOException {
        try (PairFile pairs = PairFile.open(store, JobFiles.pairs(1), null)) {
            Pair pair = pairs.next();
            if (pair == null) {
                throw new IOException(JobFiles.pairs(1) + " has no pair");
            }
            return new Pair(pair.row(), pair.id1(), pair.id2(), "", "", new LinkedHashMap<>());
        }
    }
}
