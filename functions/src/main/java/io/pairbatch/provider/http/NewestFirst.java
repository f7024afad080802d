package io.pairbatch.provider.http;

import io.pairbatch.problem.RetryableException;
import io.pairbatch.provider.BatchProvider.BatchVisitor;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Walks a list `{data:[…], has_more}` whose next page is asked for by the last id of the one before. What is no list,
/// or has no way on, proves nothing absent.
///
/// @param pageSize entries of a full page
/// @param page reads the page after an id; the first one for null
/// @param status reads an entry
public record NewestFirst(int pageSize, Page page, Function<JsonNode, BatchStatus> status) {

    /// A list that is out of order by more than this is read to its end.
    private static final Duration DISORDER = Duration.ofMinutes(1);

    /// Reads one page.
    @FunctionalInterface
    public interface Page {
        JsonNode after(@Nullable String id) throws RefusedException;
    }

    /// Shows the batches created since `since` to the visitor, until it has seen enough.
    public void visit(Instant since, BatchVisitor visitor) throws RefusedException {
        String after = null;
        Instant oldest = Instant.MAX;
        boolean inOrder = true;
        while (true) {
            JsonNode answer = page.after(after);
            JsonNode entries = entries(answer);
            String last = null;
            for (JsonNode node : entries) {
                BatchStatus batch = entry(node);
                inOrder &= oldest.equals(Instant.MAX) || !batch.createdAt().isAfter(oldest.plus(DISORDER));
                oldest = batch.createdAt().isBefore(oldest) ? batch.createdAt() : oldest;
                if (!batch.createdAt().isBefore(since) && !visitor.visit(batch)) {
                    return;
                }
                last = batch.id();
            }
            boolean more = answer.path("has_more").asBoolean(entries.size() >= pageSize);
            if (!more || (inOrder && oldest.isBefore(since))) {
                return;
            }
            if (last == null || last.equals(after)) {
                throw new RetryableException("the provider's list gives the same page again", null);
            }
            after = last;
        }
    }

    private static JsonNode entries(JsonNode answer) {
        if (!answer.path("data").isArray()) {
            throw new RetryableException("the provider's list of batches is none", null);
        }
        return answer.path("data");
    }

    private BatchStatus entry(JsonNode node) {
        BatchStatus batch = status.apply(node);
        if (batch.id().isEmpty() || batch.createdAt().equals(Instant.EPOCH)) {
            throw new RetryableException("the provider's list has a batch without an id or a time", null);
        }
        return batch;
    }
}
