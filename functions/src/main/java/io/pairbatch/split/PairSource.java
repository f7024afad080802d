package io.pairbatch.split;

import io.pairbatch.pairing.Repetition;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.pairs.PairRows;
import io.pairbatch.pairs.Position;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
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
        InputFile table = input.withColumns(spec.batching().columns());
        return spec.batching().pairing().isPresent()
                ? DesignedPairs.read(spec, table)
                : new Table(table, spec.batching().repetition());
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
    ///
    /// @param repetition of each pair
    record Table(InputFile input, Repetition repetition) implements PairSource {

        @Override
        public PairRows open(Position position) throws IOException {
            PairReader pairs = PairReader.open(input, position);
            if (repetition.isAny() && pairs.isOfFailedPairs()) {
                pairs.close();
                throw new JobRejectedException(new Problem(
                        ErrorCode.INPUT_COLUMNS,
                        input.name(),
                        "the columns of failed_pairs.csv, each row of which is one comparison already",
                        "a job without `both_orders` and `repeats`, which would make more of each row"));
            }
            return pairs;
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
