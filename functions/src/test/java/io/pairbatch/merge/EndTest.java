package io.pairbatch.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.store.FolderStore;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndTest {

    private static final End FIRST =
            new End(Instant.parse("2026-11-22T17:00:00.123Z"), List.of("a notice"), "openai", "http://127.0.0.1:1/v1");
    private static final End LATER =
            new End(Instant.parse("2026-11-23T09:00:00Z"), List.of(), "azure", "http://127.0.0.1:2/v1");

    @TempDir
    private Path folder;

    @Test
    void theSameOutcomeEndedWhenItFirstEnded() throws IOException {
        JobStore store = new FolderStore(folder);
        assertThat(End.of(store, "judged", FIRST)).isEqualTo(FIRST);
        assertThat(End.of(store, "judged", LATER)).isEqualTo(FIRST);
    }

    @Test
    void anotherOutcomeEndsAnew() throws IOException {
        JobStore store = new FolderStore(folder);
        End.of(store, "judged", FIRST);
        assertThat(End.of(store, "judged more", LATER)).isEqualTo(LATER);
        assertThat(End.of(store, "judged", FIRST)).isEqualTo(FIRST);
    }

    @Test
    void whatIsNotKnownStaysSo() throws IOException {
        JobStore store = new FolderStore(folder);
        End unknown = new End(FIRST.at(), List.of(), null, null);
        End.of(store, "judged", unknown);
        assertThat(End.of(store, "judged", LATER)).isEqualTo(unknown);
    }
}
