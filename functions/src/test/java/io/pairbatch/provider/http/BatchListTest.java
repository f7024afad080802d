package io.pairbatch.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider.BatchVisitor;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A list is read as far as what is looked for may stand, and no further.
class BatchListTest {

    private final List<JsonNode> pages = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();

    @Test
    void everyPageIsAskedForByTheLastIdBeforeIt() throws Exception {
        page(true, "e@500", "d@400");
        page(true, "c@300", "b@200");
        page(false, "a@100");
        visit(0);
        assertThat(asked).containsExactly("", "d", "b");
        assertThat(seen).containsExactly("e", "d", "c", "b", "a");
    }

    @Test
    void aBatchOfTheVerySecondIsShownAndOlderOnesEndTheList() throws Exception {
        page(true, "c@300", "b@200");
        page(true, "a@199", "z@100");
        page(true, "y@50");
        visit(200);
        assertThat(seen).containsExactly("c", "b");
        assertThat(asked)
                .as("the second page alone shows that nothing more comes")
                .hasSize(2);
    }

    @Test
    void aListOutOfOrderIsReadToItsEnd() throws Exception {
        page(true, "old@100", "new@300");
        page(true, "older@50", "older still@40");
        page(false, "newer@400");
        visit(200);
        assertThat(seen).containsExactly("new", "newer");
        assertThat(asked).hasSize(3);
    }

    @Test
    void aMinuteOfDisorderIsNone() throws Exception {
        page(true, "a@240", "b@300");
        page(true, "c@100");
        page(false, "d@400");
        visit(200);
        assertThat(seen).containsExactly("a", "b");
        assertThat(asked).hasSize(2);

        pages.clear();
        page(true, "a@240", "b@301");
        page(true, "c@100");
        page(false, "d@400");
        seen.clear();
        visit(200);
        assertThat(seen).containsExactly("a", "b", "d");
    }

    @Test
    void disorderIsMeasuredFromTheOldestSoFar() throws Exception {
        page(true, "a@240", "b@290", "c@301");
        page(true, "d@100");
        page(false, "e@400");
        visit(200);
        assertThat(seen).containsExactly("a", "b", "c", "e");
    }

    @Test
    void aVisitorThatHasSeenEnoughIsShownNoMore() throws Exception {
        page(true, "b@200", "a@100");
        page(false, "z@50");
        BatchList.read(this::read, true, Instant.EPOCH, batch -> {
            seen.add(batch.id());
            return false;
        });
        assertThat(seen).containsExactly("b");
        assertThat(asked).hasSize(1);
    }

    @Test
    void aListWithoutAnOrderIsReadToItsEnd() throws Exception {
        page(true, "c@300", "b@100");
        page(true, "a@50");
        page(false, "z@400");
        BatchList.read(this::read, false, Instant.ofEpochSecond(200), batch -> seen.add(batch.id()));
        assertThat(seen).containsExactly("c", "z");
    }

    @Test
    void theSamePageAgainIsAnOutage() {
        page(true, "b@200", "a@100");
        page(true, "b@200", "a@100");
        page(true, "b@200", "a@100");
        assertThatThrownBy(() -> visit(0))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("same page");
        assertThat(asked).hasSize(2);
    }

    @Test
    void aPageThatLeadsBackIsAnOutage() {
        page(true, "c@300", "b@200");
        page(true, "a@100");
        page(true, "z@50", "b@200");
        assertThatThrownBy(() -> visit(0))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("same page");
        assertThat(asked).containsExactly("", "b", "a");
    }

    @Test
    void anEmptyPageThatPromisesMoreIsAnOutage() {
        page(true);
        assertThatThrownBy(() -> visit(0)).isInstanceOf(RetryableException.class);
    }

    @Test
    void whatIsNoListOrHasNoIdOrTimeIsAnOutage() {
        pages.add(ProviderHttp.JSON.createObjectNode().put("has_more", false));
        assertThatThrownBy(() -> visit(0))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("is none");
        for (String nameless : List.of("@100", "a@0")) {
            pages.clear();
            asked.clear();
            page(false, nameless);
            assertThatThrownBy(() -> visit(0))
                    .isInstanceOf(RetryableException.class)
                    .hasMessageContaining("without an id or a time");
        }
        assertThat(seen).isEmpty();
    }

    private void visit(long since) throws RefusedException {
        asked.clear();
        BatchList.read(this::read, true, Instant.ofEpochSecond(since), batch -> seen.add(batch.id()));
    }

    private @Nullable String read(String after, BatchVisitor visitor) {
        asked.add(after);
        JsonNode page = pages.get(asked.size() - 1);
        String last = BatchList.show(page.path("data"), BatchListTest::status, visitor);
        return page.path("has_more").booleanValue() ? last : null;
    }

    /// @param batches `id@seconds`
    private void page(boolean more, String... batches) {
        ObjectNode page = ProviderHttp.JSON.createObjectNode().put("has_more", more);
        ArrayNode data = page.putArray("data");
        for (String batch : batches) {
            data.add(batch);
        }
        pages.add(page);
    }

    private static BatchStatus status(JsonNode node) {
        String[] parts = node.asString("").split("@", 2);
        return new BatchStatus(
                parts[0],
                BatchState.RUNNING,
                "x",
                0,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                Instant.ofEpochSecond(Long.parseLong(parts[1])),
                Map.of());
    }
}
