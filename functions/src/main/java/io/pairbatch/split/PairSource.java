package io.pairbatch.split;

import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.pairs.PairRows;
import io.pairbatch.pairs.Position;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.store.JobStore;
import java.io.Closeable;
import java.io.IOException;

/// Where a job's pairs come from: they stand in its table, or are made of the samples that stand there. A position is
/// one in these pairs, and row numbers are theirs.
public interface PairSource extends Closeable {

    /// That of a job.
    ///
    /// @throws io.pairbatch.problem.JobRejectedException if its samples cannot be compared as it says
    static PairSource of(JobSpec spec, InputFile input) throws IOException {
        return spec.batching().pairing().isPresent() ? DesignedPairs.read(spec, input) : new Table(input);
    }

    /// The pairs from a position on.
    PairRows open(Position position) throws IOException;

    /// What is known of the table before its first pair.
    TableReport report();

    /// Whether each pair is looked at for what contradicts or repeats an earlier one.
    boolean isChecked();

    /// Writes down what was made of the table.
    void describe(JobStore store) throws IOException;

    /// A table of pairs.
    record Table(InputFile input) implements PairSource {

        @Override
        public PairRows open(Position position) throws IOException {
            return PairReader.open(input, position);
        }

        @Override
        public TableReport report() {
            return TableReport.NONE;
        }

        @Override
        public boolean isChecked() {
            return true;
        }

        @Override
        public void describe(JobStore store) {
            // Its rows tell all there is.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
