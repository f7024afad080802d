package io.pairbatch.results;

import io.pairbatch.job.JobFiles;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.SampleReader;
import io.pairbatch.samples.Samples;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.JsonLine;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// The texts of the samples that a job's design compares, which stand once in its `samples.jsonl`. They are read when
/// the
/// first of them is asked for, into a temporary file; IDs are in memory.
public final class PairTexts implements Closeable {

    private final JobStore store;
    private @Nullable Samples samples;

    public PairTexts(JobStore store) {
        this.store = store;
    }

    /// Writes IDs and texts as JSONL: a table of samples. The same samples give the same bytes. Holds one text.
    public static void write(Samples samples, OutputStream out) throws IOException {
        JsonLine line = new JsonLine(Integer.MAX_VALUE);
        for (int i = 0; i < samples.list().size(); i++) {
            line.reset();
            line.raw("{\"ID\":").string(samples.list().id(i)).raw(",\"text\":");
            line.string(samples.text(i)).raw("}\n");
            line.writeTo(out);
        }
    }

    /// The text of a sample.
    String of(String id) throws IOException {
        Samples read = samples == null ? read() : samples;
        samples = read;
        int number = read.list()
                .find(id)
                .orElseThrow(() -> new IllegalStateException(JobFiles.SAMPLES + " lacks a sample of a pair"));
        return read.text(number);
    }

    private Samples read() throws IOException {
        InputFile file = new InputFile(
                JobFiles.SAMPLES,
                store.size(JobFiles.SAMPLES),
                offset -> store.open(JobFiles.SAMPLES, offset)
                        .orElseThrow(() -> new FileNotFoundException(JobFiles.SAMPLES)));
        Samples read = new Samples(Samples.Limits.NONE);
        try {
            read.addTable(() -> SampleReader.ofStored(file), JobFiles.SAMPLES, sample -> {});
            return read;
        } catch (IOException | RuntimeException e) {
            read.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (samples != null) {
            samples.close();
        }
    }
}
