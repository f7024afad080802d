package io.pairbatch.cli.job;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/// The items of a query, fetched page by page as they are asked for.
final class PagedItems implements Iterator<Map<String, AttributeValue>> {

    /// Runs one query.
    @FunctionalInterface
    interface Pages {
        QueryResponse page(QueryRequest request);
    }

    private final Pages pages;
    private @Nullable QueryRequest next;
    private Iterator<Map<String, AttributeValue>> page = java.util.Collections.emptyIterator();

    PagedItems(QueryRequest first, Pages pages) {
        this.next = first;
        this.pages = pages;
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && next != null) {
            QueryRequest request = next;
            QueryResponse response = pages.page(request);
            page = response.items().iterator();
            next = response.hasLastEvaluatedKey()
                            && !response.lastEvaluatedKey().isEmpty()
                    ? request.toBuilder()
                            .exclusiveStartKey(response.lastEvaluatedKey())
                            .build()
                    : null;
        }
        return page.hasNext();
    }

    @Override
    public Map<String, AttributeValue> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.next();
    }
}
