package io.pairbatch.provider.http;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider.BatchVisitor;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a provider's list of batches page by page. What is not a list, or does not lead on, proves nothing absent.
public final class BatchList {

    /// A list that is out of order by more than this is read to its end.
    private static final Duration DISORDER = Duration.ofMinutes(1);

    /// Reads one page.
    @FunctionalInterface
    public interface Page {

        /// Shows the page's batches to `visitor`, one after the other, until it has seen enough.
        ///
        /// @param cursor empty for the first page
        /// @return the cursor of the next page; null after the last one
        @Nullable
        String read(String cursor, BatchVisitor visitor) throws RefusedException;
    }

    private final Instant since;
    private final BatchVisitor visitor;
    private boolean enough;
    private boolean inOrder = true;
    private Instant oldest = Instant.MAX.minus(DISORDER);
    private String firstBefore = "";
    private @Nullable BatchStatus last;

    private BatchList(Instant since, BatchVisitor visitor) {
        this.since = since;
        this.visitor = visitor;
    }

    /// Shows the batches created since `since` to `visitor`, until it has seen enough. One of unknown age is shown too.
    ///
    /// @param newestFirst whether the pages behind an older batch are left unread
    public static void read(Page page, boolean newestFirst, Instant since, BatchVisitor visitor)
            throws RefusedException {
        BatchList list = new BatchList(since, visitor);
        Set<String> cursors = new HashSet<>();
        String cursor = "";
        while (cursor != null && !list.enough && !(newestFirst && list.isPast())) {
            if (!cursors.add(cursor)) {
                throw samePage();
            }
            list.last = null;
            cursor = page.read(cursor, list::show);
        }
    }

    private boolean show(BatchStatus batch) {
        if (last == null) {
            if (batch.id().equals(firstBefore)) {
                throw samePage();
            }
            firstBefore = batch.id();
        }
        last = batch;
        Instant created = batch.createdAt();
        inOrder &= !created.isAfter(oldest.plus(DISORDER));
        oldest = created.isBefore(oldest) ? created : oldest;
        boolean older = created.isBefore(since) && !created.equals(Instant.EPOCH);
        enough = !older && !visitor.visit(batch);
        return !enough;
    }

    /// Whether everything behind this page is older.
    private boolean isPast() {
        return last != null && inOrder && last.createdAt().isBefore(since);
    }

    private static RetryableException samePage() {
        return new RetryableException("the provider's list gives the same page again", null);
    }

    /// Shows the batches of a page that has been read whole.
    ///
    /// @param batches the page's array
    /// @param status reads one of them
    /// @return the last one's id; empty when there is none
    public static String show(JsonNode batches, Function<JsonNode, BatchStatus> status, BatchVisitor visitor) {
        if (!batches.isArray()) {
            throw new RetryableException("the provider's list of batches is none", null);
        }
        String last = "";
        for (JsonNode node : batches) {
            BatchStatus batch = status.apply(node);
            if (batch.id().isEmpty() || batch.createdAt().equals(Instant.EPOCH)) {
                throw new RetryableException("the provider's list has a batch without an id or a time", null);
            }
            last = batch.id();
            if (!visitor.visit(batch)) {
                break;
            }
        }
        return last;
    }
}
