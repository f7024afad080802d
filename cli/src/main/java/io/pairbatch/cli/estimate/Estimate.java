package io.pairbatch.cli.estimate;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.provider.Answer;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.split.SplitTotals;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a job will send.
///
/// @param endpoint the path that each request names; empty where requests name none
/// @param totals of the whole table
/// @param judged pairs that are sent: fewer than were accepted where the job has a `limit`
/// @param segments batches that they are sent in
/// @param promptBytes of the prompts that are sent; extrapolated where the job has a `limit`
/// @param tokens of these prompts, estimated
/// @param content SHA-256 of the accepted rows
/// @param prints what the pairs that are sent are known by, segment by segment; empty for a table of more than a
/// million
/// @param price null when the price table does not know the model
public record Estimate(
        JobSpec spec,
        String endpoint,
        SplitTotals totals,
        long judged,
        long segments,
        long promptBytes,
        long tokens,
        String content,
        List<byte[]> prints,
        @Nullable Price price) {

    /// What the tokens cost in a batch, in USD.
    ///
    /// @param input of all prompts, estimated
    /// @param outputPerMillion price of a million tokens of answers and reasoning, whose number is not known in advance
    /// @param date of the price table
    public record Price(BigDecimal input, BigDecimal outputPerMillion, LocalDate date) {

        static @Nullable Price of(String model, long tokens) {
            PriceTable table = PriceTable.bundled();
            BigDecimal thousandIn = table.batchCost(model, answer(1_000, 0));
            BigDecimal thousandOut = table.batchCost(model, answer(0, 1_000));
            return thousandIn == null || thousandOut == null
                    ? null
                    : new Price(
                            thousandIn.multiply(BigDecimal.valueOf(tokens)).movePointLeft(3),
                            thousandOut.movePointRight(3),
                            table.date());
        }

        private static Answer answer(long prompt, long completion) {
            Answer.Tokens tokens = new Answer.Tokens(prompt, completion, prompt + completion, null, null, null);
            return new Answer(null, null, null, null, null, null, null, null, null, tokens, null, null, null);
        }
    }
}
